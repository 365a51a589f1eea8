import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { mailHeader, mixedMailRest } from './sample-mail.ts';
import { SmtpSession, endOfData } from './smtp-session.ts';

/** A server that reads a script of answers: one for the greeting, then one for each line it gets. */
async function serve(answers: readonly string[]) {
  const lines: string[] = [];
  const server = createServer((socket) => {
    let left = [...answers];
    const say = () => {
      const [answer, ...rest] = left;
      left = rest;
      if (answer !== undefined) socket.write(answer);
    };
    say();
    socket.setEncoding('latin1').on('data', (text: string) => {
      lines.push(text);
      say();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return { lines, server: { host: '127.0.0.1', port: address.port }, close: () => server.close() };
}

describe('an SMTP session of the bench', () => {
  it('counts a message as taken only after the answer to its last byte', async () => {
    const { lines, server, close } = await serve([
      '220 hi\r\n',
      '250-a\r\n250 b\r\n',
      '250 ok\r\n',
      '250 ok\r\n',
      '354 go\r\n',
      '451 no\r\n',
    ]);
    const session = await SmtpSession.open(server);
    const sent = session.send({ sender: 'a@acme.example', recipients: ['b@example.net'], data: Buffer.from(`x${endOfData}`) });
    await expect(sent).rejects.toThrow('451 no');
    expect(lines.slice(1)).toEqual(['MAIL FROM:<a@acme.example>\r\n', 'RCPT TO:<b@example.net>\r\n', 'DATA\r\n', 'x\r\n.\r\n']);
    close();
  });

  it('sends messages of about 100,000 bytes, in which no line begins with a dot', () => {
    const message = mailHeader('00000000-0000-4000-8000-000000000000', 'reader0@example.net') + mixedMailRest();
    expect(Math.abs(message.length - 100_000)).toBeLessThan(500);
    expect(message.indexOf('\r\n.')).toBe(message.length - endOfData.length);
  });
});
