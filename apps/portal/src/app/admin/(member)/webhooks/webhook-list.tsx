'use client';

import type { Webhook, WebhookDelivery } from '@signet/api-contract/webhooks';
import { useTranslations } from 'next-intl';
import { plainText } from '../../../../components/plain-text.ts';
import { ReceiverList } from '../receiver-list.tsx';
import type { ReceiverItemProps } from '../receiver-list.tsx';
import { ReceiverLast, ReceiverRow } from '../receiver-row.tsx';
import { WebhookDialog } from './webhook-dialog.tsx';
import type { WebhookAct } from './webhook-dialog.tsx';

export interface ListedWebhook extends Webhook {
  /** The last request to its receiver; null before the first one. */
  readonly last: { readonly at: string; readonly kind: WebhookDelivery['kind']; readonly error: string | null } | null;
}

/** Webhooks with what can be done about each, and a new one. */
export function WebhookList({ webhooks, mayChange }: { readonly webhooks: readonly ListedWebhook[]; readonly mayChange: boolean }) {
  const t = useTranslations('webhooks');
  return (
    <ReceiverList<ListedWebhook, WebhookAct>
      receivers={webhooks}
      none={t('none')}
      add={mayChange ? { act: 'create', name: t('act.create.open') } : null}
      row={WebhookRow}
      dialog={WebhookDialog}
    />
  );
}

function WebhookRow({ receiver: webhook, onAct }: ReceiverItemProps<ListedWebhook, WebhookAct>) {
  const t = useTranslations('webhooks');
  const words = useTranslations('receivers');
  const { url, operations, enabled, nextIndex, alerts, checkpoints, last } = webhook;
  const what = [
    operations === null
      ? t('operations.all')
      : t(operations.length === 0 ? 'operations.none' : 'operations.some', { names: operations.join(', ') }),
    ...(checkpoints ? [t('checkpoints')] : []),
    ...(alerts ? [t('alerts')] : []),
    ...(operations?.length === 0 ? [] : [words('place', { place: nextIndex })]),
  ];
  return (
    <ReceiverRow<WebhookAct>
      anchor="webhook"
      receiver={webhook}
      address={url}
      what={what.join(' ')}
      last={
        last === null ? (
          <p className="mt-1 text-quiet">{words('nothing')}</p>
        ) : (
          <ReceiverLast
            text={last.error === null ? t(`last.${last.kind}`) : words('refused', { error: plainText(last.error) })}
            at={last.at}
          />
        )
      }
      acts={enabled ? ['test', 'edit', 'replay', 'rotate', 'disable', 'remove'] : ['enable', 'edit', 'replay', 'rotate', 'remove']}
      nameOf={(act) => t(`act.${act}.open`)}
      onAct={onAct}
    />
  );
}
