import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Fingerprint } from './fingerprint.ts';
import { headerBlockEnd, headerFields } from './header-block.ts';
import { foundMessageId, madeMessageId } from './message-id.ts';

const scope = { organizationId: '0190a6f0-0000-7000-8000-000000000001', sender: 'ann@acme.example' };

function fingerprintOf(message: string, pieces: number = 1 << 20, whose = scope): string {
  const bytes = Buffer.from(message);
  const end = headerBlockEnd(bytes);
  const fingerprint = new Fingerprint(whose);
  fingerprint.header(headerFields(bytes.subarray(0, end)));
  for (let at = end; at < bytes.length; at += pieces) fingerprint.body(bytes.subarray(at, at + pieces));
  return fingerprint.digest();
}

const plain = 'Subject: Hello\r\nFrom: Ann <ann@acme.example>\r\n\r\nGood morning.\r\n';

test('the fingerprint is the SHA-256 of version, organization, sender and the message with LF line ends', () => {
  const expected = createHash('sha256')
    .update('signet-fingerprint-v1\n0190a6f0-0000-7000-8000-000000000001\nann@acme.example\n')
    .update('Subject: Hello\nFrom: Ann <ann@acme.example>\n\nGood morning.\n')
    .digest('hex');
  expect(fingerprintOf(plain)).toBe(expected);
});

test('the form of the fingerprint is final', () => {
  expect(fingerprintOf(plain)).toBe('47b574e5e21c1d24a1a2ea18f47ce9151bb300ea549ed402065d64fcffb74857');
  expect(fingerprintOf('\r\n')).toBe('93bc9eb5b596c2efe60b48a0b31988c5d1b5a06d3e43dd973120957f00cc43bd');
});

test('trace fields do not count, folded lines included', () => {
  const traced = [
    'Return-Path: <x@y.example>',
    'Received: from a\r\n by b;\r\n\tMon, 1 Jan 2026 00:00:00 +0000',
    'RECEIVED: from c',
    'Authentication-Results: mx; dkim=pass\r\n header.d=x',
    'ARC-Seal: i=1; a=rsa',
    'ARC-Message-Signature: i=1',
    'X-MS-Exchange-Organization-SCL: 1',
    'Bcc: secret@example.net,\r\n other@example.net',
    'Delivered-To: bob@example.net',
  ].join('\r\n');
  expect(fingerprintOf(`${traced}\r\n${plain}`)).toBe(fingerprintOf(plain));
});

test('what the sender wrote counts: subject, template choice, body, an attachment of a Received-like line in the body', () => {
  const others = [
    plain.replace('Hello', 'hello'),
    `X-Signet-Template: Acme\r\n${plain}`,
    `${plain} `,
    plain.replace('Good', 'Received: x\r\nGood'),
    `DKIM-Signature: a\r\n${plain}`,
  ];
  expect(new Set([plain, ...others].map((message) => fingerprintOf(message))).size).toBe(6);
});

test('another organization or sender has another fingerprint; the case of the sender does not matter', () => {
  expect(fingerprintOf(plain, 9, { ...scope, sender: 'ANN@acme.example' })).toBe(fingerprintOf(plain));
  expect(fingerprintOf(plain, 9, { ...scope, sender: 'bob@acme.example' })).not.toBe(fingerprintOf(plain));
  expect(fingerprintOf(plain, 9, { ...scope, organizationId: 'other' })).not.toBe(fingerprintOf(plain));
});

test('line ends and the way the body was cut into pieces do not matter, a lone CR does', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('a', '\r', '\n', '\r\n', 'é'), { maxLength: 30 }),
      fc.integer({ min: 1, max: 5 }),
      (parts, size) => {
        const message = `Subject: x\r\n\r\n${parts.join('')}`;
        expect(fingerprintOf(message, size)).toBe(fingerprintOf(message));
        expect(fingerprintOf(message, size)).toBe(fingerprintOf(message.replaceAll(/(?<!\r)\n/g, '\r\n')));
      },
    ),
  );
  expect(fingerprintOf(`${plain}\r`)).not.toBe(fingerprintOf(plain));
});

const found = (line: string) => foundMessageId(headerFields(Buffer.from(line)));

test('a Message-ID is used as found, in angle brackets', () => {
  expect(found('Message-ID: <a.b@c.example>\r\n')).toBe('<a.b@c.example>');
  expect(found('message-id:\r\n <a.b@c.example> (comment)\r\n')).toBe('<a.b@c.example>');
  expect(found('Message-ID: a.b@c.example\r\n')).toBe('<a.b@c.example>');
});

test('a Message-ID that is missing, empty, blank inside, too long or full of control characters is not used', () => {
  for (const line of [
    'Subject: x',
    'Message-ID: ',
    'Message-ID: <>',
    'Message-ID: <a b@c>',
    'Message-ID: <a\u0000@c>',
    'Message-ID: <a\r@c>',
    'Message-ID: <ab>',
  ])
    expect(found(`${line}\r\n`)).toBeNull();
  expect(found(`Message-ID: <${'a'.repeat(990)}@c.example>\r\n`)).toBeNull();
});

test('the Message-ID that is made comes from the fingerprint and carries no foreign characters', () => {
  expect(madeMessageId('0123456789abcdef'.repeat(4), 'ann@Acme.Example')).toBe('<0123456789abcdef0123456789abcdef@acme.example>');
  expect(madeMessageId('0123456789abcdef'.repeat(4), 'ann@a\r\nBcc: b')).toBe('<0123456789abcdef0123456789abcdef@invalid>');
});
