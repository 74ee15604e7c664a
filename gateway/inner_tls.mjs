// TLS between the parts of the platform: each shows a certificate of its own, and believes our own authority alone.
import { readFileSync, statSync } from 'node:fs';
import { Agent } from 'node:https';
import { join } from 'node:path';
import { fetch } from '@whatwg-node/fetch';
import { logLine } from './logs.mjs';

const LOOK_EVERY_MS = 10_000;

/**
 * What `folder` holds (own.pem: key and certificate; authority.pem), read again when it changes; null without one.
 * Throws when it cannot be read.
 */
export function innerTls(folder) {
  if (!folder) return null;
  const files = { own: join(folder, 'own.pem'), authority: join(folder, 'authority.pem') };
  let seen = edition(files);
  let known = read(files);
  let agent = asking(known);
  const listeners = [];

  function look() {
    try {
      const now = edition(files);
      if (now === seen) return;
      known = read(files);
      agent = asking(known); // questions under way keep the one before
      for (const tell of listeners) tell();
      seen = now;
      logLine('info', { event: 'inner_tls.renewed' });
    } catch (error) {
      logLine('error', { event: 'inner_tls.not_renewed', error: error.code ?? error.name });
    }
  }
  setInterval(look, LOOK_EVERY_MS).unref();

  return {
    /** Options of a server that listens to parts with a certificate alone. */
    serving: () => ({ ...known, requestCert: true, rejectUnauthorized: true }),
    get agent() {
      return agent;
    },
    fetch: (url, options) => fetch(url, { ...options, agent }),
    onRenewed: (tell) => listeners.push(tell),
  };
}

function read({ own, authority }) {
  const pem = readFileSync(own, 'utf8');
  return { key: pem, cert: pem, ca: readFileSync(authority, 'utf8'), minVersion: 'TLSv1.3' };
}

function edition(files) {
  return Object.values(files)
    .map((file) => statSync(file).mtimeMs)
    .join();
}

const asking = (known) => new Agent({ ...known, keepAlive: true });
