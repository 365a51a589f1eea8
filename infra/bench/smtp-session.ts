import { connect } from 'node:net';
import type { Socket } from 'node:net';

export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  /** Signs in with AUTH PLAIN; none where the server trusts this machine. */
  readonly credentials?: { readonly username: string; readonly password: string } | undefined;
}

export interface Envelope {
  readonly sender: string;
  readonly recipients: readonly string[];
  /** As sent after DATA: lines end in CRLF, none begins with a dot, and CRLF.CRLF ends it. */
  readonly data: Buffer;
}

/** The end of a message as DATA carries it. */
export const endOfData = '\r\n.\r\n';

/**
 * One SMTP session, with as little work for the client as can be: it shares the machine with the server that it measures. No
 * pipelining: each command waits for its answer, as mail programs do.
 */
export class SmtpSession {
  readonly #socket: Socket;
  #received = '';
  #waiting: { readonly resolve: (answer: string) => void; readonly reject: (error: Error) => void } | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true).setEncoding('latin1');
    socket.on('data', (text: string) => {
      this.#received += text;
      // A line whose code is followed by a space ends an answer (RFC 5321, 4.2.1).
      if (!/^\d{3} [^\n]*\n$/m.test(this.#received)) return;
      const answer = this.#received;
      this.#received = '';
      this.#take()?.resolve(answer);
    });
    socket.on('error', (error) => this.#take()?.reject(error));
    socket.on('close', () => this.#take()?.reject(new Error('The server closed the session.')));
  }

  /** Connects, greets, and signs in where there are credentials. */
  static async open({ host, port, credentials }: SmtpServer): Promise<SmtpSession> {
    const session = new SmtpSession(connect(port, host));
    await session.#expect(session.#answer(), '220');
    await session.#command('EHLO client.example', '250');
    if (credentials !== undefined) {
      const { username, password } = credentials;
      await session.#command(`AUTH PLAIN ${Buffer.from(`\0${username}\0${password}`).toString('base64')}`, '235');
    }
    return session;
  }

  /** Resolves once the server has taken responsibility. @throws with the server's answer when it has not. */
  async send({ sender, recipients, data }: Envelope): Promise<void> {
    await this.#command(`MAIL FROM:<${sender}>`, '250');
    for (const recipient of recipients) await this.#command(`RCPT TO:<${recipient}>`, '250');
    await this.#command('DATA', '354');
    const answer = this.#answer();
    this.#socket.write(data);
    await this.#expect(answer, '250');
  }

  async close(): Promise<void> {
    await this.#command('QUIT', '221');
    this.#socket.destroy();
  }

  async #command(line: string, code: string): Promise<void> {
    const answer = this.#answer();
    this.#socket.write(`${line}\r\n`);
    await this.#expect(answer, code);
  }

  #answer(): Promise<string> {
    return new Promise((resolve, reject) => (this.#waiting = { resolve, reject }));
  }

  async #expect(answer: Promise<string>, code: string): Promise<void> {
    const text = await answer;
    if (!text.startsWith(code)) throw new Error(`The server answered: ${text.trim()}`);
  }

  #take() {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    return waiting;
  }
}
