import type { CountedInterval, Statistics } from '@signet/api-contract/statistics';
import type { StatisticsFacts } from '@signet/db/statistics';
import { coverageOf, gapsBetween } from '@signet/domain/statistics';

/**
 * Counts as the contract says them, an interval after the other. What tells of reading is null where nothing was recorded,
 * and for whoever may not know it: never zero.
 */
export function statisticsView(
  bounds: readonly Date[],
  facts: StatisticsFacts,
  sight: { readonly trail: boolean },
): Pick<Statistics, 'indexedThrough' | 'firstMessageAt' | 'gaps' | 'intervals'> {
  const [from = new Date(0), to = from] = [bounds[0], bounds.at(-1)];
  const gaps = gapsBetween({ from, to }, facts.periods, facts.since);
  const counts = new Map(facts.counts.map(({ series, interval, value }) => [`${interval} ${series}`, value]));
  const spans = bounds.slice(0, -1).map((start, index) => ({ from: start, to: bounds[index + 1] ?? start }));
  return {
    indexedThrough: facts.indexedThrough.toISOString(),
    firstMessageAt: facts.firstMessageAt?.toISOString() ?? null,
    gaps: gaps.map((gap) => ({ from: gap.from.toISOString(), to: gap.to.toISOString() })),
    intervals: spans.map((span, index): CountedInterval => {
      const recorded = coverageOf(span, gaps);
      const valueOf = (series: string) => counts.get(`${index} ${series}`) ?? 0;
      const told = sight.trail && recorded !== 'none';
      return {
        from: span.from.toISOString(),
        to: span.to.toISOString(),
        recorded,
        sent: valueOf('sent'),
        neverTracked: valueOf('neverTracked'),
        deliveries: {
          accepted: valueOf('delivery accepted'),
          sent: valueOf('delivery sent'),
          deferred: valueOf('delivery deferred'),
          bounced: valueOf('delivery bounced'),
          passed: valueOf('delivery passed'),
        },
        revoked: valueOf('revoked'),
        opened: told ? valueOf('opened') : null,
        refused: told ? valueOf('refused') : null,
        signIns: told
          ? {
              OTP: valueOf('signIn OTP'),
              Google: valueOf('signIn Google'),
              Microsoft: valueOf('signIn Microsoft'),
              Yahoo: valueOf('signIn Yahoo'),
              Passkey: valueOf('signIn Passkey'),
            }
          : null,
      };
    }),
  };
}
