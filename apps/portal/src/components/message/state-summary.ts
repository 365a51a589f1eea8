import type { MessageSummary } from '@signet/api-contract/messages';
import type { AccessState, DeliveryState } from '@signet/domain/message-state';

export type Tone = 'neutral' | 'success' | 'warning' | 'danger';

type Access = AccessState | 'partlyRevoked';

/** What a list says of a message in a word: `of` people, of whom `count` are named in that state. */
export interface StateSummary<State extends string> {
  readonly state: State;
  readonly count: number;
  readonly of: number;
  readonly tone: Tone;
}

export const accessTones = {
  unopened: 'neutral',
  opened: 'success',
  unrecorded: 'neutral',
  revoked: 'danger',
  partlyRevoked: 'danger',
  expired: 'warning',
  erased: 'danger',
} as const satisfies Record<Access, Tone>;

export const deliveryTones = {
  accepted: 'neutral',
  sent: 'neutral',
  deferred: 'warning',
  bounced: 'danger',
  passed: 'neutral',
} as const satisfies Record<DeliveryState, Tone>;

/**
 * The most telling access state: what refuses content where it refuses it to all, then a revocation of some, then who
 * opened. A summary names ten recipients at most, so a count is of those. Null where who asks may not know who read.
 */
export function accessSummaryOf(message: Pick<MessageSummary, 'revoked' | 'recipients' | 'recipientCount'>): StateSummary<Access> | null {
  const { recipients, recipientCount: of } = message;
  const counted = (state: Access, count: number) => ({ state, count, of, tone: accessTones[state] });
  const count = (state: AccessState) => recipients.filter(({ accessState }) => accessState === state).length;
  if (message.revoked) return counted('revoked', of);
  for (const state of ['erased', 'expired'] as const)
    if (recipients.length > 0 && count(state) === recipients.length) return counted(state, of);
  if (count('revoked') > 0) return counted('partlyRevoked', count('revoked'));
  if (count('opened') > 0) return counted('opened', count('opened'));
  if (recipients.some(({ accessState }) => accessState === null)) return null;
  return count('unopened') > 0 ? counted('unopened', of) : counted('unrecorded', of);
}

/** The delivery state that most needs attention. */
export function deliverySummaryOf(message: Pick<MessageSummary, 'recipients' | 'recipientCount'>): StateSummary<DeliveryState> {
  const { recipients, recipientCount: of } = message;
  const order = ['bounced', 'deferred', 'accepted', 'sent', 'passed'] as const;
  const state = order.find((wanted) => recipients.some(({ deliveryState }) => deliveryState === wanted)) ?? 'accepted';
  return { state, count: recipients.filter(({ deliveryState }) => deliveryState === state).length, of, tone: deliveryTones[state] };
}
