// Request bodies are read whole before anything is made of them, up to a limit.
const REFUSAL = JSON.stringify({
  errors: [{ message: 'La requête est trop longue.', extensions: { code: 'LIMIT_EXCEEDED' } }],
});

/**
 * Reads the body into `request.body`, where the gateway looks for it first.
 * @returns {Promise<boolean>} false when it was longer than `limit` bytes and has been answered with 413
 */
export async function readBody(request, response, limit) {
  if (request.method !== 'POST') return true;
  const chunks = [];
  let size = 0;
  if (Number(request.headers['content-length'] ?? 0) > limit) return refuse(response);
  try {
    for await (const chunk of request) {
      size += chunk.length;
      if (size > limit) return refuse(response);
      chunks.push(chunk);
    }
  } catch {
    return false; // the client went away
  }
  if (size > 0) request.body = Buffer.concat(chunks).toString('utf8');
  return true;
}

function refuse(response) {
  response.writeHead(413, { 'content-type': 'application/json', connection: 'close' }).end(REFUSAL);
  return false;
}
