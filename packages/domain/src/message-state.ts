import { z } from 'zod';

export const deliveryState = z.enum(['accepted', 'sent', 'deferred', 'bounced', 'passed']);
/** How far the wrapper mail of one recipient has come. `passed`: the mail went through or inside, unwrapped. */
export type DeliveryState = z.infer<typeof deliveryState>;

export const accessState = z.enum(['unopened', 'opened', 'unrecorded', 'revoked', 'expired', 'erased']);
/** What one recipient can do and has done. `unrecorded`: not tracked, so nobody can say. */
export type AccessState = z.infer<typeof accessState>;

/** The stored facts from which a recipient's access state follows; times are instants. */
export interface RecipientFacts {
  readonly revokedAt: Date | null;
  readonly expiresAt: Date | null;
  readonly erasedAt: Date | null;
  readonly openedAt: Date | null;
  readonly tracked: boolean;
  /** Gets the message as it came: whoever has it reads it, and Signet is not asked. */
  readonly unwrapped: boolean;
}

/** The access state of a recipient at a moment: what refuses content comes first, then what was seen. */
export function accessStateOf(facts: RecipientFacts, now: Date): AccessState {
  if (facts.unwrapped) return 'unrecorded';
  if (facts.erasedAt) return 'erased';
  if (facts.revokedAt) return 'revoked';
  if (facts.expiresAt && facts.expiresAt <= now) return 'expired';
  if (facts.openedAt) return 'opened';
  return facts.tracked ? 'unopened' : 'unrecorded';
}

/** Access states that tell whether somebody read, and so belong to the trail; the others tell what stands against reading. */
const readingStates = ['unopened', 'opened', 'unrecorded'] as const satisfies readonly AccessState[];

export function isReadingState(state: string): boolean {
  return readingStates.some((reading) => reading === state);
}

export const refusalReasons = ['Revoked', 'Expired', 'NotAvailable'] as const;
export type RefusalReason = (typeof refusalReasons)[number];

/** Why a recipient gets no content at a moment, or null where nothing stands against it. Expiry is exact: at the instant itself it is over. */
export function refusalOf(facts: Pick<RecipientFacts, 'revokedAt' | 'expiresAt' | 'erasedAt'>, now: Date): RefusalReason | null {
  if (facts.erasedAt) return 'NotAvailable';
  if (facts.revokedAt) return 'Revoked';
  if (facts.expiresAt && facts.expiresAt <= now) return 'Expired';
  return null;
}

/** Whether revoking a recipient would have an effect: mail that goes unwrapped cannot be taken back. */
export function isRevocable(recipient: { unwrapped: boolean; erasedAt: Date | null }): boolean {
  return !recipient.unwrapped && recipient.erasedAt === null;
}
