import type { OutboxRow } from '@signet/api-contract/outbox';
import { getLocale, getTranslations } from 'next-intl/server';
import Link from 'next/link';
import { LocalTime } from '../../../../components/local-time.tsx';
import { messageName } from '../../../../components/subject-text.ts';
import { messagePath } from '../page-address.ts';
import { TryAgain } from './try-again.tsx';

/** One thing that could not be done: what, for whom, why, since when, and what becomes of it. */
export async function DeliveryRow({ row, mayResend }: { readonly row: OutboxRow; readonly mayResend: boolean }) {
  const t = await getTranslations('deliveries');
  const locale = await getLocale();
  const { kind, message, recipient, attempts, lastError, since, nextAttemptAt, isRevivable, state } = row;
  const what = recipient === null ? t(`kind.${kind}`) : t('toWhom', { what: t(`kind.${kind}`), recipient });
  return (
    <li className="flex flex-col gap-3 px-4 py-3 text-sm sm:flex-row sm:items-start sm:justify-between">
      <div className="min-w-0">
        <p className="font-medium break-words">{what}</p>
        {message === null ? null : (
          <p className="break-words">
            <Link href={messagePath(message.id)} prefetch={false} className="underline underline-offset-2 hover:text-ink">
              {messageName(message)}
            </Link>
          </p>
        )}
        <p className="mt-1 break-words">{lastError ?? t('noReason')}</p>
        <p className="text-quiet">
          {t('attempts', { count: attempts })} · {t('since')} <LocalTime at={since} locale={locale} />
          {nextAttemptAt === null ? null : (
            <>
              {' · '}
              {t('next')} <LocalTime at={nextAttemptAt} locale={locale} />
            </>
          )}
        </p>
        {state === 'dead' && !isRevivable ? <p className="text-quiet">{t('useless')}</p> : null}
      </div>
      {mayResend && isRevivable ? <TryAgain id={row.id} label={t('tryAgain')} about={what} /> : null}
    </li>
  );
}
