import type { AdminRecord } from '@signet/domain/audit/admin-record';
import { useLocale, useTranslations } from 'next-intl';
import Link from 'next/link';
import { LocalTime } from '../../../../components/local-time.tsx';
import { Badge } from '../../../../components/ui/badge.tsx';
import { messagePath } from '../page-address.ts';
import { changesOf } from './record-changes.ts';

const columns = ['when', 'what', 'who', 'change'] as const;
const widths = { when: 'w-44', what: 'w-[30%]', who: 'w-[24%]', change: '' } as const;
const cell = 'block px-4 py-0.5 align-top md:table-cell md:px-3 md:py-3 md:first:pl-4 md:last:pr-4';

/** Administrative acts, the refused ones marked. */
export function RecordTable({ records }: { readonly records: readonly AdminRecord[] }) {
  const t = useTranslations('admin.records');
  return (
    <table className="block w-full text-sm md:table md:table-fixed">
      <thead className="hidden md:table-header-group">
        <tr className="text-left text-xs text-quiet">
          {columns.map((column) => (
            <th key={column} scope="col" className={`px-3 py-2.5 font-medium first:pl-4 last:pr-4 ${widths[column]}`}>
              {t(`column.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="block divide-y divide-line md:table-row-group">
        {records.map((record) => (
          <RecordRow key={record.id} record={record} />
        ))}
      </tbody>
    </table>
  );
}

function RecordRow({ record }: { readonly record: AdminRecord }) {
  const t = useTranslations('admin');
  const locale = useLocale();
  const { action, actor, target, status, reason, clientIp } = record;
  return (
    <tr className="block py-3 md:table-row md:py-0">
      <td className={`${cell} text-xs text-quiet tabular-nums`}>
        <LocalTime at={record.creationTime} locale={locale} timeStyle="medium" />
      </td>
      <td className={`${cell} break-words`}>
        <span className="flex flex-wrap items-center gap-2 font-medium">
          {t(`records.action.${action}`)}
          {status === 'Failure' ? <Badge tone="danger">{t('records.refused')}</Badge> : null}
        </span>
        {target.id === null ? null : (
          <span className="text-xs break-all text-quiet">
            {target.kind === 'message' ? (
              <Link href={messagePath(target.id)} prefetch={false} className="underline underline-offset-2 hover:text-ink">
                {target.id}
              </Link>
            ) : (
              target.id
            )}
          </span>
        )}
      </td>
      <td className={`${cell} break-words`}>
        {actor.address ?? actor.id ?? t(`timeline.actor.${actor.kind}`)}
        <span className="block text-xs text-quiet">
          {[actor.address === null && actor.id === null ? null : t(`timeline.actor.${actor.kind}`), clientIp]
            .filter((part) => part !== null && part !== '')
            .join(' · ')}
        </span>
      </td>
      <td className={`${cell} text-xs break-words text-quiet`}>
        {reason === null || reason === '' ? null : <p>{t('timeline.reason', { reason })}</p>}
        {changesOf(record).map(({ name, before, after }) => (
          <p key={name}>
            {name}:{' '}
            {before === null ? null : (
              <>
                <del className="no-underline">{before}</del> <span aria-hidden>→</span>
                <span className="sr-only">{t('records.became')}</span>{' '}
              </>
            )}
            <ins className="text-ink no-underline">{after ?? '–'}</ins>
          </p>
        ))}
      </td>
    </tr>
  );
}
