import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { onTestFinished } from 'vitest';

/** A mail as it came to the next hop, taken or refused. */
export interface ArrivedMail {
  readonly from: string;
  readonly to: string;
  readonly raw: string;
  readonly bytes: Buffer;
  readonly answer: number;
}

export interface TestNextHop {
  readonly url: string;
  readonly mails: ArrivedMail[];
  /** The addresses of every RCPT, as they came. */
  readonly recipients: string[];
  /** How many mails came to their end, answered or not. */
  begun(): number;
}

/** A real SMTP server that answers the nth mail to a recipient as told: 250, or a reply like `451 4.3.0 Later`, once `held` is over. */
export async function startNextHop(
  answers: (to: string, attempt: number) => string = () => '250',
  held: Promise<void> = Promise.resolve(),
): Promise<TestNextHop> {
  let begun = 0;
  const mails: ArrivedMail[] = [];
  const recipients: string[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onRcptTo: ({ address }, _session, done) => {
      recipients.push(address);
      done();
    },
    onData: (stream, session, done) => {
      const pieces: Buffer[] = [];
      stream.on('data', (piece: Buffer) => pieces.push(piece));
      stream.on('end', () => {
        const to = session.envelope.rcptTo[0]?.address ?? '';
        const from = session.envelope.mailFrom === false ? '' : session.envelope.mailFrom.address;
        const [code = '', ...words] = answers(to, mails.filter((mail) => mail.to === to).length + 1).split(' ');
        const bytes = Buffer.concat(pieces);
        mails.push({ from, to, raw: bytes.toString('utf8'), bytes, answer: Number(code) });
        begun += 1;
        const answer = () =>
          code === '250' ? done(null, 'Queued') : done(Object.assign(new Error(words.join(' ')), { responseCode: Number(code) }));
        void held.then(answer);
      });
    },
  });
  server.on('error', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return { url: urlOf(server.server.address()), mails, recipients, begun: () => begun };
}

/** A server that takes every mail and says 250, with one reply after DATA as it is told. */
export async function startRawNextHop(reply: string): Promise<string> {
  const server = createServer((socket) => {
    let inData = false;
    let rest = '';
    const answer = (line: string) => {
      if (inData && line !== '.') return;
      const wasData = inData;
      inData = line === 'DATA';
      socket.write(`${wasData ? reply : inData ? '354 Go on' : '250 OK'}\r\n`);
    };
    socket.on('error', () => undefined);
    socket.setEncoding('utf8').on('data', (text: string) => {
      const lines = `${rest}${text}`.split('\r\n');
      rest = lines.pop() ?? '';
      for (const line of lines) answer(line);
    });
    socket.write('220 ready\r\n');
    onTestFinished(() => void socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return urlOf(server.address());
}

/** A port that takes connections and says nothing, or shuts them at once. */
export async function startBrokenNextHop(manner: 'silent' | 'closing'): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    if (manner === 'closing') socket.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return urlOf(server.address());
}

function urlOf(address: AddressInfo | string | null): string {
  if (typeof address !== 'object' || !address) throw new Error('The server does not listen');
  return `smtp://127.0.0.1:${address.port}`;
}
