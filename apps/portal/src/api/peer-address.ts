import { randomUUID } from 'node:crypto';
import { subscribe } from 'node:diagnostics_channel';
import { IncomingMessage } from 'node:http';
import { z } from 'zod';

const PEER_HEADER = 'x-signet-peer';
const keySymbol = Symbol.for('signet.portal.peer-key');

/** A word that no visitor knows: Next bundles this file more than once, so it is kept where every copy finds it. */
function peerKey(): string {
  const known: unknown = Reflect.get(globalThis, keySymbol);
  if (typeof known === 'string') return known;
  const fresh = randomUUID();
  Reflect.set(globalThis, keySymbol, fresh);
  return fresh;
}

/**
 * Notes on every request who is at the other end of its socket. Next hands handlers neither socket nor address, and
 * believes `X-Forwarded-For` of anybody. `http.server.request.start` is Node's own diagnostics channel.
 */
export function recordPeerAddresses(): void {
  subscribe('http.server.request.start', (message) => {
    if (typeof message !== 'object' || message === null || !('request' in message)) return;
    const { request } = message;
    if (request instanceof IncomingMessage) request.headers[PEER_HEADER] = `${peerKey()} ${request.socket.remoteAddress ?? ''}`;
  });
}

/** The address at the other end of the request's socket, as `recordPeerAddresses` noted it. */
export function peerAddressOf(headers: Headers): string | undefined {
  const [key, address] = (headers.get(PEER_HEADER) ?? '').split(' ');
  return key === peerKey() && z.union([z.ipv4(), z.ipv6()]).safeParse(address).success ? address : undefined;
}
