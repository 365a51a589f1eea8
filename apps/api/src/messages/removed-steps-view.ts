import type { MessageHistory } from '@signet/api-contract/messages';

/** Steps of a message that are removed from the trail, as the API shows them. */
export function removedStepsView(
  removed: { readonly steps: number; readonly from: Date; readonly to: Date } | null,
): NonNullable<MessageHistory['trail']>['removed'] {
  return removed && { steps: removed.steps, from: removed.from.toISOString(), to: removed.to.toISOString() };
}
