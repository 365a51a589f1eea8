'use client';

import type { Statistics } from '@signet/api-contract/statistics';
import { useLocale, useTranslations } from 'next-intl';
import { classNames } from '../../../../components/class-names.ts';
import { Card } from '../../../../components/ui/card.tsx';
import { ChartCard } from './chart-card.tsx';
import { activitySeries, deliverySeries, signInSeries, tellingSeries, totalOf } from './series.ts';

interface ChartsProps {
  readonly statistics: Statistics;
  readonly mayReadTrail: boolean;
}

/** What happened, in numbers and over time. */
export function Charts({ statistics, mayReadTrail }: ChartsProps) {
  const t = useTranslations('dashboard');
  const locale = useLocale();
  const { intervals } = statistics;
  const isRecorded = intervals.every(({ recorded }) => recorded === 'whole');
  const neverTracked = intervals.reduce((sum, interval) => sum + interval.neverTracked, 0);
  const activity = activitySeries.filter(({ name }) => mayReadTrail || name === 'sent' || name === 'revoked');
  const trailNotes = [
    ...(mayReadTrail && !isRecorded ? [t('note.gaps')] : []),
    ...(mayReadTrail && neverTracked > 0 ? [t('note.neverTracked', { count: neverTracked })] : []),
  ];
  return (
    <>
      <ul className={classNames('mt-4 grid grid-cols-2 gap-3', mayReadTrail && 'lg:grid-cols-4')}>
        {activity.map((series) => {
          const total = totalOf(series, intervals);
          return (
            <li key={series.name}>
              <Card className="h-full p-4">
                <p className="text-sm text-quiet">{t(`series.${series.name}`)}</p>
                <p className={total === null ? 'mt-1 text-base text-quiet' : 'mt-0.5 text-2xl font-semibold tabular-nums'}>
                  {total === null ? t('notRecorded') : new Intl.NumberFormat(locale).format(total)}
                </p>
                <p className="text-xs text-quiet">
                  {t(`meaning.${series.name}`)}
                  {total !== null && !isRecorded && tellsOfReading(series.name) ? `, ${t('partly')}` : null}
                </p>
              </Card>
            </li>
          );
        })}
      </ul>
      <div className="mt-3">
        <ChartCard
          name="activity"
          statistics={statistics}
          series={activity}
          shape="lines"
          notes={mayReadTrail ? trailNotes : [t('note.notYours')]}
        />
      </div>
      <div className={classNames('mt-3 grid gap-3', mayReadTrail && 'lg:grid-cols-2')}>
        {mayReadTrail ? (
          <ChartCard
            name="signIns"
            statistics={statistics}
            series={tellingSeries(signInSeries, intervals)}
            shape="bars"
            notes={isRecorded ? [] : [t('note.gaps')]}
          />
        ) : null}
        <ChartCard
          name="deliveries"
          statistics={{ ...statistics, intervals: intervals.map((interval) => ({ ...interval, recorded: 'whole' })) }}
          series={tellingSeries(deliverySeries, intervals)}
          shape="bars"
          notes={[t('note.deliveries')]}
        />
      </div>
    </>
  );
}

function tellsOfReading(name: string): boolean {
  return name === 'opened' || name === 'refused';
}
