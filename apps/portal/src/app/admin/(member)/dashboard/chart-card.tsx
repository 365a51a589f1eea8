'use client';

import type { Statistics } from '@signet/api-contract/statistics';
import { useLocale, useTranslations } from 'next-intl';
import { useId, useState } from 'react';
import { Button } from '../../../../components/ui/button.tsx';
import { Card } from '../../../../components/ui/card.tsx';
import { useRegion } from '../../../../components/region.ts';
import { Chart } from './chart.tsx';
import { DataTable } from './data-table.tsx';
import { dashes, totalOf } from './series.ts';
import type { Series } from './series.ts';

export interface ChartCardProps {
  /** Its word in `dashboard.chart`. */
  readonly name: 'activity' | 'signIns' | 'deliveries';
  readonly statistics: Statistics;
  readonly series: readonly Series[];
  readonly shape: 'lines' | 'bars';
  readonly notes: readonly string[];
}

/** A chart with its name and legend, and the same as a table for whoever reads numbers better, or sees no chart. */
export function ChartCard({ name, statistics, series, shape, notes }: ChartCardProps) {
  const t = useTranslations('dashboard');
  const locale = useLocale();
  const id = useId();
  const [asTable, setAsTable] = useState(false);
  const timeText = useTimeText(statistics);
  const legend = series.map((each) => {
    const total = totalOf(each, statistics.intervals);
    const amount = total === null ? t('notRecorded') : new Intl.NumberFormat(locale).format(total);
    return { ...each, label: t(`series.${each.name}`), amount };
  });
  return (
    <Card className="min-w-0 p-4 sm:p-5">
      <section aria-labelledby={id}>
        <div className="flex items-start justify-between gap-3">
          <h2 id={id} className="text-base font-semibold">
            {t(`chart.${name}`)}
          </h2>
          <Button variant="ghost" size="small" className="-mt-1 -mr-2" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
            {t('asTable')}
            <span className="sr-only">: {t(`chart.${name}`)}</span>
          </Button>
        </div>
        <ul className="mt-1 flex flex-wrap gap-x-4 gap-y-1 text-xs">
          {legend.map((each) => (
            <li key={each.name} className="flex items-center gap-1.5">
              <svg aria-hidden width="14" height="10" className="shrink-0">
                {shape === 'lines' && each.name !== 'sent' ? (
                  <line
                    x1="0"
                    x2="14"
                    y1="5"
                    y2="5"
                    stroke={`var(--${each.color})`}
                    strokeWidth="2.5"
                    strokeDasharray={dashes[each.name]}
                  />
                ) : (
                  <rect width="10" height="10" x="2" rx="2" fill={`var(--${each.color})`} />
                )}
              </svg>
              <span className="text-quiet">{each.label}</span>
              <span className="font-medium tabular-nums">{each.amount}</span>
            </li>
          ))}
        </ul>
        {asTable ? (
          <DataTable caption={t(`chart.${name}`)} statistics={statistics} series={series} timeText={timeText} />
        ) : (
          <Chart
            label={t('summary', { name: t(`chart.${name}`), values: legend.map(({ label, amount }) => `${label} ${amount}`).join(', ') })}
            statistics={statistics}
            series={series}
            shape={shape}
            timeText={timeText}
          />
        )}
        {notes.map((note) => (
          <p key={note} className="mt-1 text-xs text-quiet">
            {note}
          </p>
        ))}
      </section>
    </Card>
  );
}

/** How an interval is named: its hour or day, in the zone that was counted in. */
function useTimeText({ interval, zone }: Statistics): (from: string) => string {
  const region = useRegion(useLocale());
  const format = new Intl.DateTimeFormat(
    region,
    interval === 'hour' ? { hour: '2-digit', minute: '2-digit', timeZone: zone } : { day: 'numeric', month: 'short', timeZone: zone },
  );
  return (from) => format.format(new Date(from));
}
