import { describe, expect, it } from 'vitest';
import { sampleEntry } from '../testing/sample-entry.ts';
import { keyedHash, recordingInFull } from '../recorded-value.ts';
import { aheadOfClock, eventOfIntegration, integrationEvent } from './integration-event.ts';
import { operationNames, operations } from './operation.ts';

const { version: _1, source: _2, recordedAt: _3, organizationId: _4, messageUid: _5, logIndex: _6, ...event } = sampleEntry;

describe('integrationEvent', () => {
  it('takes exactly the operations that not only Signet may state', () => {
    for (const operation of operationNames) {
      expect(integrationEvent.safeParse({ ...event, operation }).success).toBe(!operations[operation].signetOnly);
    }
    expect(operationNames.filter((name) => operations[name].signetOnly).toSorted()).toEqual([
      'MessageErase',
      'MessageExpire',
      'MessageRestore',
      'MessageRevoke',
      'MessageSend',
    ]);
  });

  it.each(['version', 'source', 'recordedAt', 'organizationId', 'messageUid', 'logIndex'])(
    'refuses %s, which the server states',
    (name) => {
      const value: unknown = Reflect.get(sampleEntry, name);
      expect(integrationEvent.safeParse({ ...event, [name]: value }).success).toBe(false);
    },
  );

  it('takes an event without what it has nothing to say of', () => {
    const { id, operation, creationTime, messageId, recipients, sender, operationStatus } = event;
    const least = { id, operation, creationTime, messageId, recipients, sender, operationStatus };
    expect(integrationEvent.parse(least)).toEqual({
      ...least,
      authenticationMethod: null,
      authenticationStatus: null,
      attachmentName: null,
      operationProperties: [],
      actor: { kind: 'unknown', id: null, address: null },
      clientIp: null,
      userAgent: null,
    });
    for (const name of Object.keys(least)) {
      expect(integrationEvent.safeParse({ ...least, [name]: undefined }).error?.issues.map(({ path }) => path)).toEqual([[name]]);
    }
  });

  it.each([
    ['creationTime', '1999-12-31T23:59:59.999Z'],
    ['messageId', ''],
    ['messageId', ' <> '],
    ['messageId', '\u4e00'.repeat(333)],
    ['recipients', Array.from({ length: 1001 }, () => 'bob@example.net')],
    [
      'operationProperties',
      [
        { name: 'MailSubject', value: 'a' },
        { name: 'MailSubject', value: '' },
      ],
    ],
    ['operationProperties', [{ name: 'MailSubjectRecorded', value: 'none' }]],
    ['operationProperties', Array.from({ length: 61 }, (_, index) => ({ name: `P${index}`, value: '' }))],
  ])('refuses %s as %j', (name, value) => {
    expect(integrationEvent.safeParse({ ...event, [name]: value }).error?.issues.map(({ path }) => path[0])).toEqual([name]);
  });

  it('knows a time that is more than five minutes ahead of the clock', () => {
    const stated = integrationEvent.parse({ ...event, creationTime: '2026-11-22T10:05:00.000Z' });
    expect(aheadOfClock(stated, new Date('2026-11-22T10:00:00.000Z'))).toBeNull();
    expect(aheadOfClock(stated, new Date('2026-11-22T09:59:59.999Z'))).toContain('2026-11-22T09:59:59.999Z');
  });
});

describe('eventOfIntegration', () => {
  const context = { source: 'SIEM', organizationId: sampleEntry.organizationId, messageUid: null };
  const stated = integrationEvent.parse({
    ...event,
    messageId: 'a@b.example',
    clientIp: '198.51.100.23',
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.0.0 Safari/537.36',
    operationProperties: [
      { name: 'MailSubject', value: 'The price of the merger' },
      { name: 'Custom', value: 'kept' },
    ],
  });

  it('adds what the server states, and angle brackets', () => {
    const made = eventOfIntegration(stated, context, recordingInFull);
    expect(made).toEqual({ ...stated, ...context, version: 1, messageId: '<a@b.example>' });
  });

  it('keeps no more of address, agent and subject than the privacy policy lets be kept', () => {
    const policy = {
      recordedClientIp: 'truncated',
      recordedUserAgent: 'none',
      recordedSubject: 'hash',
      hash: keyedHash(new Uint8Array(32)),
    } as const;
    const made = eventOfIntegration(stated, context, policy);
    expect([made.clientIp, made.userAgent]).toEqual(['198.51.100.0/24', null]);
    expect(made.operationProperties).toEqual([
      { name: 'MailSubject', value: expect.stringMatching(/^hmac-sha256:/) },
      { name: 'Custom', value: 'kept' },
      { name: 'ClientIpRecorded', value: 'truncated' },
      { name: 'UserAgentRecorded', value: 'none' },
      { name: 'MailSubjectRecorded', value: 'hash' },
    ]);
    expect(JSON.stringify(made)).not.toContain('merger');
  });
});
