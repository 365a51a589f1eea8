import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { sampleEntry } from '../testing/sample-entry.ts';
import { canonicalJson } from './canonical-form.ts';
import { auditEvent } from './entry.ts';
import { readMicrosoftRecord, writeMicrosoftRecord } from './microsoft-record.ts';

const lines = readFileSync(new URL('../../test-data/microsoft-records.ndjson', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n');
const records = lines.map((line) => z.record(z.string(), z.json()).parse(JSON.parse(line)));
const to = { organizationId: sampleEntry.organizationId, messageUid: null };

function golden(index: number): Record<string, unknown> {
  const record = records[index];
  if (!record) throw new Error('A golden record is missing');
  return { ...record };
}

/** The path in the record at which reading it fails. */
function faultOf(record: unknown): PropertyKey[] | undefined {
  try {
    readMicrosoftRecord(record, to);
    return undefined;
  } catch (error) {
    return error instanceof z.ZodError ? error.issues[0]?.path : undefined;
  }
}

describe('the two published records', () => {
  it('are read and written back unchanged, in the same order of fields', () => {
    expect(lines).toHaveLength(2);
    for (const [index, line] of lines.entries()) {
      const event = readMicrosoftRecord(golden(index), to);
      expect(auditEvent.parse(event)).toEqual(event);
      const written = writeMicrosoftRecord(event);
      expect(canonicalJson(written)).toBe(canonicalJson(golden(index)));
      expect(JSON.stringify(written)).toBe(line);
    }
  });

  it('become events that say what the records say', () => {
    expect(readMicrosoftRecord(golden(1), { ...to, messageUid: sampleEntry.messageUid })).toEqual({
      id: 'ef29c387-c81b-4812-9020-90b378d92cde',
      version: 1,
      source: 'm365-import',
      organizationId: sampleEntry.organizationId,
      messageUid: sampleEntry.messageUid,
      operation: 'AttachmentReview',
      creationTime: '2023-03-22T19:04:09.000Z',
      messageId: '<MW5PR18MB5094CD4A4C6D8A5636154FEBAA869@MW5PR18MB5094.namprd18.prod.outlook.com>',
      recipients: ['samschan.msft@gmail.com'],
      sender: 'admin@M365x965352.onmicrosoft.com',
      authenticationMethod: 'OTP',
      authenticationStatus: 'Success',
      operationStatus: 'Failure',
      attachmentName: 'Form.docx',
      operationProperties: [
        { name: 'MailSubject', value: 'Support case 987654' },
        { name: 'Microsoft:OrganizationId', value: '"84b06764-3e5e-4f51-9a78-046a7f38b59b"' },
      ],
      actor: { kind: 'recipient', id: null, address: 'samschan.msft@gmail.com' },
      clientIp: null,
      userAgent: null,
    });
  });
});

describe('readMicrosoftRecord', () => {
  it('reads every form of a record so that it is written back the same', () => {
    const anyRecord = fc.record(
      {
        CreationTime: fc.constantFrom(
          '2023-03-22T19:00:59',
          '2023-03-22T19:00:59Z',
          '2023-03-22T19:00:59.1',
          '2023-03-22T19:00:59.1234567Z',
        ),
        Id: fc.constantFrom('a3500d45-6ab3-4971-a762-a01a846015d0', 'A3500D45-6AB3-4971-0762-A01A846015D0'),
        Operation: fc.constantFrom('AuthenticateRequest', 'AuthenticationRequest', 'MessageAccess', 'AttachmentDownload', 'MessageForward'),
        ResultStatus: fc.constantFrom('Success', 'Failure'),
        UserKey: fc.constantFrom('admin@M365x965352.onmicrosoft.com', '10032001A', ''),
        UserType: fc.constantFrom(0, 2),
        AttachmentName: fc.constantFrom('', 'a.pdf', null),
        AuthenticationMethod: fc.constantFrom('OTP', 'Google', 'Gmail', 'Yahoo', 'Microsoft'),
        AuthenticationStatus: fc.constantFrom(0, 1),
        OperationStatus: fc.constantFrom(0, 1),
        MessageId: fc.constantFrom('<a@b>', 'a@b'),
        Recipient: fc.constantFrom('a@b.example', 'a@b.example;c@d.example'),
        ClientIP: fc.ipV4(),
        AppAccessContext: fc.jsonValue({ maxDepth: 2 }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(anyRecord, (changes) => {
        const record = { ...golden(0), ...changes };
        const event = readMicrosoftRecord(record, to);
        expect(auditEvent.parse(event)).toEqual(event);
        expect(JSON.parse(JSON.stringify(writeMicrosoftRecord(event)))).toEqual(JSON.parse(JSON.stringify(record)));
      }),
    );
  });

  it('reads both spellings of the sign-in, and Gmail as Google', () => {
    for (const spelling of ['AuthenticateRequest', 'AuthenticationRequest']) {
      expect(readMicrosoftRecord({ ...golden(0), Operation: spelling }, to).operation).toBe('AuthenticateRequest');
    }
    expect(readMicrosoftRecord({ ...golden(0), AuthenticationMethod: 'Gmail' }, to).authenticationMethod).toBe('Google');
  });

  it('reads MessageID for MessageId, and a Message-ID without angle brackets', () => {
    const { MessageId, ...rest } = golden(0);
    expect(readMicrosoftRecord({ ...rest, MessageID: MessageId }, to).messageId).toBe(MessageId);
    expect(readMicrosoftRecord({ ...rest, MessageId: 'a@b' }, to).messageId).toBe('<a@b>');
  });

  it('does not guess who failed to sign in', () => {
    expect(readMicrosoftRecord({ ...golden(0), AuthenticationStatus: 1 }, to).actor).toEqual({ kind: 'unknown', id: null, address: null });
  });

  it.each([
    ['RecordType', 1],
    ['RecordType', '154'],
    ['Workload', 'exchange'],
    ['Operation', 'messageaccess'],
    ['Operation', 'Send'],
    ['ResultStatus', 'Succeeded'],
    ['AuthenticationMethod', 'otp'],
    ['AuthenticationStatus', 2],
    ['OperationStatus', '0'],
    ['OperationStatus', undefined],
    ['Version', 2],
    ['CreationTime', '2023-02-30T19:00:59'],
    ['CreationTime', '22.03.2023 19:00'],
    ['CreationTime', '2023-03-22T19:00:59+01:00'],
    ['Id', 'x'],
    ['MessageId', ''],
    ['Recipient', ['a@b.example']],
    ['Recipient', 'a@b.example\nc@d.example'],
    ['AttachmentName', 'x'.repeat(1025)],
    ['Extra', 'x'.repeat(5000)],
  ])('refuses a record with %s %j and names the field', (field, value) => {
    expect(faultOf({ ...golden(0), [field]: value })?.[0]).toBe(field);
  });

  it('refuses what is no record, and properties under the names that keep its fields', () => {
    for (const value of [null, 'text', [], 154]) expect(faultOf(value)).toEqual([]);
    expect(faultOf({ ...golden(0), OperationProperties: [{ Name: 'Microsoft:Id', Value: '"x"' }] })).toEqual([
      'OperationProperties',
      0,
      'Name',
    ]);
    expect(faultOf({ ...golden(0), OperationProperties: [{ Name: 'MailSubject', Value: 'a\nb' }] })).toEqual([
      'OperationProperties',
      0,
      'Value',
    ]);
  });
});

describe('writeMicrosoftRecord', () => {
  it('tells a sign-in that went well from an operation that failed', () => {
    expect(
      writeMicrosoftRecord({ ...sampleEntry, operation: 'AttachmentReview', authenticationStatus: 'Success', operationStatus: 'Failure' }),
    ).toMatchObject({ AuthenticationStatus: 0, OperationStatus: 1, ResultStatus: 'Failure' });
  });

  it('writes an entry of Signet in the fields and the order of Microsoft', () => {
    const written = writeMicrosoftRecord(sampleEntry);
    expect(Object.keys(written)).toEqual(Object.keys(golden(1)));
    expect(written).toMatchObject({ CreationTime: '2026-11-22T10:36:45', Recipient: 'bob@example.net', UserId: 'alice@acme.example' });
    expect(Object.keys(writeMicrosoftRecord({ ...sampleEntry, attachmentName: null }))).toEqual(Object.keys(golden(0)));
  });

  it('leaves out sign-in where nobody signs in, and joins several recipients', () => {
    const written = writeMicrosoftRecord({
      ...sampleEntry,
      operation: 'MessageSend',
      authenticationMethod: null,
      authenticationStatus: null,
      recipients: ['a@b.example', 'c@d.example'],
    });
    expect(written).not.toHaveProperty('AuthenticationMethod');
    expect(written).not.toHaveProperty('AuthenticationStatus');
    expect(written['Recipient']).toBe('a@b.example;c@d.example');
  });

  it('lets no property of an integration pose as a field', () => {
    const written = writeMicrosoftRecord({
      ...sampleEntry,
      source: 'billing',
      operationProperties: [{ name: 'Microsoft:Id', value: '"x"' }],
    });
    expect(written).toMatchObject({ Id: sampleEntry.id, OperationProperties: [{ Name: 'Microsoft:Id', Value: '"x"' }] });
  });
});
