import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deliveryState } from './message-state.ts';
import type { RevocationRecipient } from './revocation.ts';
import { decideRevocation, revoker, revokerOf } from './revocation.ts';

const at = new Date('2026-11-22T10:00:00.000Z');
const names = ['ann@a.example', 'bob@b.example', 'cid@c.example', 'dan@d.example'];

const anyRecipients: fc.Arbitrary<RevocationRecipient[]> = fc.uniqueArray(fc.constantFrom(...names), { minLength: 1 }).chain((addresses) =>
  fc.tuple(
    ...addresses.map((address, index) =>
      fc
        .record({
          id: fc.constant(`recipient-${index}`),
          address: fc.constant(address),
          deliveryState: fc.constantFrom(...deliveryState.options),
          unwrapped: fc.boolean(),
          revokedBy: fc.constantFrom(null, ...revoker.options),
          erasedAt: fc.constantFrom(null, null, null, at),
        })
        .map((facts) => ({ ...facts, revokedAt: facts.revokedBy && at })),
    ),
  ),
);
const anyWanted = fc.option(
  fc.subarray(names, { minLength: 1 }).map((list) => list.map((name) => ` ${name.toUpperCase()} `)),
  { nil: undefined },
);
const anyRevoker = fc.constantFrom(...revoker.options);
const anyAction = fc.constantFrom('revoke' as const, 'restore' as const);
const reachable = (recipient: RevocationRecipient) => !recipient.unwrapped && recipient.erasedAt === null;
const recipient = (facts: Partial<RevocationRecipient>): RevocationRecipient => ({
  id: 'r1',
  address: 'ann@a.example',
  deliveryState: 'sent',
  unwrapped: false,
  revokedAt: null,
  revokedBy: null,
  erasedAt: null,
  ...facts,
});

describe('decideRevocation', () => {
  it('changes exactly the wanted recipients who can be reached and are not yet so', () => {
    fc.assert(
      fc.property(anyAction, anyRevoker, anyRecipients, anyWanted, (action, by, recipients, wanted) => {
        const decision = decideRevocation(action, by, recipients, wanted);
        const chosen = recipients.filter(({ address }) => wanted === undefined || wanted.includes(` ${address.toUpperCase()} `));
        const unknown = (wanted ?? []).filter((name) => recipients.every(({ address }) => ` ${address.toUpperCase()} ` !== name));
        expect(decision.unknownAddresses).toEqual(unknown);
        expect(decision.notRevocable).toEqual(chosen.filter((one) => !reachable(one)).map(({ address }) => address));
        const held = (one: RevocationRecipient) => action === 'restore' && by === 'sender' && one.revokedBy === 'organization';
        const takesOver = (one: RevocationRecipient) => action === 'revoke' && by === 'organization' && one.revokedBy === 'sender';
        const expected = chosen.filter(
          (one) => reachable(one) && !held(one) && ((one.revokedAt === null) === (action === 'revoke') || takesOver(one)),
        );
        const unreached = chosen.some(reachable) ? 'revoked_by_organization' : 'not_revocable';
        const refusal = unknown.length > 0 ? 'unknown_recipients' : unreached;
        expect(decision).toMatchObject(
          unknown.length > 0 || !chosen.some((one) => reachable(one) && !held(one))
            ? { allowed: false, refusal }
            : { allowed: true, change: expected.map(({ id }) => id) },
        );
      }),
    );
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(anyAction, anyRevoker, anyRecipients, anyWanted, (action, by, recipients, wanted) => {
        const first = decideRevocation(action, by, recipients, wanted);
        const changed = new Set(first.allowed ? first.change : []);
        const after = recipients.map((one) =>
          changed.has(one.id)
            ? { ...one, ...(action === 'revoke' ? { revokedAt: at, revokedBy: by } : { revokedAt: null, revokedBy: null }) }
            : one,
        );
        const second = decideRevocation(action, by, after, wanted);
        expect(second).toEqual(first.allowed ? { ...first, change: [] } : first);
      }),
    );
  });

  it('finds an address in any capitals and with blanks around, and no part of one', () => {
    expect(decideRevocation('revoke', 'organization', [recipient({})], [' ANN@A.Example\t'])).toMatchObject({
      allowed: true,
      change: ['r1'],
    });
    expect(decideRevocation('revoke', 'organization', [recipient({})], ['ann@a'])).toMatchObject({
      allowed: false,
      unknownAddresses: ['ann@a'],
    });
  });

  it('refuses mail that passed unwrapped, names it, and takes the others back all the same', () => {
    const passed = recipient({ id: 'r2', address: 'bob@b.example', unwrapped: true });
    expect(decideRevocation('revoke', 'organization', [passed])).toMatchObject({
      allowed: false,
      refusal: 'not_revocable',
      notRevocable: ['bob@b.example'],
    });
    expect(decideRevocation('revoke', 'organization', [recipient({}), passed])).toMatchObject({
      allowed: true,
      change: ['r1'],
      notRevocable: ['bob@b.example'],
    });
  });

  it('lets a sender restore what a sender has revoked, and nothing that the organization has', () => {
    const theirs = recipient({ revokedAt: at, revokedBy: 'sender' });
    const held = recipient({ id: 'r2', address: 'bob@b.example', revokedAt: at, revokedBy: 'organization' });
    expect(decideRevocation('restore', 'sender', [theirs, held])).toMatchObject({ allowed: true, change: ['r1'] });
    expect(decideRevocation('restore', 'sender', [theirs, held], ['bob@b.example'])).toMatchObject({
      allowed: false,
      refusal: 'revoked_by_organization',
    });
    expect(decideRevocation('restore', 'organization', [theirs, held])).toMatchObject({ allowed: true, change: ['r1', 'r2'] });
  });

  it('makes a sender’s revocation the organization’s when it revokes too, and not the other way round', () => {
    const theirs = recipient({ revokedAt: at, revokedBy: 'sender' });
    expect(decideRevocation('revoke', 'organization', [theirs])).toMatchObject({ allowed: true, change: ['r1'] });
    const held = recipient({ revokedAt: at, revokedBy: 'organization' });
    expect(decideRevocation('revoke', 'sender', [held])).toMatchObject({ allowed: true, change: [] });
  });

  it('touches nobody when one address is unknown, and refuses an empty list', () => {
    expect(decideRevocation('revoke', 'organization', [recipient({})], ['ann@a.example', 'eve@e.example'])).toEqual({
      allowed: false,
      refusal: 'unknown_recipients',
      unknownAddresses: ['eve@e.example'],
      notRevocable: [],
    });
    expect(decideRevocation('revoke', 'organization', [recipient({})], [])).toMatchObject({ allowed: false, refusal: 'not_revocable' });
  });
});

describe('revokerOf', () => {
  it('holds everybody but a sender for the organization, and whoever is not known too', () => {
    expect(revokerOf('sender')).toBe('sender');
    for (const kind of ['member', 'integration', 'system', 'unknown', undefined] as const) expect(revokerOf(kind)).toBe('organization');
  });
});
