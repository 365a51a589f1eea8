import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleEntry } from '../testing/sample-entry.ts';
import { auditEvent } from './entry.ts';
import { operationNames, operations } from './operation.ts';
import { recordingInFull } from '../recorded-value.ts';
import { recordText, recordTextOf } from './record-text.ts';
import type { SignetStep } from './signet-event.ts';
import { signetEvent } from './signet-event.ts';
import { unknownProperties } from './unknown-properties.ts';

const step: SignetStep<'AttachmentDownload'> = {
  id: sampleEntry.id,
  organizationId: sampleEntry.organizationId,
  messageUid: '0199f0a2-0000-7000-8000-000000000002',
  operation: 'AttachmentDownload',
  creationTime: new Date('2026-11-22T10:36:45.123Z'),
  messageId: '<a1@acme.example>',
  recipients: ['bob@example.net'],
  sender: 'alice@acme.example',
  operationStatus: 'Success',
  mailSubject: 'Offer',
  actor: { kind: 'recipient', id: null, address: 'bob@example.net' },
};

describe('signetEvent', () => {
  it('makes a whole event of source signet, with the subject and the given properties', () => {
    const event = signetEvent({ ...step, properties: { BytesSent: 1024, Complete: true, Reason: null } }, recordingInFull);
    expect(event).toMatchObject({ source: 'signet', version: 1, creationTime: '2026-11-22T10:36:45.123Z', authenticationMethod: null });
    expect(event.operationProperties).toEqual([
      { name: 'MailSubject', value: 'Offer' },
      { name: 'BytesSent', value: '1024' },
      { name: 'Complete', value: 'true' },
    ]);
    expect(signetEvent({ ...step, mailSubject: null }, recordingInFull).operationProperties).toEqual([]);
  });

  it('records a step whatever strange texts come from outside', () => {
    const strange = fc.string({ unit: fc.constantFrom('a', '\n', '\u0000', '\ud800', '😀', '\u2028', ' '), maxLength: 5000 });
    const form = fc.constantFrom('full', 'truncated', 'none');
    const policies = fc.record({ recordedClientIp: form, recordedUserAgent: form, recordedSubject: form });
    fc.assert(
      fc.property(strange, policies, (text, policy) => {
        const strangeStep = {
          ...step,
          messageId: text,
          recipients: [text],
          sender: text,
          attachmentName: text,
          mailSubject: text,
          clientIp: text,
          userAgent: text,
          properties: { Reason: text },
          actor: { ...step.actor, address: text },
        };
        const event = signetEvent(strangeStep, { ...recordingInFull, ...policy });
        expect(auditEvent.parse(event)).toEqual(event);
        expect(unknownProperties(event)).toEqual([]);
      }),
    );
  });
});

describe('recordTextOf', () => {
  it('gives text that a record can hold, unchanged where it already is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), fc.integer({ min: 1, max: 40 }), (text, maximum) => {
        const clean = recordTextOf(text, maximum);
        expect(recordText(maximum).safeParse(clean).success).toBe(true);
        expect(recordTextOf(clean, maximum)).toBe(clean);
        expect(!recordText(maximum).safeParse(text).success || clean === text.trim()).toBe(true);
      }),
    );
  });

  it('cuts between characters and shows that it did', () => {
    expect(recordTextOf('ab😀cd', 4)).toBe('ab😀…');
    expect(recordTextOf('😀😀', 2)).toBe('😀😀');
    expect(recordTextOf('abcdef', 4)).toBe('abc…');
    expect(recordTextOf('250-first\r\n250 second', 100)).toBe('250-first 250 second');
  });
});

describe('unknownProperties', () => {
  it('knows the subject and what the table lists for every operation, and nothing else', () => {
    for (const operation of operationNames) {
      const known = ['MailSubject', ...operations[operation].properties];
      const named = (names: readonly string[]) => ({ operation, operationProperties: names.map((name) => ({ name })) });
      expect(unknownProperties(named(known))).toEqual([]);
      expect(unknownProperties(named(['Zebra', ...known, 'mailsubject', 'Zebra']))).toEqual(['Zebra', 'mailsubject']);
    }
  });
});
