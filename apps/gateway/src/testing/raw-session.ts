import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { ConnectionOptions, TLSSocket } from 'node:tls';

/** A client that sends exactly the bytes it is told, for what no mail program would send. */
export class RawSession {
  readonly #socket: Socket;
  #received = '';
  #isClosed = false;
  #wake: () => void = () => undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => {
      this.#received += text;
      this.#wake();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#isClosed = true;
      this.#wake();
    });
  }

  /** Connects and takes the greeting. @param localAddress where the client seems to be. */
  static async open(port: number, host = '127.0.0.1', localAddress?: string): Promise<RawSession> {
    const session = new RawSession(connect({ port, host, localAddress }));
    await session.answer();
    return session;
  }

  /** Connects and leaves. @returns the greeting. */
  static async greeting(port: number, host = '127.0.0.1'): Promise<string> {
    const session = new RawSession(connect(port, host));
    try {
      return await session.answer();
    } finally {
      session.destroy();
    }
  }

  /** Connects, says EHLO and signs in. */
  static async signedIn(port: number, { username, password }: { username: string; password: string }): Promise<RawSession> {
    const session = await RawSession.open(port);
    await session.ask('EHLO client.example');
    const answer = await session.ask(`AUTH PLAIN ${Buffer.from(`\0${username}\0${password}`).toString('base64')}`);
    if (!answer.startsWith('235')) throw new Error(`Not signed in: ${answer}`);
    return session;
  }

  /** Says STARTTLS and EHLO. @returns the session within TLS, and its socket; what was before is over. */
  async startTls(options: ConnectionOptions): Promise<{ session: RawSession; socket: TLSSocket }> {
    const answer = await this.ask('STARTTLS');
    if (!answer.startsWith('220')) throw new Error(`No TLS: ${answer}`);
    this.#socket.removeAllListeners('data');
    const socket = connectTls({ ...options, socket: this.#socket });
    await once(socket, 'secureConnect');
    const session = new RawSession(socket);
    await session.ask('EHLO client.example');
    return { session, socket };
  }

  /** Sends bytes as they are. */
  write(bytes: string | Uint8Array): void {
    this.#socket.write(bytes);
  }

  /** Sends one command line and takes its answer. */
  ask(line: string): Promise<string> {
    this.write(`${line}\r\n`);
    return this.answer();
  }

  /** The next whole answer, lines joined by LF; '' when the connection ended first. */
  async answer(milliseconds = 40_000): Promise<string> {
    const deadline = Date.now() + milliseconds;
    for (;;) {
      const match = /^(?:\d{3}-[^\n]*\n)*\d{3}(?: [^\n]*)?\n/.exec(this.#received);
      if (match) {
        this.#received = this.#received.slice(match[0].length);
        return match[0].replaceAll('\r', '').trimEnd();
      }
      if (this.#isClosed) return '';
      const left = deadline - Date.now();
      if (left <= 0) throw new Error('No answer came');
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** Envelope and DATA up to 354; throws at any other answer. */
  async beginData(sender: string, recipients: readonly string[]): Promise<void> {
    for (const line of [`MAIL FROM:<${sender}>`, ...recipients.map((recipient) => `RCPT TO:<${recipient}>`), 'DATA']) {
      const answer = await this.ask(line);
      if (!/^[23]/.test(answer)) throw new Error(`${line}: ${answer}`);
    }
  }

  /** One whole message; its text is sent as it is, then CRLF.CRLF. @returns the answer to it. */
  async send(sender: string, recipients: readonly string[], message: string | Uint8Array): Promise<string> {
    await this.beginData(sender, recipients);
    this.write(message);
    this.write('\r\n.\r\n');
    return this.answer();
  }

  destroy(): void {
    this.#socket.destroy();
  }
}
