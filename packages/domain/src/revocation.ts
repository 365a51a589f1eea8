import type { DeliveryState } from './message-state.ts';
import { isRevocable } from './message-state.ts';

/** The facts of one recipient that decide about revoking and restoring, read under the rows' lock. */
export interface RevocationRecipient {
  readonly id: string;
  readonly address: string;
  readonly deliveryState: DeliveryState;
  readonly revokedAt: Date | null;
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
    | { readonly allowed: false; readonly refusal: 'unknown_recipients' | 'not_revocable' }
  );

/** Addresses are one when they differ in capitals only, as every mail system that people use has it. */
const keyOf = (address: string): string => address.trim().toLowerCase();

/**
 * Decides which recipients to revoke or restore. All or nothing where an address is unknown; recipients who cannot be
 * reached are skipped and named, and refuse the whole only where nobody else is left. Doing it again changes nothing.
 * Expiry does not stand against either: it may be moved later, and the revocation must then hold.
 * @param wanted addresses, compared trimmed and without regard to case; undefined means every recipient.
 * @returns ids to change in the order of `recipients`.
 */
export function decideRevocation(
  action: 'revoke' | 'restore',
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
  const change = reachable.filter((recipient) => (action === 'revoke') === (recipient.revokedAt === null));
  return { ...findings, allowed: true, change: change.map((recipient) => recipient.id) };
}
