import { once } from 'node:events';
import { isIP, Socket, type LookupFunction } from 'node:net';
import { connect } from 'node:tls';

/** A server's certificate, as far as it can keep others from talking to it. */
export interface SeenCertificate {
  readonly validFrom: Date;
  readonly validTo: Date;
  /** Why nobody vouches for it; null where somebody does. */
  readonly distrust: string | null;
}

/** Bytes of an answer at most: a server that talks on and on is none. */
const ANSWER_LIMIT = 64 * 1024;

/**
 * Speaks SMTP as far as it goes without handing in mail: greeting, EHLO, STARTTLS where it is offered, QUIT.
 * @param lookup finds the addresses of a name; the system's own where it is left out.
 * @returns the certificate that was shown; null where there was no TLS.
 * @throws when nobody answers, or in other words than SMTP's.
 */
export async function probeMailServer(
  { host, port, tls, lookup }: { host: string; port: number; tls: 'at once' | 'where offered' | 'never'; lookup?: LookupFunction },
  signal: AbortSignal,
): Promise<{ certificate: SeenCertificate | null }> {
  const raw = await connectTo(host, port, signal, lookup);
  try {
    if (tls === 'at once') {
      const { socket, certificate } = await underTls(raw, host);
      await greet(socket);
      socket.end('QUIT\r\n');
      return { certificate };
    }
    const offered = await greet(raw);
    if (tls === 'never' || !offered.includes('STARTTLS')) {
      raw.end('QUIT\r\n');
      return { certificate: null };
    }
    await answerTo(raw, 'STARTTLS');
    const { socket, certificate } = await underTls(raw, host);
    await answerTo(socket, 'EHLO localhost');
    socket.end('QUIT\r\n');
    return { certificate };
  } finally {
    // What comes after is nobody's any more.
    raw.on('error', () => undefined);
    if (!raw.writableEnded) raw.destroy();
  }
}

/** The certificate that a server shows when TLS begins with the first byte. */
export async function probeTls(host: string, port: number, signal: AbortSignal): Promise<SeenCertificate> {
  const raw = await connectTo(host, port, signal);
  try {
    return (await underTls(raw, host)).certificate;
  } finally {
    raw.destroy();
  }
}

async function connectTo(host: string, port: number, signal: AbortSignal, lookup?: LookupFunction): Promise<Socket> {
  const socket = new Socket({ signal });
  socket.connect({ host, port, ...(lookup ? { lookup, autoSelectFamily: true } : {}) });
  await once(socket, 'connect');
  return socket;
}

async function underTls(raw: Socket, host: string) {
  // Whatever the certificate is worth: that is what is to be found out.
  const socket = connect({ socket: raw, rejectUnauthorized: false, ...(isIP(host) === 0 && { servername: host }) });
  await once(socket, 'secureConnect');
  const { valid_from: from, valid_to: to } = socket.getPeerCertificate();
  const distrust = socket.authorized ? null : socket.authorizationError.message || String(socket.authorizationError);
  return { socket, certificate: { validFrom: new Date(from), validTo: new Date(to), distrust } };
}

/** What a server offers after its greeting. */
async function greet(socket: Socket): Promise<string[]> {
  await answerTo(socket, null);
  const lines = await answerTo(socket, 'EHLO localhost');
  return lines.slice(1).map((line) => line.slice(4).trim().toUpperCase());
}

/** The lines of the answer to a command, or of the greeting. @throws when the answer is not the wanted one. */
async function answerTo(socket: Socket, command: string | null): Promise<string[]> {
  if (command !== null) socket.write(`${command}\r\n`);
  let text = '';
  for await (const piece of socket.iterator({ destroyOnReturn: false })) {
    text += String(piece);
    if (/^\d{3}(?: [^\n]*)?\r?\n/m.test(text) || text.length > ANSWER_LIMIT) break;
  }
  const asked = command?.split(' ')[0] ?? 'The greeting';
  if (text === '') throw new Error(`${asked}: the server closed the connection`);
  if (!/^2\d\d[ -]/.test(text)) throw new Error(`${asked}: the server answers ${JSON.stringify(text.slice(0, 120).trim())}`);
  return text.split(/\r?\n/).filter((line) => line !== '');
}
