import { createSecretKey } from 'node:crypto';
import { makeTransitId } from '@signet/domain/loop-header';
import { mailRuleSchema } from '@signet/domain/mail-rule';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ParserPool } from './parser-pool.ts';
import { receivedField } from './received-field.ts';
import { takeIn } from './take-in.ts';
import { readAsSent, readExpected } from './testing/corpus.ts';
import { openTestVault, ORGANIZATION_ID, type TestVault } from './testing/test-vault.ts';

const loopKey = createSecretKey(Buffer.alloc(32, 5));
const uid = '0190a6f0-0000-7000-8000-000000000001';
const received = (at = 1) =>
  receivedField(
    { client: { name: 'mx.acme.example', ip: '192.0.2.1' }, serverName: 'signet.example', protocol: 'ESMTPSA' },
    makeTransitId(loopKey, uid),
    new Date(at),
  );
const ruleThat = (kind: 'passThrough' | 'passInside') =>
  mailRuleSchema.parse({ name: 'Pass', conditions: [{ kind: 'always' }], actions: [{ kind }] });
const removing = mailRuleSchema.parse({
  name: 'Remove',
  conditions: [{ kind: 'always' }],
  actions: [{ kind: 'removeHeader', header: 'X-Note' }],
  stop: false,
});

let vault: TestVault;
let parser: ParserPool;
beforeAll(async () => {
  vault = await openTestVault();
  // Time is not what is tested here.
  parser = new ParserPool({ size: 1, limits: { milliseconds: 300_000 } });
});
afterAll(async () => {
  await parser.close();
  await vault.close();
});

async function* inPieces(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += 1_000) yield bytes.subarray(at, at + 1_000);
}

async function take(raw: Buffer, rules = [removing, ruleThat('passThrough')]) {
  const blob = await vault.createBlob();
  const taken = await takeIn({
    source: inPieces(raw),
    organizationId: ORGANIZATION_ID,
    sender: 'ann@acme.example',
    recipients: ['bob@example.net'],
    senderGroups: [],
    ownDomains: [],
    rules,
    templates: { names: ['OME Configuration'], defaultName: 'OME Configuration' },
    blob,
    parser,
    loopKeys: [loopKey],
    maxBytes: 64 * 1024 * 1024,
    refuseBareNewlines: true,
    receivedField: received(),
  });
  if (taken.outcome !== 'accepted') return { taken, leaving: null };
  const read = async (part: string, from = 0) => {
    const stored = taken.parts.find((each) => each.stored.part === part)?.stored;
    if (!stored) return null;
    const pieces: Buffer[] = [];
    for await (const piece of blob.readBack(stored)) pieces.push(Buffer.from(piece));
    return Buffer.concat(pieces).subarray(from);
  };
  const header = await read('transit');
  const body = await read('original', taken.bodyOffset ?? 0);
  await blob.abort();
  return { taken, leaving: header && Buffer.concat([header, body ?? Buffer.alloc(0)]) };
}

test('every message of the corpus leaves byte for byte as it came, after one Received field', async () => {
  const names = Object.keys(await readExpected());
  expect(names.length).toBeGreaterThan(100);
  for (const name of names) {
    const raw = await readAsSent(name);
    const { leaving } = await take(raw);
    expect(leaving?.equals(Buffer.concat([Buffer.from(received()), raw])), name).toBe(true);
  }
}, 600_000);

test.each([
  [
    'with fields that recipients of the portal do not see',
    'Subject: a\r\nBcc: eve@example.org\r\nX-Note: n\r\nX-Signet-Expires: 3\r\n\r\nText\r\n',
  ],
  ['without a body', 'Subject: a\r\n\r\n'],
  ['without an empty line', 'Subject: a\r\n'],
  ['without a header', '\r\nText\r\n'],
  ['with a line that is no field', 'Subject: a\r\nnonsense\r\nX-Note: n\r\n\r\nText\r\n'],
  ['with NUL and bytes of no charset', 'Subject: \u00ff\0\r\nX-Note: n\r\n\r\n\0\u0080\r\n'],
  ['with a header too large to be read', `X-Note: n\r\nX-Long: ${'y'.repeat(2 * 1024 * 1024)}\r\n\r\nText\r\n`],
  ['whose body is read back from the disk', `X-Note: n\r\n\r\n${`${'z'.repeat(70)}\r\n`.repeat(40_000)}`],
])('a message %s leaves as it came', async (_, text) => {
  const raw = Buffer.from(text, 'latin1');
  const { leaving } = await take(raw);
  expect(leaving?.equals(Buffer.concat([Buffer.from(received()), raw]))).toBe(true);
});

test('what passes only to recipients inside is stored for the others as ever', async () => {
  const { taken, leaving } = await take(Buffer.from('Subject: a\r\nBcc: eve@example.org\r\nX-Note: n\r\n\r\nText\r\n'), [
    removing,
    ruleThat('passInside'),
  ]);
  expect(taken).toMatchObject({ outcome: 'accepted', decision: { passing: { to: 'inside' } } });
  expect(leaving?.toString()).toContain('Bcc: eve@example.org');
  expect('parts' in taken && taken.parts.map(({ kind }) => kind)).toEqual(['original', 'transit', 'headers', 'text', 'html']);
});

test('what passes to nobody keeps no header beside the original', async () => {
  const { taken, leaving } = await take(Buffer.from('Subject: a\r\n\r\nText\r\n'), [removing]);
  expect(leaving).toBeNull();
  expect(taken).toMatchObject({ bodyOffset: null });
});

test('a message that passed may come again once, as one that was redirected does, and is stopped when it goes in circles', async () => {
  const rest = 'Subject: a\r\n\r\nText\r\n';
  expect((await take(Buffer.from(received(1) + rest))).taken.outcome).toBe('accepted');
  expect((await take(Buffer.from(received(2) + received(1) + rest))).taken).toEqual({ outcome: 'refused', code: 'loop' });
  const forged = received(2).replace(uid, uid.replace('1', '2'));
  expect((await take(Buffer.from(forged + received(1) + rest))).taken.outcome).toBe('accepted');
});

test('a client cannot write lines of its own into the Received field', () => {
  const field = receivedField(
    { client: { name: 'x\r\nBcc: eve@example.org', ip: '2001:db8::1' }, serverName: 'signet.example', protocol: 'ESMTPA' },
    'id',
    new Date('2026-11-26T10:00:00Z'),
  );
  expect(field).toBe(
    'Received: from unknown ([IPv6:2001:db8::1])\r\n\tby signet.example with ESMTPA\r\n\tid id;\r\n\tThu, 26 Nov 2026 10:00:00 +0000\r\n',
  );
});
