import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { passcodeHmac, passcodePolicy, secondsUntilNextPasscodeMail } from './passcode.ts';

const now = new Date('2026-11-22T10:00:00.000Z');
const secondsAgo = (seconds: number) => new Date(now.getTime() - seconds * 1000);

/** Whether a mail may go out at a moment, as the policy says it in words. */
function mayMail(sentAt: readonly Date[], moment: Date): boolean {
  return passcodePolicy.mailLimits.every(
    ({ mails, seconds }) => sentAt.filter((at) => moment.getTime() - at.getTime() < seconds * 1000).length < mails,
  );
}

describe('secondsUntilNextPasscodeMail', () => {
  it('names the first whole second at which every limit allows a mail', () => {
    const ages = fc.array(fc.oneof(fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 85_000, max: 86_500 })), { maxLength: 25 });
    fc.assert(
      fc.property(ages, (list) => {
        const sentAt = list.map(secondsAgo);
        const wait = secondsUntilNextPasscodeMail(sentAt, now);
        let first = 0;
        while (!mayMail(sentAt, secondsAgo(-first))) first += 1;
        expect(wait).toBe(first);
      }),
      { numRuns: 60 },
    );
  });

  it('allows one in 30 seconds, five in 15 minutes, twenty a day', () => {
    expect(secondsUntilNextPasscodeMail([], now)).toBe(0);
    expect(secondsUntilNextPasscodeMail([secondsAgo(29.5)], now)).toBe(1);
    expect(secondsUntilNextPasscodeMail([secondsAgo(30)], now)).toBe(0);
    expect(secondsUntilNextPasscodeMail([40, 80, 120, 160, 200].map(secondsAgo), now)).toBe(700);
    expect(
      secondsUntilNextPasscodeMail(
        Array.from({ length: 20 }, (_, index) => secondsAgo(1000 + index * 1000)),
        now,
      ),
    ).toBe(66_400);
  });
});

describe('passcodeHmac', () => {
  const key = new Uint8Array(32).fill(7);

  it('is bound to the key, the request and the code', () => {
    const base = passcodeHmac(key, 'request', '12345678');
    expect(base).toHaveLength(32);
    expect(passcodeHmac(key, 'request', '12345678')).toEqual(base);
    expect(passcodeHmac(new Uint8Array(32), 'request', '12345678')).not.toEqual(base);
    expect(passcodeHmac(key, 'another', '12345678')).not.toEqual(base);
    expect(passcodeHmac(key, 'request', '12345679')).not.toEqual(base);
  });
});
