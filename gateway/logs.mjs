// One JSON line a request, in the shape of the services' own; nothing of what it asked or answered.
const PROBES = new Set(['/health', '/readiness']);

/** Tells of a request once it is answered, or its client gone. */
export function logRequest(request, response, ms) {
  const [path] = (request.url ?? '').split('?', 1);
  if (PROBES.has(path)) return;
  logLine(response.statusCode < 500 ? 'info' : 'error', {
    event: 'http.request',
    method: request.method,
    route: path === '/graphql' ? path : 'other',
    status: response.writableFinished ? response.statusCode : 499,
    ms: Math.round(ms * 10) / 10,
    request_id: request.headers['x-request-id'],
    trace_id: /^00-([0-9a-f]{32})-/.exec(request.headers.traceparent ?? '')?.[1],
  });
}

export function logLine(level, fields) {
  console.log(JSON.stringify({ service: 'gateway', timestamp: new Date().toISOString(), level, ...fields }));
}
