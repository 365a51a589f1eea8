import { describe, expect, test } from 'vitest';
import { auditEntryFilters } from './audit-entries.ts';
import { messageFilters, messageParams, revocationRequest } from './messages.ts';
import { recipientHeaders } from './portal-headers.ts';
import { routes } from './routes.ts';

describe('filters', () => {
  test('take text from a query string: numbers, and one value where several may stand', () => {
    expect(auditEntryFilters.parse({ limit: '5000', operation: 'LinkTouch' })).toEqual({
      limit: 5000,
      operation: ['LinkTouch'],
      count: 'false',
    });
  });

  test('have the promised page sizes when none is asked for', () => {
    expect([auditEntryFilters.parse({}).limit, messageFilters.parse({}).limit]).toEqual([100, 50]);
  });

  test.each(['0', '-1', '5001', '1.5', '', 'ten', 'Infinity'])('refuse %j as a page size', (limit) => {
    expect(auditEntryFilters.safeParse({ limit }).success).toBe(false);
  });

  test('take any RFC 3339 time and give the instant in UTC to the millisecond', () => {
    expect(auditEntryFilters.parse({ from: '2026-11-22T11:36:45+01:00' }).from).toBe('2026-11-22T10:36:45.000Z');
    for (const from of ['2026-11-22', '2026-02-30T00:00:00Z', '2026-11-22T10:36:45', 'yesterday']) {
      expect(auditEntryFilters.safeParse({ from }).success).toBe(false);
    }
  });

  test('refuse a cursor over 500 characters', () => {
    expect(messageFilters.safeParse({ cursor: 'x'.repeat(501) }).success).toBe(false);
  });
});

test('a Message-ID of the longest line that mail allows is taken', () => {
  expect(messageParams.parse({ message: `<${'x'.repeat(998)}>` }).message).toHaveLength(1000);
});

test('revoking needs no body, and takes no reason that would break a record into lines', () => {
  expect(revocationRequest.parse(undefined)).toEqual({});
  expect(revocationRequest.safeParse({ reason: 'one\ntwo' }).success).toBe(false);
  expect(revocationRequest.safeParse({ recipients: [] }).success).toBe(false);
});

test('a passcode may be typed with blanks', () => {
  expect(routes.signInRecipient.body.parse({ passcode: ' 1234 5678 ' })).toEqual({ passcode: '12345678' });
});

test('headers of others pass, a visitor’s address must be one, and a long agent is cut', () => {
  const headers = recipientHeaders.parse({ host: 'x', 'x-signet-visitor-ip': '2001:db8::1', 'x-signet-visitor-agent': 'a'.repeat(5000) });
  expect(headers['x-signet-visitor-agent']).toHaveLength(1024);
  expect(Object.keys(headers)).not.toContain('host');
  expect(recipientHeaders.safeParse({ 'x-signet-visitor-ip': 'localhost' }).success).toBe(false);
});
