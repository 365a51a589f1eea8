import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** What becomes of one mail: it is answered so at its end; or the server says nothing more, or goes away, in the middle of its lines. */
export type Fault = `${number}` | `${number} ${string}` | 'hang' | 'close';

interface SeenMail {
  readonly from: string;
  readonly to: string;
  /** As it came, without the dots that transport adds. */
  raw: string;
}

export interface FaultyNextHop {
  readonly url: string;
  /** MAIL, RCPT and all other commands, as they came. */
  readonly commands: string[];
  /** Mails that came to their end and were answered 250. */
  readonly taken: SeenMail[];
  /** All whose DATA began. */
  readonly begun: SeenMail[];
}

/** A real SMTP server that does with the nth mail to a recipient as it is told. @param options `dsn`: it offers DSN. */
export async function startFaultyNextHop(
  faultOf: (to: string, nth: number) => Fault,
  options: { readonly dsn?: boolean } = {},
): Promise<FaultyNextHop> {
  const hop = { commands: [] as string[], taken: [] as SeenMail[], begun: [] as SeenMail[] };
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    converse(socket, hop, faultOf, options);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { ...hop, url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

function converse(
  socket: Socket,
  hop: Omit<FaultyNextHop, 'url'>,
  faultOf: (to: string, nth: number) => Fault,
  { dsn = false }: { readonly dsn?: boolean },
): void {
  let from = '';
  let to = '';
  let mail: SeenMail | null = null;
  let rest = '';
  const say = (line: string) => void socket.write(`${line}\r\n`);
  const command = (line: string) => {
    hop.commands.push(line);
    const address = /<(.*?)>/.exec(line)?.[1] ?? '';
    const verb = line.slice(0, 4).toUpperCase();
    if (verb === 'EHLO') return say(dsn ? '250-hop.example\r\n250-DSN\r\n250 SMTPUTF8' : '250-hop.example\r\n250 SMTPUTF8');
    if (verb === 'MAIL') from = address;
    if (verb === 'RCPT') to = address;
    if (verb !== 'DATA') return say('250 OK');
    mail = { from, to, raw: '' };
    hop.begun.push(mail);
    return say('354 Go on');
  };
  const end = (seen: SeenMail, fault: Fault) => {
    mail = null;
    if (fault.startsWith('250')) hop.taken.push(seen);
    say(fault === '250' ? '250 Queued' : fault);
  };
  const content = (seen: SeenMail, line: string) => {
    const fault = faultOf(seen.to, hop.begun.filter((each) => each.to === seen.to).length);
    if (fault === 'close') socket.destroy();
    else if (fault === 'hang') socket.pause();
    else if (line === '.') end(seen, fault);
    else seen.raw += `${line.startsWith('.') ? line.slice(1) : line}\r\n`;
  };
  socket.on('error', () => undefined);
  socket.setEncoding('latin1').on('data', (text: string) => {
    const lines = `${rest}${text}`.split('\r\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (mail) content(mail, line);
      else command(line);
    }
  });
  say('220 hop.example');
}
