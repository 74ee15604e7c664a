// Composes the subgraphs' SDL files into the supergraph, and says what clients see of it. Deterministic, offline.
//
//   node compose.mjs [--root DIR] [--subgraphs FILE] [--out FILE | --check FILE] [--api FILE]
//
// --root       where the paths of the subgraph list begin (default: the folder above this one)
// --subgraphs  the list (default: subgraphs.json beside this file)
// --out        what to write (default: supergraph.graphql beside this file; `-` is the terminal)
// --check      write nothing: exit 1 when FILE is not what would be written
// --api        where to write the schema that clients see (default: api.graphql beside this file, unless --out is told)
//
// Exit codes: 1 the subgraphs do not fit together, or the checked file is stale; 2 an SDL file is missing
// or is not GraphQL.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { composeServices, transformSupergraphToPublicSchema } from '@theguild/federation-composition';
import { parse, print } from 'graphql';

const HERE = dirname(fileURLToPath(import.meta.url));
const HEADER = '# Composed by gateway/compose.mjs from the contracts of the services: ./pass schema\n\n';
const API_HEADER = '# What clients see, made by gateway/compose.mjs from the supergraph: ./pass schema\n\n';

const { values: options } = parseArgs({
  options: {
    root: { type: 'string', default: resolve(HERE, '..') },
    subgraphs: { type: 'string', default: join(HERE, 'subgraphs.json') },
    out: { type: 'string' },
    check: { type: 'string' },
    api: { type: 'string' },
  },
});

function fail(code, ...lines) {
  for (const line of lines) console.error(line);
  process.exit(code);
}

function service({ name, url, schema }) {
  try {
    return { name, url, typeDefs: parse(readFileSync(join(options.root, schema), 'utf8'), { noLocation: true }) };
  } catch (error) {
    return fail(2, `${name}: ${schema}: ${error.message}`);
  }
}

const services = JSON.parse(readFileSync(options.subgraphs, 'utf8')).map(service);
const { supergraphSdl, errors } = composeServices(services);
if (errors?.length) {
  fail(1, 'The subgraphs do not fit together:', ...errors.map((e) => `  ${e.extensions?.code ?? ''} ${e.message}`));
}

const supergraph = `${HEADER}${supergraphSdl.trimEnd()}\n`;
if (options.check) {
  const committed = readFileSync(options.check, 'utf8');
  if (committed !== supergraph) fail(1, `${options.check} is stale: run ./pass schema`);
} else if (options.out === '-') {
  process.stdout.write(supergraph);
} else {
  writeFileSync(options.out ?? join(HERE, 'supergraph.graphql'), supergraph);
}
const api = options.api ?? (options.out || options.check ? undefined : join(HERE, 'api.graphql'));
if (api) {
  const seen = print(transformSupergraphToPublicSchema(parse(supergraphSdl)));
  writeFileSync(api, `${API_HEADER}${seen.trimEnd()}\n`);
}
