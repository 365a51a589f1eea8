import { lookup } from 'node:dns';
import { isIP } from 'node:net';
import { connect } from 'node:tls';
import { openLookup } from '@signet/domain/open-network';
import { closedSyslog, mayBeSyslog } from '@signet/domain/syslog';

/** For all of a connection, its name's lookup and the receiver's farewell included, in milliseconds. */
const PATIENCE = 30_000;
/** From the last byte to our end of the connection, at least: one that takes clients and drops them, as a proxy without its server, has gone by then. */
const SETTLE = 250;

/** Whom to send to, and how they are known. */
export interface SyslogReceiver {
  readonly host: string;
  readonly port: number;
  /** PEM; null: those that everybody knows. */
  readonly certificateAuthority: string | null;
  /** PEM; null: none is shown. */
  readonly client: { readonly certificate: string; readonly key: string } | null;
}

export interface SyslogOptions {
  /** Where receivers may be besides the internet. */
  readonly networks: readonly string[];
  /** Other than usual in tests; in milliseconds. */
  readonly patience?: number;
  readonly settle?: number;
}

/**
 * Sends frames to a receiver over a TLS connection of their own (RFC 5425), to an address where one may be: what a name leads to is looked
 * at in the lookup that the connection uses.
 *
 * Syslog has no answer. But a receiver ends its side once it has read to the end of ours (RFC 5425, 4.4), and resets the connection where it
 * goes with bytes unread. So, after the last byte, it is waited whether the receiver goes by itself; then our side is ended, and the
 * frames count as taken when the receiver ends its side in turn. What it did with what it read nobody says.
 * @throws when they were not taken whole in time, or no receiver may be there.
 */
export async function sendFrames(
  { host, port, certificateAuthority, client }: SyslogReceiver,
  frames: Buffer,
  { networks, patience = PATIENCE, settle = SETTLE }: SyslogOptions,
  stopping: AbortSignal,
): Promise<void> {
  const mayReach = (address: string) => mayBeSyslog(address, networks);
  if (isIP(host) !== 0 && !mayReach(host)) throw new Error(closedSyslog(host, host));
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const signal = AbortSignal.any([AbortSignal.timeout(patience), stopping]);
  const options = {
    host,
    port,
    // One that serves many names behind one address must know which is meant (RFC 6066, 3); no address is such a name.
    ...(isIP(host) === 0 ? { servername: host } : {}),
    autoSelectFamily: true,
    lookup: openLookup(lookup, mayReach, closedSyslog),
    minVersion: 'TLSv1.2' as const,
    ...(certificateAuthority === null ? {} : { ca: certificateAuthority }),
    ...(client === null ? {} : { cert: client.certificate, key: client.key }),
  };
  const socket = connect(options);
  const begun = Date.now();
  let isOurs = false;
  let isTaken = false;
  let settling: NodeJS.Timeout | undefined;
  socket.once('secureConnect', () => {
    const connecting = Date.now() - begun;
    // A round trip is no longer than connecting took.
    socket.write(frames, () => (settling = setTimeout(end, Math.max(settle, connecting))));
  });
  const end = () => {
    isOurs = true;
    socket.end();
  };
  // Nothing is to be said here; whoever says something is not listened to.
  socket.resume();
  const early = () => reject(new Error('The receiver closed the connection before it had everything'));
  socket.once('end', () => {
    isTaken = isOurs && socket.writableFinished;
    if (!isTaken) early();
  });
  socket.once('error', reject);
  socket.once('close', () => (isTaken ? resolve() : early()));
  const giveUp = () => void socket.destroy(new Error(`The receiver did not take everything within ${patience / 1000} s`));
  signal.addEventListener('abort', giveUp, { once: true });
  if (signal.aborted) giveUp();
  try {
    await promise;
  } finally {
    signal.removeEventListener('abort', giveUp);
    clearTimeout(settling);
    socket.destroy();
  }
}
