import { once } from 'node:events';
import { SMTPServer } from 'smtp-server';
import { portOf } from './signet.ts';

/** A mail server of an organization's own that takes every mail and keeps it as it came, byte for byte, by its recipient. */
export interface MailSink {
  readonly port: number;
  readonly mails: ReadonlyMap<string, Buffer>;
  readonly stop: () => Promise<void>;
}

export async function startMailSink(): Promise<MailSink> {
  const mails = new Map<string, Buffer>();
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.once('end', () => {
        mails.set(session.envelope.rcptTo[0]?.address ?? '', Buffer.concat(chunks));
        done(null, 'Queued');
      });
    },
  });
  server.on('error', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  return { port: portOf(server.server), mails, stop: () => new Promise((resolve) => server.close(() => resolve())) };
}
