import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { passcodePolicy } from './passcode.ts';
import {
  attemptsOver,
  backoffSeconds,
  jobKinds,
  jobs,
  outboxJob,
  queueNames,
  sendPasscodeMailPayload,
  sendWrapperMailPayload,
} from './jobs.ts';

/** Seconds from the first attempt to the last one. */
function secondsOf(kind: 'send-wrapper-mail' | 'send-passcode-mail' | 'send-sender-passcode-mail' | 'send-sender-notice'): number {
  return Array.from({ length: jobs[kind].attempts - 1 }, (_, index) => backoffSeconds(index + 1)).reduce(
    (sum, seconds) => sum + seconds,
    0,
  );
}

describe('jobs', () => {
  it('are known under these names, which rows in the outbox carry for ever', () => {
    expect(jobKinds).toEqual(
      expect.arrayContaining(['ingest-audit-event', 'ingest-admin-event', 'send-wrapper-mail', 'send-passcode-mail']),
    );
    expect(queueNames).toEqual([...new Set(queueNames)]);
    for (const kind of jobKinds) {
      expect(kind).toMatch(/^[a-z]+(-[a-z]+)+$/);
      expect(queueNames).toContain(jobs[kind].queue);
    }
  });

  it('have batches, attempts and leases that let them end', () => {
    for (const kind of jobKinds) {
      expect(Number.isInteger(jobs[kind].batch) && jobs[kind].batch > 0).toBe(true);
      expect(jobs[kind].attempts).toBeGreaterThan(0);
      expect(jobs[kind].leaseSeconds).toBeGreaterThan(0);
    }
  });

  it('try a wrapper mail for five days, as RFC 5321 (4.5.4.1) asks, and a passcode mail for no longer than the code is good', () => {
    expect(secondsOf('send-wrapper-mail')).toBeGreaterThan(5 * 86_400);
    expect(secondsOf('send-wrapper-mail')).toBeLessThan(6 * 86_400);
    expect(secondsOf('send-passcode-mail')).toBeLessThan(passcodePolicy.lifetimeSeconds);
    expect(secondsOf('send-sender-passcode-mail')).toBeLessThan(passcodePolicy.lifetimeSeconds);
    // A sender's notice is news for two days.
    expect(Math.round(secondsOf('send-sender-notice') / 86_400)).toBe(2);
  });

  it('never give up on a record', () => {
    expect(jobs['ingest-audit-event'].attempts).toBe(Infinity);
    expect(jobs['ingest-admin-event'].attempts).toBe(Infinity);
  });

  it('keep passcode mail apart from other mail, so that a long queue does not outlive a passcode', () => {
    const others = jobKinds.filter((kind) => !kind.endsWith('passcode-mail')).map((kind) => jobs[kind].queue);
    expect(others).not.toContain(jobs['send-passcode-mail'].queue);
  });

  it('travel as ids of one kind and nothing else', () => {
    expect(outboxJob.safeParse({ kind: 'send-wrapper-mail', ids: ['1'] }).success).toBe(true);
    expect(outboxJob.safeParse({ kind: 'send-wrapper-mail', ids: [] }).success).toBe(false);
    expect(outboxJob.safeParse({ kind: 'send-fax', ids: ['1'] }).success).toBe(false);
    expect(outboxJob.safeParse({ kind: 'send-wrapper-mail', ids: ['1'], body: 'x' }).success).toBe(false);
    const id = '0199f0a2-0000-7000-8000-000000000003';
    expect(sendWrapperMailPayload.safeParse({ recipientId: id, subject: 'x' }).success).toBe(false);
    expect(sendPasscodeMailPayload.safeParse({ passcodeRequestId: id, code: '12345678' }).success).toBe(false);
  });
});

describe('backoffSeconds', () => {
  it('begins at 5 seconds, doubles, never shrinks and ends at an hour', () => {
    expect([1, 2, 3, 4].map(backoffSeconds)).toEqual([5, 10, 20, 40]);
    fc.assert(
      fc.property(fc.nat({ max: 10_000 }), (failed) => {
        expect(backoffSeconds(failed + 1)).toBeGreaterThanOrEqual(backoffSeconds(failed));
        expect(backoffSeconds(failed)).toBeGreaterThanOrEqual(5);
        expect(backoffSeconds(failed)).toBeLessThanOrEqual(3600);
      }),
    );
    expect(backoffSeconds(50)).toBe(3600);
  });
});

/** Seconds from the first of so many attempts to the last one. */
function lastAt(attempts: number): number {
  return Array.from({ length: attempts - 1 }, (_, index) => backoffSeconds(index + 1)).reduce((sum, one) => sum + one, 0);
}

describe('attemptsOver', () => {
  it('has the last attempt fall just behind the time that is given', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 * 86_400 }), (seconds) => {
        const attempts = attemptsOver(seconds);
        expect(lastAt(attempts)).toBeGreaterThanOrEqual(seconds);
        expect(lastAt(attempts - 1)).toBeLessThan(seconds);
      }),
    );
    expect(attemptsOver(1)).toBe(2);
  });
});
