// What graphql-eslint recommends for schemas, for Relay's and for operations, but for what stands below with a reason.
import graphql from '@graphql-eslint/eslint-plugin';

const recommended = (name) => graphql.configs[`flat/${name}`].rules;

const NOT_OF_THE_SCHEMA = {
  // Values have no id: refusals, payloads, pages, addresses. What has one is a Node (test_relay_specification.py).
  '@graphql-eslint/strict-id-in-types': 'off',
  // Lists that are short and whole are lists: the stocks of an offer, the accounts of a structure, the words of the law.
  '@graphql-eslint/relay-edge-types': ['error', { withEdgeSuffix: true, shouldImplementNode: true, listTypeCanWrapOnlyEdgeType: false }],
};
const NOT_OF_DOCUMENTS = {
  // Each client names its own: the demo and the page of the confirmation mail both have a ConfirmEmail.
  '@graphql-eslint/unique-operation-name': 'off',
};
const NOT_OF_THE_DEMO = {
  // It keeps nothing that an id would find again.
  '@graphql-eslint/require-selections': 'off',
};

export default [
  {
    files: ['**/*.graphql'],
    languageOptions: {
      parser: graphql.parser,
      parserOptions: { graphQLConfig: { schema: 'api.graphql', documents: 'operations/*.graphql' } },
    },
    plugins: { '@graphql-eslint': graphql },
  },
  {
    files: ['api.graphql'],
    rules: { ...recommended('schema-recommended'), ...recommended('schema-relay'), ...NOT_OF_THE_SCHEMA },
  },
  { files: ['operations/*.graphql'], rules: { ...recommended('operations-recommended'), ...NOT_OF_DOCUMENTS } },
  { files: ['operations/demo_*.graphql'], rules: NOT_OF_THE_DEMO },
];
