import { expect, test } from 'vitest';
import type { AuditEntry } from './audit/entry.ts';
import { operationNames } from './audit/operation.ts';
import { closedSyslog, mayBeSyslog, SYSLOG_MESSAGE, syslogFrame, syslogOfEntry, syslogOfTest } from './syslog.ts';

const entry: AuditEntry = {
  id: '01a21c7a-de84-716a-82f4-86d0aa381f11',
  version: 1,
  source: 'signet',
  operation: 'MessageAccess',
  creationTime: '2026-11-27T10:09:04.132Z',
  recordedAt: '2026-11-27T10:09:07.790Z',
  organizationId: '01a21c7a-d8d4-702d-b5ab-c3b3072cdba7',
  messageId: '<ü]"\\@acme.example>',
  messageUid: null,
  recipients: ['bob@example.net'],
  sender: 'alice@acme.example',
  authenticationMethod: 'OTP',
  authenticationStatus: 'Success',
  operationStatus: 'Success',
  attachmentName: null,
  operationProperties: [],
  actor: { kind: 'recipient', id: null, address: 'bob@example.net' },
  clientIp: '203.0.113.7',
  userAgent: '😀',
  logIndex: 41,
};
const options = { host: 'mail.acme.example', maxBytes: SYSLOG_MESSAGE.preset };
const textOf = (message: string): unknown => JSON.parse(message.slice(message.indexOf('] ') + 2));

test('an entry is a message of RFC 5424 in ASCII, whose text is the entry as JSON', () => {
  const message = syslogOfEntry(entry, options);
  const head =
    '<110>1 2026-11-27T10:09:04.132Z mail.acme.example signet - MessageAccess ' +
    `[signet@32473 kind="entry" organizationId="${entry.organizationId}" id="${entry.id}" logIndex="41"] {"`;
  expect(message.slice(0, head.length)).toBe(head);
  expect(message).toMatch(/^[\x20-\x7e]+$/);
  expect(textOf(message)).toEqual(entry);
});

test('what failed is a warning', () => {
  expect(syslogOfEntry({ ...entry, operationStatus: 'Failure' }, options)).toMatch(/^<108>1 /);
  expect(syslogOfEntry({ ...entry, authenticationStatus: 'Failure' }, options)).toMatch(/^<108>1 /);
});

test('every operation fits into MSGID, and a host name as long as one can be into the least that a receiver takes', () => {
  expect(operationNames.filter((name) => !/^[\x21-\x7e]{1,32}$/.test(name))).toEqual([]);
  const longest = {
    ...entry,
    source: '😀'.repeat(32),
    messageId: 'x'.repeat(998),
    recipients: Array.from({ length: 5000 }, () => 'bob@example.net'),
  };
  const message = syslogOfEntry(longest, { host: 'h'.repeat(253), maxBytes: SYSLOG_MESSAGE.least });
  expect(message.length).toBeLessThanOrEqual(SYSLOG_MESSAGE.least);
  expect(textOf(message)).toMatchObject({ id: entry.id, logIndex: 41, source: longest.source, shortened: true });
});

test('a message that is too large keeps the fields that fit, whole, and says so', () => {
  const large = { ...entry, recipients: Array.from({ length: 2000 }, () => 'bob@example.net') };
  const { recipients: _left, ...kept } = large;
  expect(textOf(syslogOfEntry(large, options))).toEqual({ ...kept, shortened: true });
});

test('a frame begins with the length of its message in octets', () => {
  const message = syslogOfTest({ id: entry.id, organizationId: entry.organizationId, at: entry.creationTime, host: options.host });
  expect(syslogFrame(message)).toBe(`${Buffer.byteLength(message)} ${message}`);
  expect(textOf(message)).toEqual({
    type: 'syslog.test',
    timestamp: entry.creationTime,
    organizationId: entry.organizationId,
    id: entry.id,
  });
});

test('a receiver is on the internet, or where whoever runs Signet says', () => {
  expect([mayBeSyslog('192.0.2.1', []), mayBeSyslog('10.0.0.1', []), mayBeSyslog('10.0.0.1', ['10.0.0.0/8'])]).toEqual([true, false, true]);
  expect(closedSyslog('siem.example', '10.0.0.1')).toContain('siem.example is 10.0.0.1, which is in no network');
});
