import type { Client } from '@signet/api-contract/client';
import type { StorageForecast } from '@signet/api-contract/configuration';
import { routes } from '@signet/api-contract/routes';
import { getLocale, getTranslations } from 'next-intl/server';
import { sizeText } from '../../../../components/size-text.ts';

type Month = StorageForecast['expiring'][number];

/** More would not be read; what lies further ahead is said to be there. */
const SHOWN_MONTHS = 12;

const cell = 'px-3 py-2 first:pl-4 last:pr-4';

/** What lies on the disk, in which month it expires, and in which it will be freed. */
export async function DiskForecast({ api }: { readonly api: Client }) {
  const { stored, withoutExpiry, expiring, freed } = await api.call(routes.getStorageForecast, { query: {} });
  const t = await getTranslations('admin.settings.expiry.forecast');
  const locale = await getLocale();
  const months = [...new Set([...expiring, ...freed].map(({ month }) => month))].toSorted();
  const shown = (some: readonly Month[], wanted: string) => {
    const found = some.find(({ month }) => month === wanted);
    return found ? t('cell', { size: sizeText(found.bytes, locale), count: found.messages }) : '–';
  };
  const monthText = new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric', timeZone: 'UTC' });
  return (
    <div className="border-t border-line">
      <h3 className="px-4 pt-4 text-sm font-semibold">{t('title')}</h3>
      <p className="px-4 py-1 text-sm text-quiet">
        {t('stored', {
          messages: stored.messages,
          size: sizeText(stored.bytes, locale),
          without: withoutExpiry.messages,
          withoutSize: sizeText(withoutExpiry.bytes, locale),
        })}{' '}
        {freed.length === 0 && expiring.length > 0 ? t('notFreed') : null}
      </p>
      {months.length === 0 ? (
        <p className="px-4 pb-4 text-sm text-quiet">{t('none')}</p>
      ) : (
        <table className="mb-2 w-full text-sm">
          <thead>
            <tr className="text-left text-xs text-quiet">
              {(['month', 'expires', 'freed'] as const).map((column) => (
                <th key={column} scope="col" className={`${cell} font-medium`}>
                  {t(column)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {months.slice(0, SHOWN_MONTHS).map((month) => (
              <tr key={month}>
                <th scope="row" className={`${cell} text-left font-medium`}>
                  {monthText.format(new Date(`${month}-01T00:00:00Z`))}
                </th>
                <td className={cell}>{shown(expiring, month)}</td>
                <td className={cell}>{shown(freed, month)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {months.length > SHOWN_MONTHS ? <p className="px-4 pb-4 text-sm text-quiet">{t('more')}</p> : null}
    </div>
  );
}
