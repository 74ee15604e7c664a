// Writes the page that /graphql shows in a browser, with all its assets inside: node door/graphiql.mjs OUT.html
import { writeFileSync } from 'node:fs';
import { renderGraphiQL } from '@graphql-yoga/render-graphiql';

const page = renderGraphiQL({
  title: 'GraphiQL · pass Culture',
  endpoint: '/graphql',
  subscriptionsProtocol: 'SSE',
  defaultQuery: '{\n  searchOffers(query: "concert", first: 5) {\n    edges { node { name venueName city dates minPriceCents } }\n  }\n}\n',
});
writeFileSync(process.argv[2], page.trimStart());
