// Request bodies are read whole before anything is made of them, up to a limit.
const TOO_LONG = 'La requête est trop longue.';
const MAX_JSON_DEPTH = 64;
const [QUOTE, BACKSLASH] = Buffer.from('"\\');
const OPENING = new Set(Buffer.from('{['));
const CLOSING = new Set(Buffer.from('}]'));

/**
 * Reads the body into `request.body`, where the gateway looks for it first.
 * @returns {Promise<boolean>} false when it was longer than `limit` bytes and has been answered with 413,
 *   or nested deeper than 64 objects and lists and has been answered with 400
 */
export async function readBody(request, response, limit) {
  if (request.method !== 'POST') return true;
  const chunks = [];
  let size = 0;
  if (Number(request.headers['content-length'] ?? 0) > limit) return refuse(response, 413, TOO_LONG);
  try {
    for await (const chunk of request) {
      size += chunk.length;
      if (size > limit) return refuse(response, 413, TOO_LONG);
      chunks.push(chunk);
    }
  } catch {
    return false; // the client went away
  }
  if (size > 0) {
    const body = Buffer.concat(chunks);
    if (isDeeper(body, MAX_JSON_DEPTH)) return refuse(response, 400, `Le corps a plus de ${MAX_JSON_DEPTH} niveaux.`);
    request.body = body.toString('utf8');
  }
  return true;
}

/** Whether the JSON has more than `levels` objects and lists within each other; without parsing it. */
export function isDeeper(json, levels) {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < json.length; at++) {
    const byte = json[at];
    if (byte === QUOTE) quoted = !quoted;
    else if (quoted) at += byte === BACKSLASH ? 1 : 0;
    else if (OPENING.has(byte)) {
      if (++depth > levels) return true;
    } else if (CLOSING.has(byte)) depth--;
  }
  return false;
}

function refuse(response, status, message) {
  const refusal = JSON.stringify({ errors: [{ message, extensions: { code: 'LIMIT_EXCEEDED' } }] });
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close' }).end(refusal);
  return false;
}
