import { z } from 'zod';
import { expiryOf, templateLimits, type BrandingTemplate } from './branding-template.ts';
import type { Revoker } from './revocation.ts';

const DAY = 86_400_000;

/** The header by which a sender sets a message's expiry: days from 1 to 730, or a time (RFC 3339). Never shown to recipients. */
export const EXPIRY_HEADER = 'X-Signet-Expires';

/** What senders may do with their messages' expiry: nothing; end it sooner; end it sooner or later. */
export const senderExpiryPolicy = z.enum(['never', 'shorten', 'any']);
export type SenderExpiryPolicy = z.infer<typeof senderExpiryPolicy>;

/** What becomes of stored content once its message has expired. */
export const contentAfterExpiry = z.enum(['keep', 'erase']);
export type ContentAfterExpiry = z.infer<typeof contentAfterExpiry>;

/** Whose a message's expiry is: its template's (or a mail rule's), or of whoever set it last by hand. */
export const expirySetter = z.enum(['template', 'sender', 'organization']);
export type ExpirySetter = z.infer<typeof expirySetter>;

/** How late a message may expire. */
export function latestExpiry(acceptedAt: Date): Date {
  return new Date(acceptedAt.getTime() + templateLimits.expiryInDays * DAY);
}

/** The facts of a message that decide about changing its expiry, read under its lock. */
export interface ExpiryFacts {
  readonly acceptedAt: Date;
  readonly expiresAt: Date | null;
  readonly expirySetBy: ExpirySetter;
  readonly erasedAt: Date | null;
  /** Whether every recipient got the mail itself: then nothing is left that could expire. */
  readonly allPassed: boolean;
}

/** What somebody may do with a message's expiry at a moment. `extend`: put off the one there is, or one that is set now. */
export interface ExpiryFreedom {
  readonly shorten: boolean;
  readonly extend: boolean;
}

/** What may be done with a message's expiry, as `decideExpiryChange` would decide it. */
export function expiryFreedomOf(facts: ExpiryFacts, by: Revoker, policy: SenderExpiryPolicy, now: Date): ExpiryFreedom {
  if (facts.erasedAt !== null || facts.allPassed) return { shorten: false, extend: false };
  const over = facts.expiresAt !== null && facts.expiresAt <= now;
  if (by === 'organization') return { shorten: !over, extend: true };
  return {
    shorten: policy !== 'never' && !over,
    extend: policy === 'any' && facts.expirySetBy !== 'organization',
  };
}

/** Why an expiry stays as it is. `later_than_allowed`: the wanted time itself is wrong. */
export type ExpiryRefusal = 'erased' | 'passed' | 'later_than_allowed' | 'not_for_senders' | 'not_later' | 'set_by_organization';

export type ExpiryDecision =
  | { readonly allowed: true; readonly expiresAt: Date | null; readonly changes: boolean }
  | { readonly allowed: false; readonly refusal: ExpiryRefusal };

const refused = (refusal: ExpiryRefusal): ExpiryDecision => ({ allowed: false, refusal });

/**
 * Decides what a message's expiry becomes. A time that has passed means now: an expiry is never dated back before what was
 * read. What is so already is no change, and nobody is refused it.
 * @param wanted null: never.
 */
export function decideExpiryChange(
  facts: ExpiryFacts,
  { wanted, by, policy, at }: { wanted: Date | null; by: Revoker; policy: SenderExpiryPolicy; at: Date },
): ExpiryDecision {
  const { expiresAt: current } = facts;
  if (facts.erasedAt !== null) return refused('erased');
  if (facts.allPassed) return refused('passed');
  if (wanted !== null && wanted > latestExpiry(facts.acceptedAt)) return refused('later_than_allowed');
  const isOver = current !== null && current <= at;
  const same: ExpiryDecision = { allowed: true, expiresAt: current, changes: false };
  if (wanted?.getTime() === current?.getTime() || (isOver && wanted !== null && wanted <= at)) return same;
  const expiresAt = wanted !== null && wanted <= at ? at : wanted;
  if (by === 'sender') {
    const isLater = current !== null && (expiresAt === null || expiresAt > current);
    if (policy === 'never') return refused('not_for_senders');
    if (isLater && policy !== 'any') return refused('not_later');
    if (isLater && facts.expirySetBy === 'organization') return refused('set_by_organization');
  }
  return { allowed: true, expiresAt, changes: true };
}

/** An expiry that a sender asks for: so many days after acceptance, or at a time. */
export type AskedExpiry = { readonly days: number } | { readonly at: Date };

const moment = z.iso.datetime({ offset: true });

/**
 * What the header fields ask for.
 * @returns null where there is no such field; `invalid` where one cannot be read, or where there are several: then nobody
 * could say which one its sender relies on.
 */
export function askedExpiryOf(headers: readonly { readonly name: string; readonly value: string }[]): AskedExpiry | 'invalid' | null {
  const [field, ...more] = headers.filter(({ name }) => name.toLowerCase() === EXPIRY_HEADER.toLowerCase());
  if (field === undefined) return null;
  if (more.length > 0) return 'invalid';
  const value = field.value.trim();
  if (/^\d{1,3}$/.test(value)) {
    const days = Number(value);
    return days >= 1 && days <= templateLimits.expiryInDays ? { days } : 'invalid';
  }
  const at = new Date(value);
  return moment.safeParse(value).success && !Number.isNaN(at.getTime()) ? { at } : 'invalid';
}

/** Why a message is not taken with the expiry that its header asks for. */
export type AskedExpiryRefusal = 'invalid' | 'not_for_senders' | 'not_later';

export type AcceptedExpiry =
  | { readonly outcome: 'set'; readonly expiresAt: Date | null; readonly setBy: ExpirySetter }
  | { readonly outcome: 'refused'; readonly refusal: AskedExpiryRefusal };

/**
 * The expiry of a message that is being accepted: its template's, or the one that its sender asks for. A wish that cannot be
 * kept refuses the message: its sender would rely on an expiry that is not there.
 */
export function expiryAtAcceptance(
  template: Pick<BrandingTemplate, 'externalMailExpiryInDays'>,
  asked: AskedExpiry | 'invalid' | null,
  policy: SenderExpiryPolicy,
  acceptedAt: Date,
): AcceptedExpiry {
  const own = expiryOf(template, acceptedAt);
  if (asked === null) return { outcome: 'set', expiresAt: own, setBy: 'template' };
  if (asked === 'invalid') return { outcome: 'refused', refusal: 'invalid' };
  if (policy === 'never') return { outcome: 'refused', refusal: 'not_for_senders' };
  const expiresAt = 'days' in asked ? new Date(acceptedAt.getTime() + asked.days * DAY) : asked.at;
  if (expiresAt <= acceptedAt || expiresAt > latestExpiry(acceptedAt)) return { outcome: 'refused', refusal: 'invalid' };
  if (own !== null && expiresAt > own && policy !== 'any') return { outcome: 'refused', refusal: 'not_later' };
  return { outcome: 'set', expiresAt, setBy: 'sender' };
}
