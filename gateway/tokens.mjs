// Refuses requests that carry a bad access token. A request without one is anonymous: what it may see is for
// the subgraphs to say. They verify every token again.
import { createRemoteJWKSet, customFetch, errors, jwtVerify } from 'jose';

const RULES = { issuer: 'pass', audience: 'api', algorithms: ['ES256'], typ: 'at+jwt', clockTolerance: 5 };
const REMEMBERED = 10_000;
const REFUSAL = {
  errors: [
    {
      message: "Votre session n'est pas ou plus valable : reconnectez-vous.",
      extensions: { code: 'UNAUTHENTICATED' },
    },
  ],
};
const KEYS_UNREACHABLE = [errors.JWKSTimeout, errors.JWKSInvalid];

/** A plugin; `jwksUrl` is where identity publishes its public keys. `tls`: inner_tls.mjs, where it is on. */
export function refuseBadTokens(jwksUrl, tls = null) {
  const keys = createRemoteJWKSet(new URL(jwksUrl), {
    timeoutDuration: 3_000,
    cooldownDuration: 5_000,
    ...(tls && { [customFetch]: tls.fetch }),
  });
  const goodUntil = new Map(); // token → instant in seconds

  async function isBad(token) {
    const now = Date.now() / 1000;
    if (goodUntil.get(token) > now) return false;
    goodUntil.delete(token);
    try {
      const { payload } = await jwtVerify(token, keys, { ...RULES, requiredClaims: ['sub', 'exp', 'iat'] });
      if (goodUntil.size >= REMEMBERED) goodUntil.delete(goodUntil.keys().next().value);
      goodUntil.set(token, payload.exp + RULES.clockTolerance);
      return false;
    } catch (error) {
      // Without the keys nothing can be said here; the subgraphs have theirs.
      const judged = error instanceof errors.JOSEError && error.code !== 'ERR_JOSE_GENERIC';
      return judged && !KEYS_UNREACHABLE.some((kind) => error instanceof kind);
    }
  }

  return {
    async onRequest({ request, fetchAPI, endResponse }) {
      const [scheme, token] = (request.headers.get('authorization') ?? '').split(/\s+/, 2);
      if (scheme.toLowerCase() !== 'bearer') return;
      if (await isBad(token ?? '')) endResponse(fetchAPI.Response.json(REFUSAL, { status: 401 }));
    },
  };
}
