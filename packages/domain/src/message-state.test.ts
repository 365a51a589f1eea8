import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { RecipientFacts } from './message-state.ts';
import { accessStateOf, isRevocable, refusalOf } from './message-state.ts';

const now = new Date('2026-11-22T10:00:00.000Z');
const shifted = (milliseconds: number) => new Date(now.getTime() + milliseconds);
const fresh: RecipientFacts = { revokedAt: null, expiresAt: null, erasedAt: null, openedAt: null, tracked: true, unwrapped: false };

describe('accessStateOf and refusalOf', () => {
  it.each<[string, Partial<RecipientFacts>, string, string | null]>([
    ['nothing happened', {}, 'unopened', null],
    ['opened', { openedAt: now }, 'opened', null],
    ['not tracked', { tracked: false }, 'unrecorded', null],
    ['revoked', { revokedAt: now, openedAt: now }, 'revoked', 'Revoked'],
    ['expired long ago', { expiresAt: shifted(-1), openedAt: now }, 'expired', 'Expired'],
    ['expiring at this very millisecond', { expiresAt: now }, 'expired', 'Expired'],
    ['expiring one millisecond later', { expiresAt: shifted(1) }, 'unopened', null],
    ['revoked and expired', { revokedAt: now, expiresAt: shifted(-1) }, 'revoked', 'Revoked'],
    ['erased after all else', { erasedAt: now, revokedAt: now, expiresAt: now, openedAt: now }, 'erased', 'NotAvailable'],
  ])('%s', (_, facts, state, refusal) => {
    expect(accessStateOf({ ...fresh, ...facts }, now)).toBe(state);
    expect(refusalOf({ ...fresh, ...facts }, now)).toBe(refusal);
  });

  it('never disagree: content is refused in exactly the states that say so', () => {
    const time = fc.option(fc.integer({ min: -2, max: 2 }).map(shifted), { nil: null });
    const anyFacts = fc.record({
      revokedAt: time,
      expiresAt: time,
      erasedAt: time,
      openedAt: time,
      tracked: fc.boolean(),
      unwrapped: fc.constant(false),
    });
    const refusals: Readonly<Record<string, string>> = { revoked: 'Revoked', expired: 'Expired', erased: 'NotAvailable' };
    fc.assert(
      fc.property(anyFacts, (facts) => {
        expect(refusalOf(facts, now)).toBe(refusals[accessStateOf(facts, now)] ?? null);
      }),
    );
  });
});

test('nobody can say what became of a message that somebody got unwrapped, whatever became of it here', () => {
  expect(accessStateOf({ ...fresh, unwrapped: true, revokedAt: now, expiresAt: now, erasedAt: now }, now)).toBe('unrecorded');
});

describe('isRevocable', () => {
  it('holds for everybody but who got the mail unwrapped or whose message is erased', () => {
    expect(isRevocable({ unwrapped: false, erasedAt: null })).toBe(true);
    expect(isRevocable({ unwrapped: true, erasedAt: null })).toBe(false);
    expect(isRevocable({ unwrapped: false, erasedAt: now })).toBe(false);
  });
});
