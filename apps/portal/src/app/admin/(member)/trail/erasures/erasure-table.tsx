import type { AuditErasure } from '@signet/api-contract/audit-erasures';
import { useFormatter, useLocale, useTranslations } from 'next-intl';
import Link from 'next/link';
import { LocalTime } from '../../../../../components/local-time.tsx';
import { plainText } from '../../../../../components/plain-text.ts';
import { Badge } from '../../../../../components/ui/badge.tsx';
import { CardCell, CardRow, CardTable } from '../../../../../components/ui/card-table.tsx';
import { addressOf } from '../../page-address.ts';

const counts = ['entries', 'erased', 'held', 'gone'] as const;

/** Erasures, the newest first: who asked and why, and how far each is. */
export function ErasureTable({ erasures }: { readonly erasures: readonly AuditErasure[] }) {
  const t = useTranslations('log.erasures');
  return (
    <CardTable
      caption={t('list')}
      columns={[
        { name: 'when', label: t('column.when'), className: 'w-[20%]' },
        { name: 'why', label: t('column.why') },
        ...counts.map((name) => ({ name, label: t(`column.${name}`), className: 'w-[10%]' })),
        { name: 'state', label: t('column.state'), className: 'w-[13%]' },
      ]}
    >
      {erasures.map((erasure) => (
        <ErasureRow key={erasure.id} erasure={erasure} />
      ))}
    </CardTable>
  );
}

function ErasureRow({ erasure }: { readonly erasure: AuditErasure }) {
  const t = useTranslations('log.erasures');
  const [format, locale] = [useFormatter(), useLocale()];
  const { id, kind, reason, createdAt, createdBy, endedAt } = erasure;
  return (
    <CardRow>
      <CardCell className="text-xs text-quiet tabular-nums">
        <LocalTime at={createdAt} locale={locale} timeStyle="medium" />
        <span className="block break-words">{plainText(createdBy ?? t('somebody'))}</span>
      </CardCell>
      <CardCell className="break-words">
        <span className="block font-medium">{plainText(reason)}</span>
        <span className="block text-xs text-quiet">{t(`named.${kind}`)}</span>
        <Link
          href={addressOf('/admin/records', { target: id })}
          prefetch={false}
          className="inline-block py-0.5 text-xs text-quiet underline underline-offset-2 hover:text-ink"
        >
          {t('records')}
          <span className="sr-only">: {plainText(reason)}</span>
        </Link>
      </CardCell>
      {counts.map((name) => (
        <CardCell key={name} label={t(`column.${name}`)} className="tabular-nums">
          {format.number(erasure[name])}
        </CardCell>
      ))}
      <CardCell>
        <Badge tone={endedAt === null ? 'warning' : 'neutral'}>{t(endedAt === null ? 'state.open' : 'state.ended')}</Badge>
      </CardCell>
    </CardRow>
  );
}
