import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  askedExpiryOf,
  decideExpiryChange,
  expiryAtAcceptance,
  expiryFreedomOf,
  latestExpiry,
  type ExpiryFacts,
  type SenderExpiryPolicy,
} from './message-expiry.ts';

const acceptedAt = new Date('2026-11-22T10:36:45.123Z');
const after = (milliseconds: number) => new Date(acceptedAt.getTime() + milliseconds);
const DAY = 86_400_000;
const at = after(10 * DAY);
const facts: ExpiryFacts = { acceptedAt, expiresAt: after(30 * DAY), expirySetBy: 'template', erasedAt: null, allPassed: false };

const change = (
  wanted: Date | null,
  {
    by = 'organization',
    policy = 'shorten',
    ...known
  }: Partial<ExpiryFacts> & { by?: 'sender' | 'organization'; policy?: SenderExpiryPolicy } = {},
) => decideExpiryChange({ ...facts, ...known }, { wanted, by, policy, at });

describe('changing an expiry', () => {
  it('sets an earlier or later time, or none', () => {
    for (const wanted of [after(20 * DAY), after(40 * DAY), null]) {
      expect(change(wanted)).toEqual({ allowed: true, expiresAt: wanted, changes: true });
    }
  });

  it('takes a time that has passed for now: an expiry is never dated back', () => {
    expect(change(after(0))).toEqual({ allowed: true, expiresAt: at, changes: true });
    expect(change(at)).toEqual({ allowed: true, expiresAt: at, changes: true });
    expect(change(after(10 * DAY + 1))).toMatchObject({ expiresAt: after(10 * DAY + 1) });
  });

  it('leaves what is so already, and what is over already', () => {
    expect(change(facts.expiresAt)).toMatchObject({ allowed: true, changes: false });
    expect(change(null, { expiresAt: null })).toMatchObject({ allowed: true, changes: false });
    const expiresAt = after(DAY);
    expect(change(after(2 * DAY), { expiresAt })).toEqual({ allowed: true, expiresAt, changes: false });
  });

  it('goes to 730 days after acceptance, and not a millisecond further', () => {
    expect(change(after(730 * DAY))).toMatchObject({ allowed: true, expiresAt: latestExpiry(acceptedAt) });
    expect(change(after(730 * DAY + 1))).toEqual({ allowed: false, refusal: 'later_than_allowed' });
  });

  it('is refused for what is erased or left unwrapped, whoever asks', () => {
    for (const by of ['sender', 'organization'] as const) {
      expect(change(null, { by, erasedAt: at })).toEqual({ allowed: false, refusal: 'erased' });
      expect(change(null, { by, allPassed: true })).toEqual({ allowed: false, refusal: 'passed' });
    }
  });

  it('lets senders do what the organization lets them, and never put off what it has set', () => {
    const sooner = after(20 * DAY);
    const later = after(40 * DAY);
    const by = 'sender';
    expect(change(sooner, { by, policy: 'never' })).toEqual({ allowed: false, refusal: 'not_for_senders' });
    expect(change(sooner, { by })).toMatchObject({ allowed: true });
    expect(change(sooner, { by, expiresAt: null })).toMatchObject({ allowed: true });
    for (const wanted of [later, null]) {
      expect(change(wanted, { by })).toEqual({ allowed: false, refusal: 'not_later' });
      expect(change(wanted, { by, policy: 'any' })).toMatchObject({ allowed: true });
      expect(change(wanted, { by, policy: 'any', expirySetBy: 'organization' })).toEqual({
        allowed: false,
        refusal: 'set_by_organization',
      });
    }
    expect(change(later, { by, expiresAt: after(DAY) }), 'reopening is putting off').toEqual({ allowed: false, refusal: 'not_later' });
  });

  it('is offered exactly where it would be allowed', () => {
    fc.assert(
      fc.property(
        fc.record({
          expiresAt: fc.constantFrom(null, after(DAY), at, after(30 * DAY)),
          expirySetBy: fc.constantFrom('template', 'sender', 'organization'),
          erasedAt: fc.constantFrom(null, null, at),
          allPassed: fc.boolean(),
        }),
        fc.constantFrom('sender', 'organization'),
        fc.constantFrom('never', 'shorten', 'any'),
        (known, by, policy) => {
          const freedom = expiryFreedomOf({ acceptedAt, ...known }, by, policy, at);
          const may = (wanted: Date | null) => {
            const decision = change(wanted, { ...known, by, policy });
            return decision.allowed && decision.changes;
          };
          expect(freedom.shorten).toBe(may(after(0)));
          expect(known.expiresAt === null || freedom.extend === may(null)).toBe(true);
        },
      ),
    );
  });
});

const asked = (...values: string[]) => askedExpiryOf(values.map((value) => ({ name: 'x-signet-EXPIRES', value })));

describe('the header that asks for an expiry', () => {
  it('holds days from 1 to 730, or a time', () => {
    expect(askedExpiryOf([])).toBeNull();
    expect(asked('1')).toEqual({ days: 1 });
    expect(asked(' 730 ')).toEqual({ days: 730 });
    expect(asked('2026-12-01T12:00:00+01:00')).toEqual({ at: new Date('2026-12-01T11:00:00Z') });
  });

  it.each(['', '0', '-1', '1.5', '731', '1e2', 'tomorrow', '7 days', '2026-12-01', '2026-02-30T00:00:00Z', '2026-12-01T12:00:00', '٣'])(
    '%j is none',
    (value) => expect(asked(value)).toBe('invalid'),
  );

  it('stands once', () => expect(asked('7', '7')).toBe('invalid'));
});

const set = (days: number, asks: Parameters<typeof expiryAtAcceptance>[1], policy: SenderExpiryPolicy = 'shorten') =>
  expiryAtAcceptance({ externalMailExpiryInDays: days }, asks, policy, acceptedAt);

const refused = (refusal: string) => ({ outcome: 'refused', refusal });

describe('the expiry of a new message', () => {
  it('is the template’s where nobody asks for another', () => {
    expect(set(0, null)).toEqual({ outcome: 'set', expiresAt: null, setBy: 'template' });
    expect(set(30, null)).toEqual({ outcome: 'set', expiresAt: after(30 * DAY), setBy: 'template' });
  });

  it('is earlier, or there at all, where the sender asks for it', () => {
    expect(set(30, { days: 30 })).toEqual({ outcome: 'set', expiresAt: after(30 * DAY), setBy: 'sender' });
    expect(set(0, { days: 730 })).toEqual({ outcome: 'set', expiresAt: after(730 * DAY), setBy: 'sender' });
    expect(set(30, { at: after(1) })).toEqual({ outcome: 'set', expiresAt: after(1), setBy: 'sender' });
  });

  it('refuses the message where the wish cannot be kept', () => {
    expect(set(30, 'invalid')).toEqual(refused('invalid'));
    expect(set(30, { at: acceptedAt })).toEqual(refused('invalid'));
    expect(set(0, { at: after(730 * DAY + 1) })).toEqual(refused('invalid'));
    expect(set(30, { days: 7 }, 'never')).toEqual(refused('not_for_senders'));
    expect(set(30, { days: 31 })).toEqual(refused('not_later'));
    expect(set(30, { days: 31 }, 'any')).toMatchObject({ outcome: 'set', setBy: 'sender' });
  });
});
