/** A span of time in which tracking was on for an organization; `to` null: still on. */
export interface TrackingPeriod {
  readonly from: Date;
  readonly to: Date | null;
}

export interface TrackingStatus {
  readonly state: 'on' | 'off';
  /** Since when steps of this message are recorded, null when they never were or are not now. */
  readonly since: Date | null;
  readonly reason: 'default_template' | 'switched_off' | null;
  /** Spans since acceptance in which nothing was recorded; `to` null: still so. */
  readonly gaps: readonly { readonly from: Date; readonly to: Date | null }[];
}

/**
 * Whether a message is tracked, since when and with which gaps. A message under the default template never is; one under
 * a custom template is while the organization's switch is on, from its acceptance or the switching on after it.
 * @param periods spans in which the switch was on, in order of time, not overlapping.
 */
export function trackingStatusOf(
  message: { acceptedAt: Date; usesDefaultTemplate: boolean },
  periods: readonly TrackingPeriod[],
): TrackingStatus {
  const { acceptedAt, usesDefaultTemplate } = message;
  if (usesDefaultTemplate) return { state: 'off', since: null, reason: 'default_template', gaps: [{ from: acceptedAt, to: null }] };

  const gaps: { from: Date; to: Date | null }[] = [];
  let coveredUntil: Date | null = acceptedAt;
  let since: Date | null = null;
  for (const period of periods) {
    const from: Date = period.from > acceptedAt ? period.from : acceptedAt;
    if (period.to && period.to <= from) continue;
    if (coveredUntil && from > coveredUntil) gaps.push({ from: coveredUntil, to: from });
    coveredUntil = period.to;
    if (!period.to) since = from;
  }
  if (coveredUntil) gaps.push({ from: coveredUntil, to: null });
  return since ? { state: 'on', since, reason: null, gaps } : { state: 'off', since: null, reason: 'switched_off', gaps };
}
