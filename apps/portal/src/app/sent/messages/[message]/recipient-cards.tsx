import type { Recipient } from '@signet/api-contract/messages';
import { useLocale, useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { accessTones, deliveryTones } from '../../../../components/message/state-summary.ts';
import { timeTag } from '../../../../components/time-tag.tsx';
import { Badge } from '../../../../components/ui/badge.tsx';

/** What became of the message at each recipient, in sentences. */
export function RecipientCards({ recipients }: { readonly recipients: readonly Recipient[] }) {
  return (
    <ul className="divide-y divide-line">
      {recipients.map((recipient) => (
        <RecipientCard key={recipient.id} recipient={recipient} />
      ))}
    </ul>
  );
}

function RecipientCard({ recipient }: { readonly recipient: Recipient }) {
  const t = useTranslations('admin.recipients');
  const { address, deliveryState, accessState } = recipient;
  return (
    <li className="px-4 py-3.5 text-sm">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1.5">
        <p className="min-w-0 font-medium break-words">{address}</p>
        <p className="flex flex-wrap gap-1.5">
          <Badge tone={deliveryTones[deliveryState]}>{t(`delivery.${deliveryState}`)}</Badge>
          {accessState === null ? null : <Badge tone={accessTones[accessState]}>{t(`access.${accessState}`)}</Badge>}
        </p>
      </div>
      <div className="mt-1.5 space-y-0.5 text-quiet">
        <Delivery recipient={recipient} />
        <Access recipient={recipient} />
      </div>
    </li>
  );
}

function Delivery({ recipient: { deliveryState, sentAt, lastResponse } }: { readonly recipient: Recipient }) {
  const t = useTranslations('sent.message');
  const locale = useLocale();
  const isTrouble = deliveryState === 'deferred' || deliveryState === 'bounced';
  return (
    <>
      <p>
        {deliveryState !== 'sent'
          ? t(`delivery.${deliveryState}`)
          : sentAt === null
            ? t('delivery.sentUntimed')
            : t.rich('delivery.sent', { time: timeTag(sentAt, locale) })}
      </p>
      {isTrouble && lastResponse !== null ? (
        <p className="break-words">
          {t('answer')} <code className="font-mono text-xs">{lastResponse}</code>
        </p>
      ) : null}
    </>
  );
}

/** Whether it was opened, and what stands against opening it; of mail that left unwrapped there is nothing to say. */
function Access({ recipient }: { readonly recipient: Recipient }): ReactNode {
  const t = useTranslations('sent.message');
  const locale = useLocale();
  const { unwrapped, deliveryState, accessState, openedAt, revokedAt, revokedBy, reason } = recipient;
  if (unwrapped) return deliveryState === 'passed' ? null : <p>{t('unwrapped')}</p>;
  return (
    <>
      {openedAt === null ? null : <p>{t.rich('opened', { time: timeTag(openedAt, locale) })}</p>}
      {accessState === 'unopened' || accessState === 'unrecorded' || accessState === 'expired' || accessState === 'erased' ? (
        <p>{t(accessState)}</p>
      ) : null}
      {revokedAt === null ? null : (
        <p className="text-danger">{t.rich('revoked', { by: revokedBy ?? t('somebody'), time: timeTag(revokedAt, locale) })}</p>
      )}
      {revokedAt === null || reason === null || reason === '' ? null : <p className="break-words">{t('reason', { reason })}</p>}
    </>
  );
}
