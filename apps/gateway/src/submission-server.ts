import { constants } from 'node:crypto';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { readSubmissionLimits } from '@signet/db/submission';
import { networkOf } from '@signet/domain/network';
import { bytesAllowed, recipientLimit, type SubmissionLimits } from '@signet/domain/submission-limits';
import type { Arrival } from '@signet/intake/received-field';
import { SMTPServer } from 'smtp-server';
import type { SMTPServerAddress, SMTPServerDataStream, SMTPServerSession } from 'smtp-server';
import type { SMTPConnectionOptions } from 'smtp-server/lib/smtp-connection.js';
import { checkRecipient, checkSender, envelopeRecipient, storedAddress } from './envelope.ts';
import { errorFacts } from './error-facts.ts';
import type { FailureThrottle } from './failure-throttle.ts';
import { isLoopbackAddress } from './loopback-address.ts';
import { PeerTrust } from './peer-trust.ts';
import { checkBounceAddress, MAX_BOUNCE_BYTES, receiveBounce } from './receive-bounce.ts';
import { readAway, receiveMessage } from './receive-message.ts';
import type { ReceivingTools } from './receive-message.ts';
import { signIn } from './sign-in.ts';
import type { SignedIn } from './sign-in.ts';
import { acceptedText, answerText, SmtpRefusal, smtpAnswers } from './smtp-answer.ts';
import type { SmtpAnswer } from './smtp-answer.ts';
import { SubmissionConnection } from './submission-connection.ts';
import type { Submitter } from './submitter.ts';

/** RFC 5321, 4.5.3.2.7. */
const IDLE_MILLISECONDS = 5 * 60_000;
/** Time for one message as a whole, from DATA to its end: a line of 25 kB/s brings the largest in it. Who drips bytes must not hold memory for ever. */
const DATA_MILLISECONDS = 20 * 60_000;
const MAX_CLIENTS = 1000;
/** Time to sign in: shorter than the idle time, which is for those who may send. */
const SIGN_IN_MILLISECONDS = 60_000;
/** Connections of one network at once on which nobody has signed in: one machine alone must not take all there are. */
const STRANGERS_PER_NETWORK = 100;
/** So many refused commands without a sign-in end the connection. */
const STRANGER_REFUSALS = 10;
/** Commands of sendmail and of proxies that have no business here. */
const DISABLED_COMMANDS = ['WIZ', 'SHELL', 'KILL', 'XCLIENT', 'XFORWARD'];

/** What TLS is spoken with, in PEM. */
export interface TlsCertificate {
  readonly cert: string;
  readonly key: string;
  /** The authorities that vouch for clients' certificates; those that Node knows where absent. */
  readonly ca?: string;
}

export interface SubmissionOptions extends ReceivingTools {
  /** How the server calls itself. */
  readonly name: string;
  /** PEM; without it no STARTTLS is offered, and only this machine can sign in. */
  readonly tls: TlsCertificate | null;
  readonly throttle: FailureThrottle;
  readonly shutdownMilliseconds: number;
  readonly signInMilliseconds?: number | undefined;
  readonly strangersPerNetwork?: number | undefined;
  readonly dataMilliseconds?: number | undefined;
}

type Reply = (error?: Error | null) => void;

/** SMTP submission (RFC 6409): who signs in, or is trusted by its network or certificate, hands over mail of its organization. */
export class SubmissionServer extends SMTPServer {
  readonly #tools: SubmissionOptions;
  readonly #inHand = new Map<string, Promise<void>>();
  readonly #trust: PeerTrust;
  readonly #strangerRefusals = new WeakMap<SMTPServerSession, number>();
  /** Of the organization on whose word a message is coming. */
  readonly #limits = new WeakMap<SMTPServerSession, SubmissionLimits>();
  #isEnding = false;

  constructor(tools: SubmissionOptions) {
    super({
      name: tools.name,
      banner: 'Signet',
      ...tools.tls,
      // Every client is asked for a certificate, and let on without one or with any: what it is good for is said at MAIL.
      requestCert: true,
      rejectUnauthorized: false,
      // A session that is resumed has the certificate, and not what it was vouched for with: each connection shows all of it.
      secureOptions: constants.SSL_OP_NO_TICKET,
      disabledCommands: [...DISABLED_COMMANDS, ...(tools.tls ? [] : ['STARTTLS'])],
      authMethods: ['PLAIN', 'LOGIN'],
      // Bounces and trusted mail systems come without: see onMailFrom.
      authOptional: true,
      // Judged for each session: see onConnect.
      allowInsecureAuth: true,
      hideENHANCEDSTATUSCODES: false,
      // Kept by the worker's delivery reports.
      hideDSN: false,
      disableReverseLookup: true,
      size: tools.maxMessageBytes,
      maxRecipients: recipientLimit,
      maxClients: MAX_CLIENTS,
      socketTimeout: IDLE_MILLISECONDS,
      closeTimeout: tools.shutdownMilliseconds,
    });
    this.#tools = tools;
    this.#trust = new PeerTrust(tools.database, tools.log, tools.tls?.ca ?? null);
    this.on('error', (error) => tools.log.debug({ error: errorFacts(error) }, 'connection failed'));
  }

  override connect(socket: Socket | TLSSocket, options?: SMTPConnectionOptions | null): void {
    const connection = new SubmissionConnection(this, socket, options);
    connection.isEnding = () => this.#isEnding;
    connection.isUnwelcome = () => this.#hasTooManyStrangers(networkOf(connection.remoteAddress));
    connection.isKnown = () => this.#isKnown(connection.session);
    connection.signInMilliseconds = this.#tools.signInMilliseconds ?? SIGN_IN_MILLISECONDS;
    this.connections.add(connection);
    connection.on('error', (error: Error) => this.emit('error', error));
    connection.init();
  }

  /** From other machines AUTH exists only after STARTTLS: nobody is tempted to send a password in clear. */
  override onConnect(session: SMTPServerSession, reply: Reply): void {
    if (!isLoopbackAddress(session.remoteAddress)) session.disabledCommands = [...this.options.disabledCommands, 'AUTH'];
    reply();
  }

  override onSecure(socket: Socket | TLSSocket, session: SMTPServerSession, reply: Reply): void {
    session.disabledCommands = this.options.disabledCommands;
    this.#trust.see(socket, session);
    reply();
  }

  override onAuth(...[auth, session, reply]: Parameters<SMTPServer['onAuth']>): void {
    signIn(auth, session.remoteAddress, this.#tools).then(
      (user) => reply(null, { user }),
      (error: unknown) => reply(this.#refusalOf(error)),
    );
  }

  override onMailFrom(...[address, session, reply]: Parameters<SMTPServer['onMailFrom']>): void {
    if (address.address === '') return reply(declaredSize(address) > MAX_BOUNCE_BYTES ? new SmtpRefusal(smtpAnswers.tooLarge) : null);
    const user = userOf(session);
    const checked = user ? checkSender(this.#tools.database, user, address, session.envelope) : this.#checkTrust(address, session);
    const allowed = checked.then(() => this.#checkSize(address, session));
    allowed.then(
      () => reply(),
      (error: unknown) => this.#refuseStranger(session, this.#refusalOf(error), reply),
    );
  }

  /** @throws {SmtpRefusal} 552 where the message is said to be larger than its organization allows. */
  async #checkSize(address: SMTPServerAddress, session: SMTPServerSession): Promise<void> {
    const [submitter] = this.#submittersOf(session);
    if (!submitter) return;
    const limits = await readSubmissionLimits(this.#tools.database.forOrganization(submitter.organizationId));
    this.#limits.set(session, limits);
    if (declaredSize(address) > bytesAllowed(limits, this.#tools.maxMessageBytes)) throw new SmtpRefusal(smtpAnswers.tooLarge);
  }

  async #checkTrust(address: SMTPServerAddress, session: SMTPServerSession): Promise<void> {
    if (!session.secure && !isLoopbackAddress(session.remoteAddress)) throw new SmtpRefusal(smtpAnswers.encryptionRequired);
    await this.#trust.check(address, session);
  }

  override onRcptTo(...[address, session, reply]: Parameters<SMTPServer['onRcptTo']>): void {
    this.#checkRecipient(address, session).then(
      () => reply(),
      (error: unknown) => this.#refuseStranger(session, this.#refusalOf(error), reply),
    );
  }

  override onData(...[stream, session, reply]: Parameters<SMTPServer['onData']>): void {
    const tooSlow = setTimeout(() => {
      if (!stream.readableEnded) this.#cut(session.id, smtpAnswers.tooSlow);
    }, this.#tools.dataMilliseconds ?? DATA_MILLISECONDS);
    const handled = this.#receive(stream, session)
      .then(
        (text) => (text === null ? this.#cut(session.id, smtpAnswers.tooLarge) : reply(null, text)),
        (error: unknown) => reply(this.#refusalOf(error)),
      )
      .finally(() => {
        clearTimeout(tooSlow);
        this.#inHand.delete(session.id);
        if (this.#isEnding) this.#dismiss(session.id);
      });
    this.#inHand.set(session.id, handled);
  }

  /**
   * Stops listening, tells idle clients to go, and waits for messages in hand as long as `shutdownMilliseconds`; who is still
   * sending then is cut off and keeps its message.
   */
  async shutDown(): Promise<void> {
    this.#isEnding = true;
    const closed = new Promise<void>((resolve) => this.close(resolve));
    for (const { id } of this.connections) if (!this.#inHand.has(id)) this.#dismiss(id);
    await closed;
    await Promise.allSettled(this.#inHand.values());
  }

  async #checkRecipient(address: SMTPServerAddress, session: SMTPServerSession): Promise<void> {
    const { envelope } = session;
    if (envelope.mailFrom && envelope.mailFrom.address === '') {
      if (envelope.rcptTo.length > 0) throw new SmtpRefusal(smtpAnswers.oneBounce);
      await checkBounceAddress(address.address, this.#tools);
    } else {
      if (envelope.rcptTo.length >= (this.#limits.get(session)?.maxRecipients ?? recipientLimit)) {
        throw new SmtpRefusal(smtpAnswers.tooManyRecipients);
      }
      checkRecipient(address, envelope);
    }
  }

  /** The text of the answer 250; null when there is nobody to answer. @throws {SmtpRefusal} any other answer. */
  async #receive(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<string | null> {
    const { mailFrom, rcptTo } = session.envelope;
    if (mailFrom && mailFrom.address === '') return this.#receiveBounce(rcptTo[0]?.address ?? '', stream);
    const submitters = this.#submittersOf(session);
    const [submitter] = submitters;
    if (!submitter || !mailFrom) throw new SmtpRefusal(smtpAnswers.signInRequired);
    const declared = declaredSize(mailFrom);
    const incoming = {
      organizationId: submitter.organizationId,
      submitters,
      sender: storedAddress(mailFrom.address),
      recipients: rcptTo.map((recipient) => envelopeRecipient(recipient, mailFrom)),
      arrival: arrivalOf(session, this.#tools.name),
      declaredSize: Number.isSafeInteger(declared) ? declared : null,
      stream,
    };
    const reception = await receiveMessage(incoming, this.#tools);
    if (reception.kind === 'accepted') {
      await this.#trust.bookUse(reception.submitter);
      return acceptedText(reception.messageId);
    }
    if (reception.kind === 'cut' || !(await readAway(stream, this.#tools.maxMessageBytes))) return null;
    throw new SmtpRefusal(reception.answer);
  }

  async #receiveBounce(address: string, stream: SMTPServerDataStream): Promise<string | null> {
    try {
      await receiveBounce(await checkBounceAddress(address, this.#tools), stream, this.#tools);
      return '2.0.0 Accepted';
    } catch (error) {
      if (!(await readAway(stream, MAX_BOUNCE_BYTES))) return null;
      throw error;
    }
  }

  #submittersOf(session: SMTPServerSession): readonly Submitter[] {
    const user = userOf(session);
    return user ? [user] : this.#trust.submittersOf(session);
  }

  #isKnown(session: SMTPServerSession): boolean {
    return this.#submittersOf(session).length > 0;
  }

  /** Who has not signed in and is refused again and again is looking for something, and gets no time to find it. */
  #refuseStranger(session: SMTPServerSession, refusal: SmtpRefusal, reply: Reply): void {
    const refusals = (this.#strangerRefusals.get(session) ?? 0) + 1;
    this.#strangerRefusals.set(session, refusals);
    if (refusals < STRANGER_REFUSALS || this.#isKnown(session)) reply(refusal);
    else this.#cut(session.id, smtpAnswers.tooManyRefusals);
  }

  #hasTooManyStrangers(network: string): boolean {
    let strangers = 0;
    for (const { session, remoteAddress } of this.connections)
      if (!this.#isKnown(session) && networkOf(remoteAddress) === network) strangers += 1;
    return strangers > (this.#tools.strangersPerNetwork ?? STRANGERS_PER_NETWORK);
  }

  /** Whatever was not foreseen is "not now": the sender keeps the message and tries again. */
  #refusalOf(error: unknown): SmtpRefusal {
    if (error instanceof SmtpRefusal) return error;
    this.#tools.log.error({ error: errorFacts(error) }, 'command not possible');
    return new SmtpRefusal(smtpAnswers.unavailable);
  }

  #cut(id: string, answer: SmtpAnswer): void {
    for (const connection of this.connections) {
      if (connection.id !== id) continue;
      connection.send(answer.code, answerText(answer));
      connection.close();
    }
  }

  #dismiss(id: string): void {
    for (const connection of this.connections) if (connection.id === id) connection.send(smtpAnswers.shutdown.code);
  }
}

/** Bytes as declared in MAIL (RFC 1870); NaN where they are not. */
function declaredSize({ args }: SMTPServerAddress): number {
  return args ? Number(args['SIZE']) : Number.NaN;
}

/** What passes through says how it came (RFC 3848). */
function arrivalOf(session: SMTPServerSession, serverName: string): Arrival {
  const { hostNameAppearsAs, remoteAddress, secure } = session;
  const protocol = userOf(session) ? (secure ? 'ESMTPSA' : 'ESMTPA') : secure ? 'ESMTPS' : 'ESMTP';
  return { client: { name: hostNameAppearsAs || null, ip: remoteAddress }, serverName, protocol };
}

function userOf(session: SMTPServerSession): SignedIn | null {
  const user: unknown = session.user;
  return isSignedIn(user) ? user : null;
}

function isSignedIn(user: unknown): user is SignedIn {
  return typeof user === 'object' && user !== null && 'credentialId' in user;
}
