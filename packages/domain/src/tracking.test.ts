import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { trackingStatusOf } from './tracking.ts';

/** Periods on a short time line, each beginning after the one before it ended; the last one may still run. */
const anyPeriods = fc.tuple(fc.uniqueArray(fc.integer({ min: 0, max: 40 }), { maxLength: 8 }), fc.boolean()).map(([times, open]) => {
  const sorted = times.toSorted((a, b) => a - b);
  const starts = sorted.filter((_, index) => index % 2 === 0);
  return starts.flatMap((from, index) => {
    const to = sorted[index * 2 + 1];
    if (to === undefined && !open) return [];
    return [{ from: new Date(from), to: to === undefined ? null : new Date(to) }];
  });
});

/** How many of the spans a moment lies in, their end excluded. */
function spansAround(spans: readonly { from: Date; to: Date | null }[], moment: number): number {
  return spans.filter(({ from, to }) => from.getTime() <= moment && (to === null || moment < to.getTime())).length;
}

describe('trackingStatusOf', () => {
  it('lets gaps and recorded spans share out the time since acceptance: each moment is in exactly one', () => {
    fc.assert(
      fc.property(anyPeriods, fc.integer({ min: 0, max: 45 }), (periods, accepted) => {
        const status = trackingStatusOf({ acceptedAt: new Date(accepted), usesDefaultTemplate: false }, periods);
        for (let moment = accepted; moment < 60; moment += 1) {
          expect(spansAround(status.gaps, moment) + spansAround(periods, moment)).toBe(1);
        }
        for (const gap of status.gaps) expect(gap.from.getTime()).toBeGreaterThanOrEqual(accepted);
        const running = periods.find(({ to }) => to === null);
        expect(status.state).toBe(running ? 'on' : 'off');
        expect(status.since?.getTime()).toBe(running && Math.max(accepted, running.from.getTime()));
        expect(status.reason).toBe(running ? null : 'switched_off');
      }),
    );
  });

  it('never tracks a message under the default template', () => {
    const acceptedAt = new Date(5);
    expect(trackingStatusOf({ acceptedAt, usesDefaultTemplate: true }, [{ from: new Date(0), to: null }])).toEqual({
      state: 'off',
      since: null,
      reason: 'default_template',
      gaps: [{ from: acceptedAt, to: null }],
    });
  });

  it('does not split a gap at a switch that was on for no time', () => {
    const moment = new Date(9);
    expect(trackingStatusOf({ acceptedAt: new Date(5), usesDefaultTemplate: false }, [{ from: moment, to: moment }]).gaps).toEqual([
      { from: new Date(5), to: null },
    ]);
  });
});
