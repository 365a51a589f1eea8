import type { Alert } from '@signet/api-contract/alerts';
import { getLocale, getTranslations } from 'next-intl/server';
import Link from 'next/link';
import { LocalTime } from '../../../../components/local-time.tsx';
import { plainText } from '../../../../components/plain-text.ts';
import { Badge } from '../../../../components/ui/badge.tsx';
import { messagePath } from '../page-address.ts';
import { Acknowledge } from './acknowledge.tsx';

/** As high as a finger needs, though the text is small. */
const link = 'inline-block py-0.5 underline underline-offset-2 hover:text-ink';

interface AlertRowProps {
  readonly alert: Alert;
  /** The list of this kind alone. */
  readonly ofKind: string;
  readonly mayAcknowledge: boolean;
}

/** One alert: what it is, about what, how often and since when, and who has seen it. */
export async function AlertRow({ alert, ofKind, mayAcknowledge }: AlertRowProps) {
  const t = await getTranslations('alerts');
  const locale = await getLocale();
  const { id, kind, state, count, waiting, detail, acknowledgement, firstSeen, lastSeen, resolvedAt } = alert;
  const isNew = state === 'open' && acknowledgement === null;
  return (
    <li id={`alert-${id}`} className="flex flex-col gap-3 px-4 py-3 text-sm target:bg-raised sm:flex-row sm:items-start sm:justify-between">
      <div className="min-w-0">
        <p className="flex flex-wrap items-center gap-2">
          <Link href={ofKind} prefetch={false} className="inline-block py-0.5 font-medium hover:underline">
            {t(`kind.${kind}.title`)}
          </Link>
          <Badge tone={state === 'resolved' ? 'neutral' : isNew ? 'danger' : 'warning'}>
            {t(state === 'resolved' ? 'state.resolved' : isNew ? 'state.open' : 'state.seen')}
          </Badge>
        </p>
        <About alert={alert} />
        <p className="mt-1 break-words">{t(`kind.${kind}.text`)}</p>
        {state === 'open' ? <p className="mt-1 break-words">{t(`kind.${kind}.advice`)}</p> : null}
        {detail === null ? null : (
          <p className="mt-1 break-words text-quiet">{t(kind === 'trackingOff' ? 'by' : 'detail', { detail: plainText(detail) })}</p>
        )}
        <p className="mt-1 text-quiet">
          {t('count', { count })}
          {waiting === null ? null : ` · ${t('waiting', { count: waiting })}`} · {t('firstSeen')}{' '}
          <LocalTime at={firstSeen} locale={locale} /> · {t('lastSeen')} <LocalTime at={lastSeen} locale={locale} />
          {resolvedAt === null ? null : (
            <>
              {' · '}
              {t('resolvedAt')} <LocalTime at={resolvedAt} locale={locale} />
            </>
          )}
        </p>
        {acknowledgement === null ? null : (
          <p className="break-words text-quiet">
            {t('acknowledged', { name: acknowledgement.by.name })} <LocalTime at={acknowledgement.at} locale={locale} />
          </p>
        )}
      </div>
      {mayAcknowledge && acknowledgement === null ? <Acknowledge id={id} about={t(`kind.${kind}.title`)} /> : null}
    </li>
  );
}

/** What it is about, with the way there. */
async function About({ alert }: { readonly alert: Alert }) {
  const t = await getTranslations('alerts.about');
  const { message, recipient, webhook, syslog, apiKey, log } = alert.about;
  if (message !== null)
    return (
      <p className="break-words">
        {recipient === null ? null : `${recipient} · `}
        <Link href={messagePath(message.id)} prefetch={false} className={link}>
          {message.messageId}
        </Link>
      </p>
    );
  if (webhook !== null)
    return (
      <p className="break-words">
        <Link href={`/admin/webhooks#webhook-${webhook.id}`} prefetch={false} className={link}>
          {t('webhook', { name: webhook.name })}
        </Link>
      </p>
    );
  if (syslog !== null)
    return (
      <p className="break-words">
        <Link href={`/admin/syslog#syslog-${syslog.id}`} prefetch={false} className={link}>
          {t('syslog', { name: syslog.name })}
        </Link>
      </p>
    );
  if (apiKey !== null)
    return (
      <p className="break-words">
        <Link href="/admin/access" prefetch={false} className={link}>
          {t('apiKey', { name: apiKey.name })}
        </Link>
      </p>
    );
  if (log !== null)
    return (
      <p>
        <Link href={`/admin/log#log-${log}`} prefetch={false} className={link}>
          {t(`log.${log}`)}
        </Link>
      </p>
    );
  if (alert.kind !== 'trackingOff') return <p className="text-quiet">{t('gone')}</p>;
  return (
    <p>
      <Link href="/admin/settings" prefetch={false} className={link}>
        {t('settings')}
      </Link>
    </p>
  );
}
