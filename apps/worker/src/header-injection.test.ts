import { setMember } from '@signet/db/organization';
import { simpleParser } from 'mailparser';
import { expect, test, vi } from 'vitest';
import { reportMime } from './report-mime.ts';
import { serverOf, smtpNextHop } from './smtp-next-hop.ts';
import { deliveryReport } from './testing/delivery-report.ts';
import { startNextHop } from './testing/next-hop-server.ts';
import { askForPasscode, mailLink } from './testing/ordered-mail.ts';
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

const marks = { ...breaks, quote: '"', 'angle bracket': '<', 'closing bracket': '>', comma: ',' };
const forgery = (mark: string) => `Acme${mark}Bcc: eve@example.org${mark}X-Forged: yes${mark}${mark}forged`;

test('no name of an organization forges a field or a recipient of a passcode mail, an invitation or a password reset', async () => {
  const nextHop = await startNextHop();
  const worker = await openTestWorker({ nextHopUrl: nextHop.url });
  const { recipients } = await worker.accept(['bob@example.net']);
  const scope = worker.database.forOrganization(worker.organization.id);
  const memberId = await scope.administer((tx) => setMember(tx, { email: 'carol@acme.example', role: 'auditor', passwordHash: 'none' }));
  worker.run();
  await vi.waitFor(async () => expect(await worker.system.query('select 1 from outbox')).toEqual([]), patience);
  const expected = new Map<string, ReturnType<typeof fieldsOf>>();
  for (const name of ['Acme', ...Object.values(marks).map(forgery)]) {
    await worker.system.query('update organization set name = $1', [name]);
    nextHop.mails.splice(0);
    await askForPasscode(worker, recipients[0]?.id ?? '', '31415926');
    await mailLink(worker, memberId);
    await mailLink(worker, memberId, 'password-reset');
    await vi.waitFor(async () => expect(await worker.system.query('select 1 from outbox')).toEqual([]), patience);
    expect(nextHop.mails).toHaveLength(3);
    for (const { raw } of nextHop.mails) {
      const parsed = await simpleParser(raw);
      const kind = /passcode|invite|password/i.exec(parsed.subject ?? '')?.[0].toLowerCase() ?? '';
      if (name === 'Acme') expected.set(kind, fieldsOf(raw));
      expect([name, kind, fieldsOf(raw)]).toEqual([name, kind, expected.get(kind)]);
      expect(parsed.subject).not.toMatch(/[\r\n]/);
      expect([parsed.bcc, parsed.headers.has('x-forged')]).toEqual([undefined, false]);
    }
  }
  expect(expected.size).toBe(3);
  expect(new Set(nextHop.recipients)).toEqual(new Set(['bob@example.net', 'carol@acme.example']));
}, 180_000);

test.each(Object.entries({ ...marks, NUL: '\0' }))(
  'a mail with %s in its subject and in its addresses is one mail to one mailbox with no field of its own, or is not sent',
  async (_, mark) => {
    const nextHop = await startNextHop();
    const sender = smtpNextHop({ server: serverOf(nextHop.url), connections: 1, answerWithinSeconds: 20 });
    const plain = {
      organizationId: crypto.randomUUID(),
      messageId: '<a@acme.example>',
      from: 'no-reply@acme.example',
      to: 'bob@example.net',
      subject: 'Plain',
      html: '<p>Hi</p>',
      text: 'Hi',
      headers: { 'Auto-Submitted': 'auto-generated' },
    };
    const evil = {
      subject: forgery(mark),
      to: `bob${mark}Bcc: eve@example.org${mark}@example.net`,
      from: `no-reply@acme.example${mark}Bcc: eve@example.org`,
    };
    try {
      await sender.send(plain);
      for (const [part, text] of Object.entries(evil)) await sender.send({ ...plain, messageId: `<${part}@acme.example>`, [part]: text });
    } finally {
      sender.close();
    }
    const [first, ...rest] = nextHop.mails;
    expect(rest.length).toBeGreaterThan(0);
    for (const { raw, from, to } of rest) expect([fieldsOf(raw), from, to]).toEqual([fieldsOf(first?.raw ?? ''), plain.from, plain.to]);
    expect(new Set(nextHop.recipients)).toEqual(new Set([plain.to]));
  },
);

test.each(Object.entries({ ...marks, NUL: '\0' }))(
  'a report about a message with %s in its subject and its Message-ID shows no field of the header but those two',
  async (_, mark) => {
    const raw = await reportMime(
      {
        organizationId: crypto.randomUUID(),
        messageId: '<d-1@acme.example>',
        from: 'no-reply@acme.example',
        to: 'alice@acme.example',
        subject: `Not delivered: ${forgery(mark)}`,
        html: '<p>Hi</p>',
        text: 'Hi',
        headers: { 'Auto-Submitted': 'auto-replied' },
      },
      { status: 'Reporting-MTA: dns;mail.acme.example\r\n\r\n', about: { 'Message-ID': `<${forgery(mark)}>`, Subject: forgery(mark) } },
    );
    const { mail, about } = await deliveryReport(raw.toString('latin1'));
    expect([...about.matchAll(/^([\w-]+):/gm)].map(([, name]) => name)).toEqual(['Message-ID', 'Subject']);
    expect([mail.bcc, mail.headers.has('x-forged')]).toEqual([undefined, false]);
    expect(about).toMatch(/^\p{ASCII}*$/u);
  },
);
