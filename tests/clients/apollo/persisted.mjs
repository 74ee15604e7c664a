// Apollo Client with automatic persisted queries: it sends a hash, and the document itself where the hash is unknown.
// `node persisted.mjs <the gateway's address>` prints what it got and how often it asked.
import { createHash } from 'node:crypto';
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';

const asked = [];
const http = new HttpLink({
  uri: process.argv[2],
  fetch: (uri, options) => {
    asked.push(Object.keys(JSON.parse(options.body)).includes('query') ? 'document' : 'hash');
    return fetch(uri, options);
  },
});
const persisted = new PersistedQueryLink({
  sha256: (text) => createHash('sha256').update(text).digest('hex'),
  useGETForHashedQueries: false,
});
const client = new ApolloClient({ link: ApolloLink.from([persisted, http]), cache: new InMemoryCache() });

const { data } = await client.query({ query: gql`query Unknown { __schema { queryType { name } } }` });
console.log(JSON.stringify({ data, asked }));
