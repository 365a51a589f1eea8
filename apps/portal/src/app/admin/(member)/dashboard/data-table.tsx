import type { Statistics } from '@signet/api-contract/statistics';
import { useTranslations } from 'next-intl';
import type { Series } from './series.ts';

interface DataTableProps {
  readonly caption: string;
  readonly statistics: Statistics;
  readonly series: readonly Series[];
  readonly timeText: (from: string) => string;
}

/** A chart's numbers, newest first. */
export function DataTable({ caption, statistics, series, timeText }: DataTableProps) {
  const t = useTranslations('dashboard');
  return (
    <div className="mt-3 overflow-hidden rounded-lg border border-line">
      <table className="w-full text-xs tabular-nums sm:text-sm">
        <caption className="sr-only">{caption}</caption>
        <thead className="bg-raised text-xs text-quiet">
          <tr>
            <th scope="col" className="px-2 sm:px-3 py-2 text-left font-medium">
              {t('time')}
            </th>
            {series.map(({ name }) => (
              <th key={name} scope="col" className="px-2 sm:px-3 py-2 text-right font-medium">
                {t(`series.${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {statistics.intervals.toReversed().map((interval) => (
            <tr key={interval.from}>
              <th scope="row" className="px-2 sm:px-3 py-1.5 text-left font-normal">
                <time dateTime={interval.from} title={interval.from}>
                  {timeText(interval.from)}
                </time>
                {interval.recorded === 'partly' ? <span className="text-quiet"> {t('partly')}</span> : null}
              </th>
              {series.map(({ name, valueOf }) => {
                const value = valueOf(interval);
                return (
                  <td
                    key={name}
                    className={value === null ? 'px-2 sm:px-3 py-1.5 text-right text-quiet' : 'px-2 sm:px-3 py-1.5 text-right'}
                  >
                    {value ?? t('notRecorded')}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
