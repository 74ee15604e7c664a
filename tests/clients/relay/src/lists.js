// Every list of the API as Relay pages through it: a fragment with @connection that is asked for again from either
// end with @refetchable. Where a list belongs to a thing, Relay finds the thing again by `node(id:)`.
import { graphql } from 'relay-runtime';

export const structures = graphql`
  fragment listsStructures on Query
  @refetchable(queryName: "listsStructuresPage")
  @argumentDefinitions(
    first: { type: "Int" }
    after: { type: "String" }
    last: { type: "Int" }
    before: { type: "String" }
  ) {
    structures(first: $first, after: $after, last: $last, before: $before) @connection(key: "lists_structures") {
      edges {
        node {
          id
          name
          status
        }
      }
    }
  }
`;

export const mySessions = graphql`
  fragment listsMySessions on Query
  @refetchable(queryName: "listsMySessionsPage")
  @argumentDefinitions(
    first: { type: "Int" }
    after: { type: "String" }
    last: { type: "Int" }
    before: { type: "String" }
  ) {
    mySessions(first: $first, after: $after, last: $last, before: $before) @connection(key: "lists_mySessions") {
      edges {
        node {
          id
          isCurrent
        }
      }
    }
  }
`;

export const pendingIdentityChecks = graphql`
  fragment listsPendingIdentityChecks on Query
  @refetchable(queryName: "listsPendingIdentityChecksPage")
  @argumentDefinitions(
    first: { type: "Int" }
    after: { type: "String" }
    last: { type: "Int" }
    before: { type: "String" }
  ) {
    pendingIdentityChecks(first: $first, after: $after, last: $last, before: $before)
      @connection(key: "lists_pendingIdentityChecks") {
      edges {
        node {
          id
          submittedAt
        }
      }
    }
  }
`;

export const offers = graphql`
  fragment listsOffers on Query
  @refetchable(queryName: "listsOffersPage")
  @argumentDefinitions(
    structureId: { type: "ID!" }
    first: { type: "Int" }
    after: { type: "String" }
    last: { type: "Int" }
    before: { type: "String" }
  ) {
    offers(structureId: $structureId, first: $first, after: $after, last: $last, before: $before)
      @connection(key: "lists_offers") {
      edges {
        node {
          id
          name
          status
        }
      }
    }
  }
`;

export const searchOffers = graphql`
  fragment listsSearchOffers on Query
  @refetchable(queryName: "listsSearchOffersPage")
  @argumentDefinitions(
    query: { type: "String!" }
    sort: { type: "SearchSort!" }
    first: { type: "Int" }
    after: { type: "String" }
    last: { type: "Int" }
    before: { type: "String" }
  ) {
    searchOffers(query: $query, sort: $sort, first: $first, after: $after, last: $last, before: $before)
      @connection(key: "lists_searchOffers") {
      edges {
        node {
          offerId
          name
          minPriceCents
          offer {
            id
          }
        }
      }
    }
  }
`;

export const myBookings = graphql`
  fragment listsMyBookings on Query
  @refetchable(queryName: "listsMyBookingsPage")
  @argumentDefinitions(
    first: { type: "Int" }
    after: { type: "String" }
    last: { type: "Int" }
    before: { type: "String" }
  ) {
    myBookings(first: $first, after: $after, last: $last, before: $before) @connection(key: "lists_myBookings") {
      edges {
        node {
          id
          offerName
          status
        }
      }
    }
  }
`;

export const structureBookings = graphql`
  fragment listsStructureBookings on Query
  @refetchable(queryName: "listsStructureBookingsPage")
  @argumentDefinitions(
    structureId: { type: "ID!" }
    first: { type: "Int" }
    after: { type: "String" }
    last: { type: "Int" }
    before: { type: "String" }
  ) {
    structureBookings(structureId: $structureId, first: $first, after: $after, last: $last, before: $before)
      @connection(key: "lists_structureBookings") {
      edges {
        node {
          id
          stateShown
        }
      }
    }
  }
`;

export const reimbursements = graphql`
  fragment listsReimbursements on Query
  @refetchable(queryName: "listsReimbursementsPage")
  @argumentDefinitions(
    structureId: { type: "ID!" }
    first: { type: "Int" }
    after: { type: "String" }
    last: { type: "Int" }
    before: { type: "String" }
  ) {
    reimbursements(structureId: $structureId, first: $first, after: $after, last: $last, before: $before)
      @connection(key: "lists_reimbursements") {
      edges {
        node {
          id
          amountCents
        }
      }
    }
  }
`;

export const batches = graphql`
  fragment listsBatches on Query
  @refetchable(queryName: "listsBatchesPage")
  @argumentDefinitions(
    first: { type: "Int" }
    after: { type: "String" }
    last: { type: "Int" }
    before: { type: "String" }
  ) {
    batches(first: $first, after: $after, last: $last, before: $before) @connection(key: "lists_batches") {
      edges {
        node {
          id
          label
        }
      }
    }
  }
`;

export const providers = graphql`
  fragment listsProviders on Query
  @refetchable(queryName: "listsProvidersPage")
  @argumentDefinitions(
    first: { type: "Int" }
    after: { type: "String" }
    last: { type: "Int" }
    before: { type: "String" }
  ) {
    providers(first: $first, after: $after, last: $last, before: $before) @connection(key: "lists_providers") {
      edges {
        node {
          id
          name
        }
      }
    }
  }
`;

export const bookingsOfPerson = graphql`
  fragment listsBookingsOfPerson on Person
  @refetchable(queryName: "listsBookingsOfPersonPage")
  @argumentDefinitions(
    first: { type: "Int" }
    after: { type: "String" }
    last: { type: "Int" }
    before: { type: "String" }
  ) {
    bookings(first: $first, after: $after, last: $last, before: $before) @connection(key: "lists_bookings") {
      edges {
        node {
          id
          status
        }
      }
    }
  }
`;

export const reimbursementsOfStructure = graphql`
  fragment listsReimbursementsOfStructure on Structure
  @refetchable(queryName: "listsReimbursementsOfStructurePage")
  @argumentDefinitions(
    first: { type: "Int" }
    after: { type: "String" }
    last: { type: "Int" }
    before: { type: "String" }
  ) {
    reimbursements(first: $first, after: $after, last: $last, before: $before)
      @connection(key: "lists_reimbursements") {
      edges {
        node {
          id
          amountCents
        }
      }
    }
  }
`;

export const all = graphql`
  query listsQuery($structureId: ID!) {
    ...listsStructures @arguments(first: 20)
    ...listsMySessions @arguments(first: 20)
    ...listsPendingIdentityChecks @arguments(first: 20)
    ...listsOffers @arguments(structureId: $structureId, first: 20)
    ...listsSearchOffers @arguments(query: "concert", sort: PRICE, first: 20)
    ...listsMyBookings @arguments(last: 20)
    ...listsStructureBookings @arguments(structureId: $structureId, first: 20)
    ...listsReimbursements @arguments(structureId: $structureId, first: 20)
    ...listsBatches @arguments(first: 20)
    ...listsProviders @arguments(first: 20)
    me {
      ...listsBookingsOfPerson @arguments(first: 20)
    }
    structure(id: $structureId) {
      ...listsReimbursementsOfStructure @arguments(first: 20)
    }
  }
`;
