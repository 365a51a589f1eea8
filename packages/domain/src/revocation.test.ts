import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deliveryState } from './message-state.ts';
import type { RevocationRecipient } from './revocation.ts';
import { decideRevocation } from './revocation.ts';

const at = new Date('2026-11-22T10:00:00.000Z');
const names = ['ann@a.example', 'bob@b.example', 'cid@c.example', 'dan@d.example'];

const anyRecipients: fc.Arbitrary<RevocationRecipient[]> = fc.uniqueArray(fc.constantFrom(...names), { minLength: 1 }).chain((addresses) =>
  fc.tuple(
    ...addresses.map((address, index) =>
      fc.record({
        id: fc.constant(`recipient-${index}`),
        address: fc.constant(address),
        deliveryState: fc.constantFrom(...deliveryState.options),
        revokedAt: fc.constantFrom(null, at),
        erasedAt: fc.constantFrom(null, null, null, at),
      }),
    ),
  ),
);
const anyWanted = fc.option(
  fc.subarray(names, { minLength: 1 }).map((list) => list.map((name) => ` ${name.toUpperCase()} `)),
  { nil: undefined },
);
const anyAction = fc.constantFrom('revoke' as const, 'restore' as const);
const reachable = (recipient: RevocationRecipient) => recipient.deliveryState !== 'passed' && recipient.erasedAt === null;
const recipient = (facts: Partial<RevocationRecipient>): RevocationRecipient => ({
  id: 'r1',
  address: 'ann@a.example',
  deliveryState: 'sent',
  revokedAt: null,
  erasedAt: null,
  ...facts,
});

describe('decideRevocation', () => {
  it('changes exactly the wanted recipients who can be reached and are not yet so', () => {
    fc.assert(
      fc.property(anyAction, anyRecipients, anyWanted, (action, recipients, wanted) => {
        const decision = decideRevocation(action, recipients, wanted);
        const chosen = recipients.filter(({ address }) => wanted === undefined || wanted.includes(` ${address.toUpperCase()} `));
        const unknown = (wanted ?? []).filter((name) => recipients.every(({ address }) => ` ${address.toUpperCase()} ` !== name));
        expect(decision.unknownAddresses).toEqual(unknown);
        expect(decision.notRevocable).toEqual(chosen.filter((one) => !reachable(one)).map(({ address }) => address));
        const expected = chosen.filter((one) => reachable(one) && (one.revokedAt === null) === (action === 'revoke'));
        const refusal = unknown.length > 0 ? 'unknown_recipients' : 'not_revocable';
        expect(decision).toMatchObject(
          unknown.length > 0 || !chosen.some(reachable)
            ? { allowed: false, refusal }
            : { allowed: true, change: expected.map(({ id }) => id) },
        );
      }),
    );
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(anyAction, anyRecipients, anyWanted, (action, recipients, wanted) => {
        const first = decideRevocation(action, recipients, wanted);
        const changed = new Set(first.allowed ? first.change : []);
        const after = recipients.map((one) => (changed.has(one.id) ? { ...one, revokedAt: action === 'revoke' ? at : null } : one));
        const second = decideRevocation(action, after, wanted);
        expect(second).toEqual(first.allowed ? { ...first, change: [] } : first);
      }),
    );
  });

  it('finds an address in any capitals and with blanks around, and no part of one', () => {
    expect(decideRevocation('revoke', [recipient({})], [' ANN@A.Example\t'])).toMatchObject({ allowed: true, change: ['r1'] });
    expect(decideRevocation('revoke', [recipient({})], ['ann@a'])).toMatchObject({ allowed: false, unknownAddresses: ['ann@a'] });
  });

  it('refuses mail that passed unwrapped, names it, and takes the others back all the same', () => {
    const passed = recipient({ id: 'r2', address: 'bob@b.example', deliveryState: 'passed' });
    expect(decideRevocation('revoke', [passed])).toMatchObject({
      allowed: false,
      refusal: 'not_revocable',
      notRevocable: ['bob@b.example'],
    });
    expect(decideRevocation('revoke', [recipient({}), passed])).toMatchObject({
      allowed: true,
      change: ['r1'],
      notRevocable: ['bob@b.example'],
    });
  });

  it('touches nobody when one address is unknown, and refuses an empty list', () => {
    expect(decideRevocation('revoke', [recipient({})], ['ann@a.example', 'eve@e.example'])).toEqual({
      allowed: false,
      refusal: 'unknown_recipients',
      unknownAddresses: ['eve@e.example'],
      notRevocable: [],
    });
    expect(decideRevocation('revoke', [recipient({})], [])).toMatchObject({ allowed: false, refusal: 'not_revocable' });
  });
});
