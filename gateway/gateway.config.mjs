// The rules of the gateway, for Hive Gateway. router.yaml says the same to Hive Router.
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unifiedGraphHandler } from '@graphql-hive/router-runtime';
import { GraphQLError } from 'graphql';
import { discreetly, maskError } from './errors.mjs';
import { limitDocuments } from './limits.mjs';
import { refuseBadTokens } from './tokens.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
const NOBODY = '^$';
const LIMITS = { depth: 10, aliases: 20, directives: 50, selections: 2_000, tokens: 1_000 };
const PERSISTED_ERRORS = {
  notFound: coded('PERSISTED_DOCUMENT_NOT_FOUND', 'Ce document est inconnu.'),
  keyNotFound: coded('PERSISTED_DOCUMENT_ID_REQUIRED', 'La requête doit porter query ou documentId.'),
  persistedQueryOnly: coded('PERSISTED_DOCUMENT_ID_REQUIRED', 'Seuls les documents enregistrés sont servis : documentId.'),
};
// Two people's equal questions may have different answers; a subgraph takes nothing from a URL.
const TRANSPORT = { method: 'POST', deduplicateInflightRequests: false };
const PROPAGATED = ['authorization', 'accept-language', 'x-request-id', 'traceparent', 'tracestate', 'x-pass-clock'];

/** The configuration that the environment asks for; README.md lists the variables. `tls`: inner_tls.mjs, where it is on. */
export function gatewayConfig(env = process.env, tls = null) {
  const production = env.PASS_ENV === 'production';
  const timeoutMs = milliseconds(env.PASS_SUBGRAPH_TIMEOUT ?? '8s');
  const supergraph = env.PASS_SUPERGRAPH ?? join(HERE, 'supergraph.graphql');
  const strangers = (env.PASS_DOCUMENTS || (production ? 'persisted' : 'any')) === 'any';
  return {
    unifiedGraphHandler,
    // A function, polled: the watcher of a path stops watching when the file is replaced by a rename.
    supergraph: () => readFile(supergraph, 'utf8'),
    pollingInterval: milliseconds(env.PASS_SUPERGRAPH_POLL ?? '10s'),
    gracefulSchemaReload: { drainTimeout: 15_000 },
    transportEntries: { ...subgraphUrls(env), '*.http': { options: TRANSPORT } },
    graphqlEndpoint: '/graphql',
    healthCheckEndpoint: '/health',
    readinessCheckEndpoint: '/readiness',
    graphiql: false,
    landingPage: false,
    batching: false,
    maskedErrors: { maskError: production ? discreetly(maskError) : maskError },
    csrfPrevention: { requestHeaders: ['graphql-require-preflight'] },
    disableIntrospection: production,
    persistedDocuments: {
      getPersistedOperation: persistedDocuments(),
      allowArbitraryDocuments: strangers,
      customErrors: { ...PERSISTED_ERRORS, ...(strangers ? { notFound: sendItWhole } : {}) },
    },
    logging: env.PASS_GATEWAY_LOG ?? 'warn',
    cors: corsOf(new RegExp(`^(?:${env.PASS_CORS_ORIGINS || NOBODY})$`)),
    requestId: false,
    propagateHeaders: { fromClientToSubgraphs: ({ request }) => headersFor(request, env) },
    ...(tls && { customAgent: () => tls.agent }),
    // A subscription lives as long as its client: only questions and mutations have a deadline.
    upstreamTimeout: ({ executionRequest }) =>
      executionRequest.operationType === 'subscription' ? undefined : timeoutMs,
    plugins: () => [
      limitDocuments({ ...LIMITS, frank: !production }),
      ...(env.PASS_JWKS_URL ? [refuseBadTokens(env.PASS_JWKS_URL, tls)] : []),
    ],
  };
}

/** `8s` → 8000: durations are written as Hive Router reads them, in seconds. */
function milliseconds(duration) {
  const seconds = /^(\d+(?:\.\d+)?)s$/.exec(duration)?.[1];
  if (!seconds) throw new Error(`${duration} is not a duration in seconds such as 8s`);
  return 1000 * Number(seconds);
}

/** SHA-256 → the document of that name, null when there is none. */
function persistedDocuments() {
  const manifest = JSON.parse(readFileSync(join(HERE, 'persisted', 'documents.json'), 'utf8'));
  const known = new Map(Object.entries(manifest));
  return (id) => known.get(id) ?? null;
}

/**
 * What a name that is unknown is told where strangers have documents of their own: a client of automatic persisted
 * queries (Apollo's protocol) sends the document itself on these very words, and gives up on any others.
 */
function sendItWhole({ params }) {
  const { message, extensions } = params.extensions?.persistedQuery
    ? coded('PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound')
    : PERSISTED_ERRORS.notFound;
  return new GraphQLError(message, { extensions });
}

function coded(code, message) {
  return { message, extensions: { code } };
}

/** Where the subgraphs are, when not where the supergraph says. */
function subgraphUrls(env) {
  const subgraphs = JSON.parse(readFileSync(env.PASS_SUBGRAPHS ?? join(HERE, 'subgraphs.json'), 'utf8'));
  const moved = subgraphs.filter(({ urlVariable }) => env[urlVariable]);
  return Object.fromEntries(moved.map(({ name, urlVariable }) => [name, { location: env[urlVariable] }]));
}

function corsOf(allowed) {
  return (request) => {
    const origin = request.headers.get('origin');
    if (!origin || !allowed.test(origin)) return false;
    return { origin, credentials: false, methods: ['POST', 'OPTIONS'], maxAge: 600 };
  };
}

/** What a subgraph learns of the client's request: a closed list, and the address it came from. */
function headersFor(request, env) {
  const headers = {};
  for (const name of PROPAGATED) {
    const value = request.headers.get(name);
    if (value) headers[name] = value;
  }
  // The client's address: the door alone writes it, and nobody else reaches this process.
  const name = env.PASS_CLIENT_ADDRESS_HEADER ?? 'x-pass-client-address';
  const address = request.headers.get(name);
  if (address) headers[name] = address;
  return headers;
}
