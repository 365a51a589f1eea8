import { once } from 'node:events';
import { createServer, type TLSSocket } from 'node:tls';
import { generate } from 'selfsigned';

export interface SyslogReceiver {
  readonly port: number;
  /** PEM: who vouches for it, which is itself. */
  readonly authority: string;
  /** The messages that came whole. */
  readonly messages: () => string[];
  /** Common names of the certificates that senders have shown. */
  readonly senders: () => readonly string[];
  readonly close: () => void;
}

/** A receiver of syslog over TLS at 127.0.0.1, whose certificate is of that address and known to nobody. */
export async function startSyslogReceiver(): Promise<SyslogReceiver> {
  const { cert, private: key } = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(Date.now() - 86_400_000),
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
  });
  const streams: Buffer[][] = [];
  const sockets = new Set<TLSSocket>();
  const senders: string[] = [];
  // It asks for a certificate and takes any, and none.
  const server = createServer({ cert, key, requestCert: true, rejectUnauthorized: false }, (socket) => {
    const name = socket.getPeerCertificate().subject?.CN;
    if (typeof name === 'string') senders.push(name);
    const read: Buffer[] = [];
    streams.push(read);
    sockets.add(socket);
    socket
      .on('data', (piece: Buffer) => void read.push(piece))
      .on('error', () => undefined)
      .on('close', () => sockets.delete(socket));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port');
  return {
    port: address.port,
    authority: cert,
    senders: () => senders,
    messages: () => streams.flatMap((read) => messagesIn(Buffer.concat(read))),
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

/** Each behind its length in octets (RFC 5425, 4.3). */
function messagesIn(stream: Buffer): string[] {
  const messages: string[] = [];
  for (let at = 0; ;) {
    const space = stream.indexOf(' ', at);
    const end = space + 1 + Number(stream.subarray(at, Math.max(space, at)).toString('latin1'));
    if (space === -1 || stream.length < end) return messages;
    messages.push(stream.subarray(space + 1, end).toString('utf8'));
    at = end;
  }
}
