// Hive Gateway over HTTP: node server.mjs. README.md lists the environment variables.
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import { readBody } from './bodies.mjs';
import { gatewayConfig } from './gateway.config.mjs';
import { innerTls } from './inner_tls.mjs';
import { logLine, logRequest } from './logs.mjs';

const MAX_BODY_BYTES = 256 * 1024;
const DRAIN_MS = 10_000;
const port = Number(process.env.PASS_GATEWAY_PORT ?? 4100);
const host = process.env.PASS_GATEWAY_HOST ?? '127.0.0.1';

const tls = innerTls(process.env.PASS_INNER_TLS);
const gateway = createGatewayRuntime(gatewayConfig(process.env, tls));

const patience = { requestTimeout: 30_000, headersTimeout: 10_000 };
const server = tls ? createSecureServer({ ...patience, ...tls.serving() }, answer) : createServer(patience, answer);
tls?.onRenewed(() => server.setSecureContext(tls.serving()));

async function answer(request, response) {
  const started = performance.now();
  response.once('close', () => logRequest(request, response, performance.now() - started));
  if (await readBody(request, response, MAX_BODY_BYTES)) await gateway(request, response);
}
server.keepAliveTimeout = 65_000;

server.on('error', (error) => {
  logLine('error', { event: `The gateway cannot listen on ${host}:${port}: ${error.message}` });
  process.exit(1);
});
server.listen(port, host, () => logLine('info', { event: 'http.listening', port: server.address().port }));

function stop() {
  server.close(() => process.exit(0));
  server.closeIdleConnections();
  setTimeout(() => process.exit(0), DRAIN_MS).unref();
}
process.once('SIGTERM', stop);
process.once('SIGINT', stop);
