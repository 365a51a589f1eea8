import type { Retention, RetentionPreview } from '@signet/api-contract/retention';
import { operationNames } from '@signet/domain/audit/operation';
import { useLocale, useTranslations } from 'next-intl';
import Link from 'next/link';
import { timeTag } from '../../../../components/time-tag.tsx';
import { Fact } from '../fact.tsx';
import { addressOf } from '../page-address.ts';

/** As high as a finger needs, though the text is small. */
const link = 'inline-block py-0.5 underline underline-offset-2 hover:text-quiet';

interface RetentionFactsProps {
  readonly retention: Retention;
  /** What is due, and what holds keep of it; `uncounted` where that could not be found out, null where everything is kept for ever. */
  readonly due: RetentionPreview | 'uncounted' | null;
}

/** The policy in force, what it has removed, what is due, and what holds keep of that. */
export function RetentionFacts({ retention, due }: RetentionFactsProps) {
  const t = useTranslations('custody.retention.now');
  const names = useTranslations('admin.trail.operation');
  const locale = useLocale();
  const { days, operations, removed, sweptAt } = retention;
  const kept = (wanted: number | null) => (wanted === null ? t('forever') : t('days', { days: wanted }));
  const exceptions = operationNames.flatMap((operation) => {
    const own = operations[operation];
    return own === undefined ? [] : [t('exception', { operation: names(operation), kept: kept(own) })];
  });
  const counted = due === 'uncounted' ? null : due;
  const more = String(counted?.more ?? false);
  return (
    <dl className="divide-y divide-line text-sm">
      <Fact name={t('kept')}>{kept(days)}</Fact>
      {exceptions.length === 0 ? null : (
        <Fact name={t('but')}>
          <ul>
            {exceptions.map((exception) => (
              <li key={exception}>{exception}</li>
            ))}
          </ul>
        </Fact>
      )}
      {due === null ? null : (
        <>
          <Fact name={t('due')}>
            {counted === null ? t('uncounted') : counted.entries === 0 ? t('dueNone') : t('dueSome', { count: counted.entries, more })}
          </Fact>
          <Fact name={t('held')}>
            {counted === null ? t('uncounted') : counted.held === 0 ? t('heldNone') : t('heldSome', { count: counted.held, more })}{' '}
            <Link href="/admin/holds" prefetch={false} className={`${link} ml-2`}>
              {t('holds')}
            </Link>
          </Fact>
        </>
      )}
      <Fact name={t('removed')}>
        {removed.lastAt === null
          ? t('removedNone')
          : t.rich('removedSome', { count: removed.entries, time: timeTag(removed.lastAt, locale, 'short') })}
      </Fact>
      {due === null && sweptAt === null ? null : (
        <Fact name={t('swept')}>{sweptAt === null ? t('sweptNever') : t.rich('sweptAt', { time: timeTag(sweptAt, locale, 'short') })}</Fact>
      )}
      <Fact name={t('record')}>
        <span className="flex flex-wrap gap-x-4">
          <Link href={addressOf('/admin/records', { action: 'RetentionChange' })} prefetch={false} className={link}>
            {t('changes')}
          </Link>
          <Link href={addressOf('/admin/records', { action: 'AuditRemove' })} prefetch={false} className={link}>
            {t('removals')}
          </Link>
        </span>
      </Fact>
    </dl>
  );
}
