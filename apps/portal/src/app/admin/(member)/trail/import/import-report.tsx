import type { AuditImport } from '@signet/api-contract/audit-imports';
import { useFormatter, useTranslations } from 'next-intl';
import { Card } from '../../../../../components/ui/card.tsx';

/** What is counted of an import, in the order in which it is read. */
export const importCounts = ['records', 'accepted', 'duplicates', 'refused'] as const;

interface ImportReportProps extends Pick<AuditImport, (typeof importCounts)[number] | 'refusals'> {
  /** Says that not all are named that were refused. */
  readonly more: string;
}

/** What became of records that were sent: how many, and which were refused. */
export function ImportReport({ refusals, more, ...total }: ImportReportProps) {
  const t = useTranslations('imports');
  const format = useFormatter();
  return (
    <Card className="mt-4 max-w-2xl overflow-hidden">
      <h2 className="px-4 pt-4 text-base font-semibold sm:px-5">{t('report')}</h2>
      <dl className="grid grid-cols-2 gap-4 p-4 text-sm sm:grid-cols-4 sm:px-5">
        {importCounts.map((name) => (
          <div key={name}>
            <dt className="text-quiet">{t(`count.${name}`)}</dt>
            <dd className="text-lg font-semibold">{format.number(total[name])}</dd>
          </div>
        ))}
      </dl>
      {refusals.length === 0 ? null : (
        <table className="w-full border-t border-line text-left text-sm">
          <caption className="sr-only">{t('refusals')}</caption>
          <thead className="text-quiet">
            <tr>
              <th scope="col" className="px-4 py-2 font-medium sm:px-5">
                {t('line')}
              </th>
              <th scope="col" className="px-4 py-2 font-medium sm:px-5">
                {t('reason')}
              </th>
            </tr>
          </thead>
          <tbody>
            {refusals.map(({ line, reason }) => (
              <tr key={line} className="border-t border-line align-top">
                <td className="px-4 py-2 tabular-nums sm:px-5">{format.number(line)}</td>
                <td className="px-4 py-2 wrap-anywhere sm:px-5">{reason}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {total.refused > refusals.length ? <p className="border-t border-line px-4 py-3 text-xs text-quiet sm:px-5">{more}</p> : null}
    </Card>
  );
}
