import { z } from 'zod';
import type { Actor } from './audit/entry.ts';
import type { DeliveryState } from './message-state.ts';
import { isRevocable } from './message-state.ts';

export const revoker = z.enum(['sender', 'organization']);
/** Whose a revocation is: what the organization has taken back, the sender does not give again. */
export type Revoker = z.infer<typeof revoker>;

/** For whom somebody revokes: everybody but the sender does it for the organization. */
export function revokerOf(kind: Actor['kind'] | undefined): Revoker {
  return kind === 'sender' ? 'sender' : 'organization';
}

/** The facts of one recipient that decide about revoking and restoring, read under the rows' lock. */
export interface RevocationRecipient {
  readonly id: string;
  readonly address: string;
  readonly deliveryState: DeliveryState;
  /** Gets the message as it came. */
  readonly unwrapped: boolean;
  readonly revokedAt: Date | null;
  /** Whose the revocation is; null where there is none. */
  readonly revokedBy: Revoker | null;
  readonly erasedAt: Date | null;
}

interface RevocationFindings {
  /** Wanted addresses, as they were given, that are no recipients of the message. */
  readonly unknownAddresses: readonly string[];
  /** Addresses of chosen recipients whom revoking and restoring cannot reach: passed unwrapped, or erased. */
  readonly notRevocable: readonly string[];
}

/** What to do, or why nothing may be done. `change` is empty where everything already is as wanted. */
export type RevocationDecision = RevocationFindings &
  (
    | { readonly allowed: true; readonly change: readonly string[] }
    | { readonly allowed: false; readonly refusal: 'unknown_recipients' | 'not_revocable' | 'revoked_by_organization' }
  );

/** Addresses are one when they differ in capitals only, as every mail system that people use has it. */
const keyOf = (address: string): string => address.trim().toLowerCase();

/**
 * Decides which recipients to revoke or restore. All or nothing where an address is unknown; recipients who cannot be
 * reached are skipped and named, and refuse the whole only where nobody else is left. Doing it again changes nothing.
 * A sender restores only whom a sender's revocation took away: the others stay revoked, and where nobody else is left, it is
 * refused. What the organization revokes is its own from then on, also where the sender had revoked before.
 * Expiry does not stand against either: it may be moved later, and the revocation must then hold.
 * @param wanted addresses, compared trimmed and without regard to case; undefined means every recipient.
 * @returns ids to change in the order of `recipients`.
 */
export function decideRevocation(
  action: 'revoke' | 'restore',
  by: Revoker,
  recipients: readonly RevocationRecipient[],
  wanted?: readonly string[],
): RevocationDecision {
  const wantedKeys = wanted && new Set(wanted.map(keyOf));
  const present = new Set(recipients.map((recipient) => keyOf(recipient.address)));
  const chosen = wantedKeys ? recipients.filter((recipient) => wantedKeys.has(keyOf(recipient.address))) : recipients;
  const reachable = chosen.filter(isRevocable);
  const findings: RevocationFindings = {
    unknownAddresses: (wanted ?? []).filter((address) => !present.has(keyOf(address))),
    notRevocable: chosen.filter((recipient) => !isRevocable(recipient)).map((recipient) => recipient.address),
  };
  if (findings.unknownAddresses.length > 0) return { ...findings, allowed: false, refusal: 'unknown_recipients' };
  if (reachable.length === 0) return { ...findings, allowed: false, refusal: 'not_revocable' };
  const open = reachable.filter((recipient) => action === 'revoke' || by === 'organization' || recipient.revokedBy !== 'organization');
  if (open.length === 0) return { ...findings, allowed: false, refusal: 'revoked_by_organization' };
  const change = open.filter(({ revokedAt, revokedBy }) =>
    action === 'restore' ? revokedAt !== null : revokedAt === null || (by === 'organization' && revokedBy === 'sender'),
  );
  return { ...findings, allowed: true, change: change.map((recipient) => recipient.id) };
}
