// Things found again by their ids, and mutations and a subscription that change what is in Relay's store.
import { graphql } from 'relay-runtime';

export const offer = graphql`
  fragment thingsOffer on Offer @refetchable(queryName: "thingsOfferAgain") {
    name
    status
    stocks {
      id
      priceCents
      remaining
      isBookable
    }
  }
`;

export const byId = graphql`
  query thingsByIdQuery($id: ID!) {
    node(id: $id) {
      __typename
      id
      ...thingsOffer @alias(as: "offer")
      ... on Booking {
        bookingStatus: status
        offerName
      }
    }
  }
`;

export const byIds = graphql`
  query thingsByIdsQuery($ids: [ID!]!) {
    nodes(ids: $ids) {
      id
      ...thingsOffer @alias(as: "offer")
    }
  }
`;

export const bookOffer = graphql`
  mutation thingsBookOfferMutation($input: BookOfferInput!, $key: UUID!, $connections: [ID!]!) {
    bookOffer(input: $input, idempotencyKey: $key) {
      __typename
      ... on OfferBooked {
        booking @prependNode(connections: $connections, edgeTypeName: "BookingEdge") {
          id
          status
          contremarque
        }
        wallet {
          id
          remainingCents
        }
      }
      ... on Refusal {
        code
        message
      }
      ... on InsufficientCredit {
        missingCents
      }
    }
  }
`;

export const cancelBooking = graphql`
  mutation thingsCancelBookingMutation($bookingId: ID!, $key: UUID!) {
    cancelBooking(bookingId: $bookingId, idempotencyKey: $key) {
      ... on BookingCancelled {
        booking {
          id
          status
        }
        wallet {
          id
          remainingCents
        }
      }
      ... on Refusal {
        code
        message
      }
    }
  }
`;

export const bookingChanged = graphql`
  subscription thingsBookingChangedSubscription($after: String) {
    bookingChanged(after: $after) {
      cursor
      booking {
        id
        status
      }
    }
  }
`;
