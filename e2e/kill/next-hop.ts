import { once } from 'node:events';
import { SMTPServer } from 'smtp-server';
import { portOf } from '../signet.ts';
import type { Chance } from './chance.ts';

/** How long the next hop thinks about a mail at most, in milliseconds: so there are always some whose answer is on its way. */
const THINKING = 40;

/** Every copy of the wrapper mail to one recipient of one message, known by its link. */
export interface ArrivedWrapper {
  readonly token: string;
  readonly subject: string;
  readonly to: string;
  /** The Message-ID of each copy, in the order of their arrival. */
  readonly messageIds: string[];
}

/** The mail server that Signet hands its mails to: takes every mail, and counts it as soon as its last byte is there. */
export class NextHop {
  readonly wrappers = new Map<string, ArrivedWrapper>();
  /** Passcodes by the reference in their mail's subject. */
  readonly passcodes = new Map<string, string>();
  /** Told of a recipient's first wrapper mail. */
  onWrapper: (wrapper: ArrivedWrapper) => void = () => undefined;
  readonly #server: SMTPServer;
  readonly #chance: Chance;

  private constructor(chance: Chance) {
    this.#chance = chance;
    this.#server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS', 'AUTH'],
      onData: (stream, session, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.once('end', () => {
          this.#take(Buffer.concat(chunks).toString('utf8'), session.envelope.rcptTo[0]?.address ?? '');
          setTimeout(() => done(null, 'Queued'), this.#chance.below(THINKING));
        });
      },
    });
    // A worker that was killed leaves its sessions torn.
    this.#server.on('error', () => undefined);
  }

  /** @param port any free one where it is not given. */
  static async start(chance: Chance, port = 0): Promise<NextHop> {
    const hop = new NextHop(chance);
    hop.#server.listen(port, '127.0.0.1');
    await once(hop.#server.server, 'listening');
    return hop;
  }

  get url(): string {
    return `smtp://127.0.0.1:${portOf(this.#server.server)}`;
  }

  stop(): Promise<void> {
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  #take(mail: string, to: string): void {
    const header = (name: string) =>
      new RegExp(`^${name}: *(.*(?:\r\n[ \t].*)*)`, 'im').exec(mail)?.[1]?.replaceAll(/\r\n[ \t]/g, '') ?? '';
    const subject = header('Subject');
    const [, code, reference] = /^(\d{8})\b.*\b([A-Z0-9]{4}-[A-Z0-9]{2})\b/.exec(subject) ?? [];
    if (code !== undefined && reference !== undefined) this.passcodes.set(reference, code);
    else this.#takeWrapper(mail, { to, subject, messageId: header('Message-ID') });
  }

  #takeWrapper(mail: string, { to, subject, messageId }: { to: string; subject: string; messageId: string }): void {
    // Soft line breaks of quoted-printable may stand in the link.
    const [, token] = /\/m\/([\w-]+)/.exec(mail.replaceAll('=\r\n', '')) ?? [];
    if (token === undefined) throw new Error(`A mail has neither passcode nor link: ${subject}`);
    const known = this.wrappers.get(token);
    if (known) {
      known.messageIds.push(messageId);
      return;
    }
    const wrapper = { token, subject, to, messageIds: [messageId] };
    this.wrappers.set(token, wrapper);
    this.onWrapper(wrapper);
  }
}
