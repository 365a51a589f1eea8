import type { Recipient } from '@signet/api-contract/messages';
import { useLocale, useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { LocalTime } from '../../../../../components/local-time.tsx';
import { plainText } from '../../../../../components/plain-text.ts';
import { timeTag } from '../../../../../components/time-tag.tsx';
import { Badge } from '../../../../../components/ui/badge.tsx';
import { CardCell, CardRow, CardTable } from '../../../../../components/ui/card-table.tsx';
import { accessTones, deliveryTones } from '../../../../../components/message/state-summary.ts';

/** What became of the message at each recipient. */
export function RecipientTable({ recipients }: { readonly recipients: readonly Recipient[] }) {
  const t = useTranslations('admin.recipients');
  return (
    <CardTable
      columns={[
        { name: 'address', label: t('column.address'), className: 'w-[30%]' },
        { name: 'delivery', label: t('column.delivery'), className: 'w-[40%]' },
        { name: 'access', label: t('column.access') },
      ]}
    >
      {recipients.map((recipient) => (
        <RecipientRow key={recipient.id} recipient={recipient} />
      ))}
    </CardTable>
  );
}

function RecipientRow({ recipient }: { readonly recipient: Recipient }) {
  const t = useTranslations('admin.recipients');
  const locale = useLocale();
  const { unwrapped, accessState, openedAt, revokedAt, revokedBy, reason } = recipient;
  return (
    <CardRow>
      <CardCell className="font-medium break-words">{plainText(recipient.address)}</CardCell>
      <CardCell>
        <Delivery recipient={recipient} />
      </CardCell>
      <CardCell>
        {unwrapped ? (
          <>
            <Badge tone="neutral">{t('unwrapped')}</Badge>
            <Remark>{t('unwrappedMeaning')}</Remark>
          </>
        ) : accessState === null ? (
          <span className="text-quiet">{t('accessNotYours')}</span>
        ) : (
          <>
            <Badge tone={accessTones[accessState]}>{t(`access.${accessState}`)}</Badge>
            <Remark>{t(`accessMeaning.${accessState}`)}</Remark>
          </>
        )}
        {openedAt === null ? null : <Remark>{t.rich('openedAt', { time: timeTag(openedAt, locale) })}</Remark>}
        {revokedAt === null ? null : (
          <Remark>{t.rich('revokedAt', { by: revokedBy ?? t('somebody'), time: timeTag(revokedAt, locale) })}</Remark>
        )}
        {revokedAt === null || reason === null || reason === '' ? null : <Remark>{t('reason', { reason: plainText(reason) })}</Remark>}
      </CardCell>
    </CardRow>
  );
}

/** How far the mail with the link has come: what it means, how often it was tried, and what the next mail server said last. */
function Delivery({ recipient: { deliveryState, attempts, sentAt, lastResponse } }: { readonly recipient: Recipient }) {
  const t = useTranslations('admin.recipients');
  const locale = useLocale();
  const [, code, words] = /^(\d{3}(?:[ -]\d\.\d{1,3}\.\d{1,3})?)[ -]+(.*)$/s.exec(lastResponse ?? '') ?? [];
  return (
    <>
      <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <Badge tone={deliveryTones[deliveryState]}>{t(`delivery.${deliveryState}`)}</Badge>
        <span className="text-xs text-quiet">
          {sentAt === null ? null : <LocalTime at={sentAt} locale={locale} timeStyle="medium" />}
          {sentAt !== null && attempts > 0 ? ' · ' : null}
          {attempts === 0 ? null : t('attempts', { count: attempts })}
        </span>
      </span>
      <Remark>{t(`deliveryMeaning.${deliveryState}`)}</Remark>
      {lastResponse === null ? null : (
        <Remark>
          {t('response')}{' '}
          <span className="text-ink">
            {code === undefined ? null : <code className="font-mono font-semibold">{code} </code>}
            <span className="break-words">{plainText(words ?? lastResponse)}</span>
          </span>
        </Remark>
      )}
    </>
  );
}

function Remark({ children }: { readonly children: ReactNode }) {
  return <p className="mt-1 text-xs break-words text-quiet">{children}</p>;
}
