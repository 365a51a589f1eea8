import { simpleParser } from 'mailparser';
import { expect, test, vi } from 'vitest';
import { startNextHop } from './testing/next-hop-server.ts';
import { openTestWorker } from './testing/test-worker.ts';

const patience = { timeout: 45_000, interval: 50 };
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

/** Names of a mail's fields, in their order. */
function fieldsOf(raw: string): (string | undefined)[] {
  const header = raw.slice(0, raw.indexOf('\r\n\r\n'));
  return [...header.matchAll(/^([\w-]+):/gm)].map(([, name]) => name);
}

test('no subject forges a field of the wrapper mail, a second recipient, a body of its own or a line of the log', async () => {
  const nextHop = await startNextHop();
  const worker = await openTestWorker({ nextHopUrl: nextHop.url });
  await worker.accept(['plain@example.net']);
  for (const [index, lineBreak] of Object.values(breaks).entries()) {
    const subject = `Offer${lineBreak}Bcc: eve@example.org${lineBreak}X-Forged: yes${lineBreak}${lineBreak}{"msg":"forged"}`;
    await worker.accept([`r${index}@example.net`], { subject });
  }
  worker.run();
  const count = Object.keys(breaks).length + 1;
  await vi.waitFor(() => expect(nextHop.mails).toHaveLength(count), patience);
  await vi.waitFor(async () => expect(await worker.system.query('select 1 from outbox')).toEqual([]), patience);

  const [plain, ...evil] = nextHop.mails.toSorted((a, b) => a.to.localeCompare(b.to));
  if (!plain) throw new Error('No mail came');
  const expected = fieldsOf(plain.raw);
  for (const { raw, to } of evil) {
    expect([to, fieldsOf(raw)]).toEqual([to, expected]);
    const parsed = await simpleParser(raw);
    // Mail programs show a subject on one line: what would break it, or move a cursor, is a space there.
    expect(parsed.subject).not.toMatch(/[\r\n]/);
    expect([parsed.bcc, parsed.headers.has('x-forged')]).toEqual([undefined, false]);
    expect(parsed.text).toMatch(/\/m\//);
  }
  expect(new Set(nextHop.recipients).size).toBe(count);
  expect(nextHop.recipients.some((address) => address.includes('eve'))).toBe(false);
  const lines = worker.log.filter((line) => line.includes('forged') || line.indexOf('\n') !== line.length - 1);
  expect(lines).toEqual([]);
}, 120_000);
