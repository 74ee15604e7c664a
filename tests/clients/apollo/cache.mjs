// Apollo Client's cache after a booking and its cancellation: what a page shows of the wallet and of its bookings is
// fresh without asking again, because the payloads give both with their ids. The server is the API's own schema over
// plain objects. `node cache.mjs <api.graphql>` prints "fresh", or fails.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { ApolloClient, ApolloLink, InMemoryCache, gql } from '@apollo/client';
import { buildSchema, execute, validate } from 'graphql';
import { Observable } from 'rxjs';

const schema = buildSchema(readFileSync(process.argv[2], 'utf8'));
const wallet = { __typename: 'Wallet', id: 'wallet', remainingCents: 30000 };
const booking = { __typename: 'Booking', id: 'booking', status: 'CONFIRMED', offerName: 'Concert' };
const bookings = [];
let requests = 0;

const server = {
  wallet: () => ({ ...wallet }),
  myBookings: () => ({ edges: bookings.map((node) => ({ node: { ...node }, cursor: node.id })) }),
  bookOffer: () => {
    wallet.remainingCents -= 1000;
    bookings.push(booking);
    return { __typename: 'OfferBooked', booking: { ...booking }, wallet: { ...wallet } };
  },
  cancelBooking: () => {
    wallet.remainingCents += 1000;
    booking.status = 'CANCELLED';
    return { __typename: 'BookingCancelled', booking: { ...booking }, wallet: { ...wallet } };
  },
};

const link = new ApolloLink(
  ({ query, variables }) =>
    new Observable((observer) => {
      requests += 1;
      const wrong = validate(schema, query);
      assert.deepEqual(wrong, []);
      Promise.resolve(execute({ schema, document: query, rootValue: server, variableValues: variables })).then(
        (result) => {
          observer.next(result);
          observer.complete();
        },
      );
    }),
);

const possibleTypes = Object.fromEntries(
  Object.values(schema.getTypeMap())
    .filter((type) => 'getTypes' in type || 'resolveType' in type)
    .map((type) => [type.name, schema.getPossibleTypes(type).map(({ name }) => name)]),
);
const client = new ApolloClient({ link, cache: new InMemoryCache({ possibleTypes }) });

const SHOWN = gql`
  query Shown {
    wallet {
      id
      remainingCents
    }
    myBookings {
      edges {
        node {
          id
          status
        }
      }
    }
  }
`;
const BOOK = gql`
  mutation Book($input: BookOfferInput!, $key: UUID!) {
    bookOffer(input: $input, idempotencyKey: $key) {
      ... on OfferBooked {
        booking {
          id
          status
          offerName
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
const CANCEL = gql`
  mutation Cancel($bookingId: ID!, $key: UUID!) {
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
const KEY = '0195e0a0-0000-7000-8000-000000000001';

const shown = () => client.readQuery({ query: SHOWN });

await client.query({ query: SHOWN });
assert.equal(shown().wallet.remainingCents, 30000);

const { data } = await client.mutate({ mutation: BOOK, variables: { input: { stockId: 'stock' }, key: KEY } });
assert.equal(data.bookOffer.booking.offerName, 'Concert');
assert.equal(shown().wallet.remainingCents, 29000, 'the wallet that is shown is the one after the booking');

await client.query({ query: SHOWN, fetchPolicy: 'network-only' });
assert.equal(shown().myBookings.edges[0].node.status, 'CONFIRMED');

await client.mutate({ mutation: CANCEL, variables: { bookingId: 'booking', key: KEY } });
assert.equal(shown().wallet.remainingCents, 30000, 'and the one after the cancellation');
assert.equal(shown().myBookings.edges[0].node.status, 'CANCELLED');
assert.equal(requests, 4, 'nobody asked again');

console.log('fresh');
