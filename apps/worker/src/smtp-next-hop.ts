import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { callbackify } from 'node:util';
import { deliveryAfterFailure } from '@signet/domain/delivery';
import { isLoopbackHost } from '@signet/domain/public-url';
import { createTransport } from 'nodemailer';
import { z } from 'zod';
import { wordsOf } from './error-words.ts';
import type { HopAnswer, NextHop, OutgoingMail, PassedMessage } from './next-hop.ts';
import { reportMime } from './report-mime.ts';

/** Seconds for reaching the next hop, for its greeting, and of silence within a session. */
const CONNECT_SECONDS = 20;
const SILENCE_SECONDS = 60;

/** A mail server, and how it is spoken to. */
export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte. */
  readonly secure: boolean;
  /** Whether STARTTLS is left alone where it is offered, and whether nothing goes without it. */
  readonly ignoreTLS?: boolean;
  readonly requireTLS?: boolean;
  readonly auth?: { readonly user: string; readonly pass: string };
  readonly tls?: { readonly rejectUnauthorized: boolean };
  /** Connects to it; left out: as host and port say. */
  readonly connect?: () => Promise<Socket>;
}

export interface SmtpNextHopOptions {
  readonly server: SmtpServer;
  /** Sessions kept open at once. */
  readonly connections: number;
  /** A mail that is not answered within so many seconds is given up and counts as deferred. */
  readonly answerWithinSeconds: number;
}

/**
 * The mail server of `smtp://user:password@host:port`, or `smtps://`. TLS is used where the server offers it, and demanded where a password
 * would else cross a network in clear; on this machine itself it is not asked for, since nobody has a certificate for it.
 */
export function serverOf(url: string): SmtpServer {
  const { protocol, hostname, port, username, password } = new URL(url);
  const host = hostname.replaceAll(/^\[|\]$/g, '');
  const secure = protocol === 'smtps:';
  const local = isLoopbackHost(host);
  return {
    host,
    port: port === '' ? (secure ? 465 : 25) : Number(port),
    secure,
    ignoreTLS: !secure && local,
    requireTLS: !secure && !local && username !== '',
    ...(username === '' ? {} : { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
  };
}

/** The next hop over SMTP, on a pool of sessions. */
export function smtpNextHop({ server: { connect, ...server }, connections, answerWithinSeconds }: SmtpNextHopOptions): NextHop {
  const options = {
    pool: true as const,
    ...server,
    ...(connect ? { getSocket: socketFrom(connect) } : {}),
    maxConnections: connections,
    maxMessages: 1_000,
    connectionTimeout: CONNECT_SECONDS * 1000,
    greetingTimeout: CONNECT_SECONDS * 1000,
    socketTimeout: SILENCE_SECONDS * 1000,
    // A mail is what it is given: nothing is fetched from disk or the network for it.
    disableFileAccess: true,
    disableUrlAccess: true,
  };
  // Once more, over a new session, where the server had closed the old one before a byte was sent.
  const transport = createTransport({ ...options, maxRequeues: 1 });
  // What is read once cannot be begun anew: the next attempt is the outbox's.
  const passing = createTransport({ ...options, maxRequeues: 0 });
  const signal = () => AbortSignal.timeout(answerWithinSeconds * 1000);
  return {
    pass: async (message) => {
      const raw = Readable.from(message.bytes, { objectMode: false });
      try {
        const sent = await passing.sendMail({ raw, envelope: envelopeOf(message), ...dsnOf(message), signal: signal() });
        return { delivery: 'Passed', response: sent.response, reportsItself: reportsItself(message, sent.ehlo) };
      } catch (error) {
        return answerOf(error);
      } finally {
        raw.destroy();
      }
    },
    send: async (mail) => {
      try {
        const sent = await transport.sendMail({ ...(await contentOf(mail)), ...handlingOf(mail), ...dsnOf(mail), signal: signal() });
        return { delivery: 'Sent', response: sent.response, reportsItself: reportsItself(mail, sent.ehlo) };
      } catch (error) {
        return answerOf(error);
      }
    },
    close: () => {
      transport.close();
      passing.close();
    },
  };
}

/** Connections of our own, as nodemailer asks for them. */
function socketFrom(connect: () => Promise<Socket>) {
  const open = callbackify(async () => ({ connection: await connect() }));
  return (_options: object, done: (error: Error | null, socket?: { connection: Socket }) => void) => open(done);
}

/** Whatever bytes a message has: a server that does not take 8 bits says so, and the sender is told. */
function envelopeOf({ from, to, size }: PassedMessage) {
  return { from: { name: '', address: from }, to: { name: '', address: to }, use8BitMime: true, size };
}

/** How a mail goes, whatever is in it. As objects: an address is never parsed again, so it cannot become two, or somebody else's. */
function handlingOf({ from, envelopeSender = from, to, dkim }: OutgoingMail) {
  return {
    envelope: { from: envelopeSender === null ? '' : { name: '', address: envelopeSender }, to: { name: '', address: to } },
    ...(dkim ? { dkim: { domainName: dkim.domain, keySelector: dkim.selector, privateKey: dkim.privateKey } } : {}),
    xMailer: false as const,
  };
}

async function contentOf(mail: OutgoingMail) {
  if (mail.report) return { raw: await reportMime(mail, mail.report) };
  const { messageId, from, to, subject, html, text, headers, logo, attachments = [] } = mail;
  return {
    messageId,
    from: { name: '', address: from },
    to: { name: '', address: to },
    subject,
    html,
    text,
    headers: { ...headers },
    attachments: [
      ...(logo
        ? [{ cid: logo.cid, filename: 'logo.png', content: logo.png, contentType: 'image/png', contentDisposition: 'inline' as const }]
        : []),
      // Base64 keeps line ends as they are, which a signature is over.
      ...attachments.map((attachment) => ({
        filename: attachment.filename,
        content: Buffer.from(attachment.text, 'utf8'),
        contentType: 'text/plain; charset=utf-8',
        contentTransferEncoding: 'base64' as const,
      })),
    ],
  };
}

/** Said to a server that understands it. */
function dsnOf({ request }: Pick<OutgoingMail, 'request'>) {
  return request ? { dsn: request } : {};
}

function reportsItself({ request }: Pick<OutgoingMail, 'request'>, offered: readonly string[] = []): boolean {
  return request?.notify !== undefined && offered.some((extension) => extension.trim().toUpperCase() === 'DSN');
}

/** nodemailer's names for what is wrong with one mail, or with its bytes: the next one may fare better. */
const aboutOneMail = new Set(['EENVELOPE', 'EMESSAGE', 'ESTREAM']);

/** What nodemailer's errors say besides words. */
const failure = z.object({
  code: z.string().optional(),
  responseCode: z.number().optional(),
  command: z.string().optional(),
  response: z.string().optional(),
});

/** What an error of the hand-over tells: the server's reply where there was one, else the trouble in words. */
function answerOf(error: unknown): HopAnswer {
  const { code = '', responseCode = null, command = null, response } = failure.safeParse(error).data ?? {};
  const isAway = !aboutOneMail.has(code);
  return { delivery: deliveryAfterFailure(responseCode, command), response: response || wordsOf(error), isAway };
}
