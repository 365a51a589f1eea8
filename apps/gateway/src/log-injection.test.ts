import { expect, test } from 'vitest';
import { RawSession } from './testing/raw-session.ts';
import { mail, startTestGateway, storedMessages } from './testing/test-gateway.ts';

const ALICE = 'alice@acme.example';
const BOB = 'bob@example.net';

/** Everything that ends a line somewhere or moves a terminal's cursor, before what would be a line of the log or of a header. */
const FORGED = '{"level":30,"app":"gateway","msg":"forged"}';
const breaks = {
  CRLF: '\r\n',
  LF: '\n',
  CR: '\r',
  NEL: '\u0085',
  'U+2028': '\u2028',
  'U+2029': '\u2029',
  ANSI: '\u001b[2K\u001b[1A',
  VT: '\v',
  FF: '\f',
};

const encodedWord = (text: string) => `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`;

/** What would be a second line, or not JSON, or speaks of what was sent. */
function faultsIn(lines: readonly string[]): string[] {
  return lines.filter((line) => {
    const record: unknown = JSON.parse(line);
    const isOneRecord = typeof record === 'object' && record !== null && line.endsWith('}\n') && line.indexOf('\n') === line.length - 1;
    return !isOneRecord || /forged|[\p{Cc}\u2028\u2029]/u.test(line.slice(0, -1));
  });
}

test.each(Object.entries(breaks))(
  '%s in greeting, envelope, header and file names makes no line of the log and no field of a header',
  async (_, lineBreak) => {
    const { port, acme, database, logLines } = await startTestGateway();
    const rude = await RawSession.open(port);
    await rude.ask(`EHLO client.example${lineBreak}${FORGED}`);
    await rude.ask(`AUTH PLAIN ${Buffer.from(`\0a${lineBreak}${FORGED}\0b`).toString('base64')}`);
    rude.destroy();

    const session = await RawSession.signedIn(port, acme.smtp);
    for (const command of [`MAIL FROM:<al${lineBreak}${FORGED}ice@acme.example>`, `VRFY ${lineBreak}${FORGED}`]) await session.ask(command);
    session.destroy();

    const polite = await RawSession.signedIn(port, acme.smtp);
    const evil = encodedWord(`Offer${lineBreak}Bcc: eve@example.org${lineBreak}${FORGED}`);
    const header = [
      'Message-ID: <evil@acme.example>',
      `Subject: ${evil}`,
      `From: ${evil} <alice@acme.example>`,
      'Content-Type: multipart/mixed; boundary=b',
      'MIME-Version: 1.0',
    ];
    const body = [
      '--b',
      'Content-Type: text/plain',
      `Content-Disposition: attachment; filename*=utf-8''${encodeURIComponent(`a${lineBreak}${FORGED}.txt`)}`,
      '',
      'x',
      '--b--',
    ].join('\r\n');
    expect(await polite.send(ALICE, [BOB], mail(header, body))).toBe('250 2.0.0 Accepted <evil@acme.example>');
    const [message] = await storedMessages(database);
    expect(message?.recipients).toEqual([BOB]);
    const names = await database.system.query<{ name: string }>('select name from message_part where name is not null');
    expect(names).toHaveLength(1);
    expect(names.filter(({ name }) => /[\p{Cc}\u2028\u2029]/u.test(name))).toEqual([]);
    expect(logLines.length).toBeGreaterThan(0);
    expect(faultsIn(logLines)).toEqual([]);
  },
);
