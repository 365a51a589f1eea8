import { createSecretKey } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeLoopHeader } from '@signet/domain/loop-header';
import { mailRuleSchema } from '@signet/domain/mail-rule';
import type { BlobWriter } from '@signet/vault/blob-writer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ParserPool } from './parser-pool.ts';
import { SANITISER_VERSION } from './sanitise-html.ts';
import { takeIn } from './take-in.ts';
import type { TakenMessage, TakeInOptions } from './take-in.ts';
import { openTestVault, ORGANIZATION_ID } from './testing/test-vault.ts';
import type { TestVault } from './testing/test-vault.ts';

const loopKey = createSecretKey(Buffer.alloc(32, 3));
const rules = [
  mailRuleSchema.parse({
    name: 'Template by header',
    conditions: [{ kind: 'headerPresent', header: 'X-Signet-Template' }],
    actions: [
      { kind: 'applyTemplateFromHeader', header: 'X-Signet-Template' },
      { kind: 'removeHeader', header: 'X-Signet-Template' },
    ],
  }),
  mailRuleSchema.parse({
    name: 'Everything',
    conditions: [{ kind: 'always' }],
    actions: [{ kind: 'applyTemplate', templateName: 'Acme' }],
  }),
];

let vault: TestVault;
let parser: ParserPool;
const blobs: BlobWriter[] = [];
beforeAll(async () => {
  vault = await openTestVault();
  parser = new ParserPool({ size: 2 });
});
afterAll(async () => {
  await parser.close();
  await Promise.all(blobs.map((blob) => blob.abort()));
  await vault.close();
});

async function* inPieces(message: string, size: number): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(message);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function take(message: string, changes: Partial<TakeInOptions> & { pieces?: number } = {}) {
  const blob = await vault.createBlob();
  blobs.push(blob);
  const taken = await takeIn({
    source: inPieces(message, changes.pieces ?? 4_096),
    organizationId: ORGANIZATION_ID,
    sender: 'ann@acme.example',
    recipients: ['bob@example.net'],
    senderGroups: [],
    ownDomains: [],
    rules,
    templates: { names: ['OME Configuration', 'Acme', 'Acme Legal'], defaultName: 'OME Configuration' },
    blob,
    parser,
    loopKeys: [loopKey],
    maxBytes: 25 * 1024 * 1024,
    refuseBareNewlines: true,
    receivedField: 'Received: by signet.example\r\n',
    ...changes,
  });
  return { taken, blob };
}

function accepted(taken: Awaited<ReturnType<typeof takeIn>>): TakenMessage {
  if (taken.outcome !== 'accepted') throw new Error(taken.outcome);
  return taken;
}

async function contentOf(taken: TakenMessage, blob: BlobWriter, id: string): Promise<string> {
  const part = taken.parts.find(({ stored }) => stored.part === id);
  if (part === undefined) throw new Error(`There is no part ${id}.`);
  const pieces: Uint8Array[] = [];
  for await (const piece of blob.readBack(part.stored)) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces).toString();
}

const lines = (...list: string[]): string => list.map((line) => `${line}\r\n`).join('');
const full = lines(
  'Received: from a by b',
  'From: =?utf-8?Q?Ann_=C3=84rger?= <ann@acme.example>',
  'To: Bob <bob@example.net>, carol@example.org',
  'Bcc: hidden@example.net,',
  ' other@example.net',
  'Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=',
  'Date: Mon, 23 Nov 2026 10:00:00 +0100',
  'Message-ID: <figures@acme.example>',
  'X-Signet-Template: Acme Legal',
  'MIME-Version: 1.0',
  'Content-Type: multipart/mixed; boundary=m',
  '',
  '--m',
  'Content-Type: multipart/related; boundary=r',
  '',
  '--r',
  'Content-Type: text/html; charset=utf-8',
  '',
  '<p onclick="x()">canary-in-the-body</p><script>x()</script><img src="cid:logo@acme"><img src="https://spy.example/1.gif">',
  '--r',
  'Content-Type: image/png',
  'Content-ID: <logo@acme>',
  'Content-Transfer-Encoding: base64',
  '',
  Buffer.from('not really an image').toString('base64'),
  '--r--',
  '--m',
  'Content-Type: text/csv; name="figures.csv"',
  'Content-Disposition: attachment; filename="figures.csv"',
  '',
  'canary-in-the-attachment',
  '--m--',
);

test('a message becomes its parts, with the decision of the rules, and its original without Bcc and without the removed header', async () => {
  const { taken, blob } = await take(full);
  const message = accepted(taken);
  expect(message).toMatchObject({
    messageId: '<figures@acme.example>',
    messageIdMade: false,
    subject: 'Grüße',
    date: '2026-11-23T09:00:00.000Z',
    size: full.length,
    originalOnly: null,
    decision: { templateName: 'Acme Legal', ruleName: 'Template by header', removeHeaders: ['x-signet-template'] },
  });
  expect(message.parts.map(({ stored }) => stored.part)).toEqual(['original', 'headers', 'html', 'inline-1', 'attachment-1']);
  expect(message.parts[2]).toMatchObject({ sanitiserVersion: SANITISER_VERSION, blockedImages: 1 });
  expect(message.parts[3]).toMatchObject({ name: null, contentId: 'logo@acme', contentType: 'image/png', shownInBody: true, size: 19 });
  expect(message.parts[4]).toMatchObject({ name: 'figures.csv', contentType: 'text/csv', shownInBody: false, size: 24 });
  expect(await contentOf(message, blob, 'html')).toBe('<p>canary-in-the-body</p><img src="cid:logo%40acme" /><img />');
  expect(await contentOf(message, blob, 'attachment-1')).toBe('canary-in-the-attachment');
  const withoutHidden = full.replace(/Bcc:.*\r\n .*\r\n/, '').replace(/X-Signet-Template:.*\r\n/, '');
  expect(await contentOf(message, blob, 'original')).toBe(withoutHidden);
  const headers = await contentOf(message, blob, 'headers');
  expect(JSON.parse(headers)).toMatchObject({
    version: 1,
    subject: 'Grüße',
    from: [{ name: 'Ann Ärger', address: 'ann@acme.example' }],
    to: [
      { name: 'Bob', address: 'bob@example.net' },
      { name: '', address: 'carol@example.org' },
    ],
    cc: [],
  });
  expect(headers).not.toMatch(/hidden@example|other@example|Acme Legal/);
});

test('neither body nor attachment nor header lies in the blob in clear', async () => {
  const { blob } = await take(full);
  await blob.commit();
  const names = await readdir(join(vault.folder, 'blobs'), { recursive: true, withFileTypes: true });
  const files = await Promise.all(names.filter((entry) => entry.isFile()).map((entry) => readFile(join(entry.parentPath, entry.name))));
  const bytes = Buffer.concat(files);
  expect(bytes.length).toBeGreaterThan(full.length / 2);
  for (const secret of ['canary-in-the', 'Y2FuYXJ5', 'bob@example.net', 'figures']) expect(bytes.includes(secret)).toBe(false);
});

test('the result does not depend on how the message was cut into pieces', async () => {
  const results = await Promise.all(
    [1, 7, 100_000].map(async (pieces) => {
      const { taken } = await take(full, { pieces });
      return accepted(taken)
        .parts.map(({ stored }) => [stored.part, stored.sha256])
        .concat([[accepted(taken).fingerprint]]);
    }),
  );
  expect(results[1]).toEqual(results[0]);
  expect(results[2]).toEqual(results[0]);
});

test('a large message is read back from the blob, and its attachment arrives whole', async () => {
  const content = 'All work and no play makes Jack a dull boy.\r\n'.repeat(100_000);
  const message = lines('Subject: large', 'Content-Type: application/octet-stream; name=jack.txt', '') + content;
  const { taken, blob } = await take(message, { pieces: 65_536 });
  const part = accepted(taken).parts.find(({ kind }) => kind === 'attachment');
  expect(part?.stored.size).toBe(content.length);
  expect(await contentOf(accepted(taken), blob, 'attachment-1')).toBe(content);
});

test('a text message gets HTML that shows its text as it is', async () => {
  const { taken, blob } = await take(lines('Subject: t', '', '<b>1 < 2</b>', '  kept'));
  expect(await contentOf(accepted(taken), blob, 'text')).toBe('<b>1 < 2</b>\n  kept\n');
  expect(await contentOf(accepted(taken), blob, 'html')).toContain('&lt;b&gt;1 &lt; 2&lt;/b&gt;\n  kept\n');
});

test('without a usable Message-ID the same one is made each time, from the fingerprint', async () => {
  const message = lines('Subject: t', '', 'x');
  const first = accepted((await take(message)).taken);
  const second = accepted((await take(`Received: from elsewhere\r\n${message}`)).taken);
  expect(first).toMatchObject({ messageIdMade: true, messageId: `<${first.fingerprint.slice(0, 32)}@acme.example>` });
  expect(second.messageId).toBe(first.messageId);
});

test('everything that the header does not decide gets the custom template', async () => {
  const { decision } = accepted((await take(lines('Subject: t', '', 'x'))).taken);
  expect(decision).toMatchObject({ templateName: 'Acme', ruleName: 'Everything' });
});

const mark = { messageUid: '0190a6f0-0000-7000-8000-000000000001', recipientId: '0190a6f0-0000-7000-8000-000000000002' };
const loop = (key: Parameters<typeof makeLoopHeader>[0]) => lines(`X-Signet-Loop: ${makeLoopHeader(key, mark)}`, 'Subject: t', '', 'x');

test.each([
  ['31 Received fields', 'Received: x\r\n'.repeat(31) + lines('Subject: t', '', 'x'), 'too_many_received'],
  ["Signet's own wrapper", loop(loopKey), 'loop'],
  ['a bare LF in the body', 'Subject: t\r\n\r\na\nb\r\n', 'bare_newline'],
  ['a bare LF in the header', 'Subject: t\nTo: x\r\n\r\na\r\n', 'bare_newline'],
  ['a bare CR', 'Subject: t\r\n\r\na\rb\r\n', 'bare_newline'],
  ['a bare CR at the very end', 'Subject: t\r\n\r\na\r', 'bare_newline'],
  ['more bytes than allowed', lines('Subject: t', '', 'x'.repeat(2_000)), 'too_large'],
])('%s is refused with its code, in whatever pieces it comes, and the source is read to its end', async (_, message, code) => {
  for (const pieces of [1, 100_000]) {
    let read = 0;
    async function* counted() {
      for await (const piece of inPieces(message, pieces)) {
        read += piece.length;
        yield piece;
      }
    }
    const { taken } = await take(message, { source: counted(), maxBytes: 1_500 });
    expect(taken).toEqual({ outcome: 'refused', code });
    expect(read).toBe(Buffer.byteLength(message));
  }
});

test('30 Received fields, a loop header of somebody else, and bare newlines where the caller allows them are accepted', async () => {
  const foreign = loop(createSecretKey(Buffer.alloc(32, 4)));
  for (const message of ['Received: x\r\n'.repeat(30) + lines('Subject: t', '', 'x'), foreign])
    expect((await take(message)).taken.outcome).toBe('accepted');
  const { taken } = await take('Subject: t\n\na\nb\n', { refuseBareNewlines: false });
  expect(taken).toMatchObject({ outcome: 'accepted', subject: 't' });
});

const nested = (depth: number): string => {
  let body = 'Content-Type: text/plain\r\n\r\nx\r\n';
  for (let level = depth; level > 0; level -= 1)
    body = `Content-Type: multipart/mixed; boundary=b${level}\r\n\r\n--b${level}\r\n${body}--b${level}--\r\n`;
  return `Subject: deep\r\n${body}`;
};

test.each([
  ['a NUL byte', 'Subject: t\r\n\r\na\0b\r\n', 'nul'],
  ['1,001 header fields', 'X-Filler: x\r\n'.repeat(1_000) + lines('Subject: t', '', 'x'), 'header_fields'],
  [
    '1,001 header fields of a part',
    lines('Subject: t', 'Content-Type: multipart/mixed; boundary=b', '', '--b') + 'X-Filler: x\r\n'.repeat(1_001) + lines('', 'x', '--b--'),
    'header_fields',
  ],
  ['101 levels of parts', nested(101), 'nested_parts'],
  [
    '200,000 levels of HTML',
    lines('Subject: t', 'Content-Type: text/html', '', ...Array<string>(2_000).fill('<div>'.repeat(100))),
    'html_too_deep',
  ],
  ['a header of more than a mebibyte', lines('Subject: t', `X-Filler: ${'x'.repeat(1_100_000)}`, '', 'x'), 'header_too_large'],
])('%s: the message is accepted and offered as the original only', async (_, message, reason) => {
  const { taken, blob } = await take(message);
  expect(accepted(taken).originalOnly).toBe(reason);
  expect(accepted(taken).parts.map(({ stored }) => stored.part)).toEqual(['original', 'headers']);
  expect(await contentOf(accepted(taken), blob, 'original')).toBe(message);
});

test('1,000 header fields, of a message and of a part of it, are parsed', async () => {
  const ofMessage = 'X-Filler: x\r\n'.repeat(999) + lines('Subject: t', '', 'x');
  const ofPart =
    lines('Subject: t', 'Content-Type: multipart/mixed; boundary=b', '', '--b') + 'X-Filler: x\r\n'.repeat(1_000) + lines('', 'x', '--b--');
  for (const message of [ofMessage, ofPart]) {
    const taken = accepted((await take(message)).taken);
    expect([taken.originalOnly, taken.subject, taken.parts.map(({ stored }) => stored.part)]).toEqual([
      null,
      't',
      ['original', 'headers', 'text', 'html'],
    ]);
  }
});

test('a message of exactly as many bytes as allowed is accepted whole, and one of one more is refused, in whatever pieces it comes', async () => {
  const message = lines('Subject: t', '', 'x'.repeat(2_000));
  for (const pieces of [1, 100_000]) {
    const { taken, blob } = await take(message, { pieces, maxBytes: message.length });
    expect(accepted(taken)).toMatchObject({ size: message.length, originalOnly: null });
    expect(await contentOf(accepted(taken), blob, 'original')).toBe(message);
    expect((await take(message, { pieces, maxBytes: message.length - 1 })).taken).toEqual({ outcome: 'refused', code: 'too_large' });
  }
});

test('100 levels of parts are parsed', async () => {
  expect(accepted((await take(nested(100))).taken).originalOnly).toBeNull();
});

test('a message that takes too long is offered as the original only, and the next one is parsed by a fresh thread', async () => {
  const hasty = new ParserPool({ size: 1, limits: { milliseconds: 1_500 } });
  const slow = lines('Subject: t', 'Content-Type: text/html', '') + '<div>'.repeat(4_900) + '</span>'.repeat(900_000);
  expect(accepted((await take(slow, { parser: hasty })).taken).originalOnly).toBe('time');
  expect(accepted((await take(full, { parser: hasty })).taken).originalOnly).toBeNull();
  await hasty.close();
}, 30_000);

async function* failing(): AsyncGenerator<Buffer> {
  yield Buffer.from('Subject: t\r\n\r\n');
  throw new Error('connection lost');
}

test('a storage or source that fails fails the intake', async () => {
  await expect(take('', { source: failing() })).rejects.toThrow('connection lost');
  const blob = await vault.createBlob();
  blobs.push(blob);
  const broken: TakeInOptions['blob'] = {
    writePart: (part, source, options) =>
      part.startsWith('attachment') ? Promise.reject(new Error('storage away')) : blob.writePart(part, source, options),
    readBack: (part) => blob.readBack(part),
  };
  await expect(take(full, { blob: broken })).rejects.toThrow('storage away');
  expect(accepted((await take(full)).taken).originalOnly).toBeNull();
});

test('what admits a message sees its header, and names fields that nobody gets to see; where it throws, that is the answer', async () => {
  const message = lines('X-Tenant: canary', 'Subject: t', '', 'Hello');
  const { taken, blob } = await take(message, {
    admit: (fields) => fields.filter(({ value }) => value === 'canary').map(({ name }) => name),
  });
  for (const part of ['original', 'headers']) {
    const content = await contentOf(accepted(taken), blob, part);
    expect([content.includes('canary'), /subject/i.test(content)]).toEqual([false, true]);
  }
  const refusal = new Error('not from here');
  await expect(
    take(message, {
      admit: () => {
        throw refusal;
      },
    }),
  ).rejects.toBe(refusal);
});
