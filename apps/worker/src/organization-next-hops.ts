import { lookup } from 'node:dns';
import { connect as connectSocket, isIP, type Socket } from 'node:net';
import { domainToASCII } from 'node:url';
import type { Database } from '@signet/db/database';
import { findNextHop, type FoundNextHop } from '@signet/db/next-hop';
import { closedAddress, mayBeNextHop, nextHopLookup } from '@signet/domain/next-hop';
import type { Vault } from '@signet/vault/vault';
import { wordsOf } from './error-words.ts';
import type { HopAnswer, NextHop } from './next-hop.ts';
import { restingNextHop } from './resting-next-hop.ts';
import { smtpNextHop, type SmtpNextHopOptions, type SmtpServer } from './smtp-next-hop.ts';

/** Next hops whose sessions are held at once; the one that was longest not needed goes. */
const HELD = 100;
/** For reaching a next hop, its name's lookup included, in milliseconds. */
const CONNECT_TIMEOUT = 20_000;

interface Context extends Omit<SmtpNextHopOptions, 'server'> {
  readonly database: Database;
  readonly vault: Vault;
  /** Where organizations' next hops may be besides the internet. */
  readonly networks: readonly string[];
}

interface Held {
  /** What the next hop is, as text: another one under the same id takes its place. */
  readonly facts: string;
  readonly hop: Promise<NextHop>;
}

/**
 * A next hop that hands each mail to the one that its organization named for the recipient's domain, and to the installation's where it
 * named none. Which one that is is asked for every mail, so a change counts for the next. Each has its own sessions.
 */
export function organizationNextHops(installation: NextHop, context: Context): NextHop {
  const held = new Map<string, Held>();
  const close = ({ hop }: Held) => void hop.then((opened) => opened.close()).catch(() => undefined);

  const hopOf = async ({ organizationId, to }: { organizationId: string; to: string }): Promise<NextHop> => {
    const found = await findNextHop(context.database.forOrganization(organizationId), domainOf(to));
    if (!found) return installation;
    const facts = JSON.stringify({ ...found, domain: null, password: found.password?.sealed.toString('base64') ?? null });
    const known = held.get(found.id);
    // Put last, as the one that was needed last.
    held.delete(found.id);
    if (known && known.facts !== facts) close(known);
    const kept = known?.facts === facts ? known : { facts, hop: open(found, organizationId, context) };
    held.set(found.id, kept);
    kept.hop.catch(() => (held.get(found.id) === kept ? held.delete(found.id) : undefined));
    for (const [id, oldest] of held) {
      if (held.size <= HELD) break;
      held.delete(id);
      close(oldest);
    }
    return kept.hop;
  };

  /** While it cannot be said where a mail goes, it waits: anywhere else it might be refused, or read. */
  const through = async (mail: Parameters<typeof hopOf>[0], hand: (hop: NextHop) => Promise<HopAnswer>): Promise<HopAnswer> => {
    let hop: NextHop;
    try {
      hop = await hopOf(mail);
    } catch (error) {
      return { delivery: 'Deferred', response: `The next hop cannot be used now: ${wordsOf(error)}` };
    }
    return hand(hop);
  };

  return {
    send: (mail) => through(mail, (hop) => hop.send(mail)),
    pass: (message) => through(message, (hop) => hop.pass(message)),
    close: () => {
      installation.close();
      for (const each of held.values()) close(each);
    },
  };
}

async function open(found: FoundNextHop, organizationId: string, { vault, networks, ...options }: Context): Promise<NextHop> {
  const { id, username, password } = found;
  const opened =
    password && (await vault.openSecret(password.organizationKey, { organizationId, purpose: 'next-hop-password', id }, password.sealed));
  const auth = username !== null && opened ? { user: username, pass: Buffer.from(opened).toString('utf8') } : null;
  const { connections, answerWithinSeconds } = options;
  return restingNextHop(smtpNextHop({ server: serverOf(found, auth, networks), connections, answerWithinSeconds }));
}

function serverOf({ host, port, tls }: FoundNextHop, auth: SmtpServer['auth'] | null, networks: readonly string[]): SmtpServer {
  return {
    host,
    port,
    secure: tls === 'implicit',
    requireTLS: tls === 'required',
    // Where TLS may be left out, a certificate that nobody vouches for is better than none.
    tls: { rejectUnauthorized: tls !== 'opportunistic' },
    ...(auth ? { auth } : {}),
    connect: () => connectTo(host, port, networks),
  };
}

/** Connects where a next hop may be, and nowhere else: what a name leads to is looked at in the lookup that the connection uses. */
async function connectTo(host: string, port: number, networks: readonly string[]): Promise<Socket> {
  if (isIP(host) !== 0 && !mayBeNextHop(host, networks)) throw new Error(closedAddress(host, host));
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const socket = connectSocket({ host, port, autoSelectFamily: true, lookup: nextHopLookup(lookup, networks) });
  const late = setTimeout(() => socket.destroy(new Error(`${host} was not reached within ${CONNECT_TIMEOUT / 1000} s`)), CONNECT_TIMEOUT);
  socket.once('connect', () => resolve(socket)).once('error', reject);
  try {
    return await promise;
  } finally {
    clearTimeout(late);
  }
}

function domainOf(address: string): string {
  return domainToASCII(address.slice(address.lastIndexOf('@') + 1).toLowerCase());
}
