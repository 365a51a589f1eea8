'use client';

import type { Webhook, WebhookDelivery } from '@signet/api-contract/webhooks';
import { Plus } from 'lucide-react';
import { useLocale, useTranslations } from 'next-intl';
import { useRef, useState } from 'react';
import { LocalTime } from '../../../../components/local-time.tsx';
import { plainText } from '../../../../components/plain-text.ts';
import { Badge } from '../../../../components/ui/badge.tsx';
import { Button } from '../../../../components/ui/button.tsx';
import { Card } from '../../../../components/ui/card.tsx';
import { WebhookDialog } from './webhook-dialog.tsx';
import type { WebhookAct } from './webhook-dialog.tsx';

export interface ListedWebhook extends Webhook {
  /** The last request to its receiver; null before the first one. */
  readonly last: { readonly at: string; readonly kind: WebhookDelivery['kind']; readonly error: string | null } | null;
}

/** Webhooks with what can be done about each, and a new one. */
export function WebhookList({ webhooks, mayChange }: { readonly webhooks: readonly ListedWebhook[]; readonly mayChange: boolean }) {
  const t = useTranslations('webhooks');
  const [asking, setAsking] = useState<{ readonly act: WebhookAct; readonly webhook: Webhook | null } | null>(null);
  const [done, setDone] = useState('');
  const status = useRef<HTMLOutputElement>(null);
  return (
    <>
      <div className="mt-4 flex flex-wrap items-center justify-between gap-3">
        <output ref={status} tabIndex={-1} className="block rounded text-sm text-success">
          {done}
        </output>
        {mayChange ? (
          <Button onClick={() => setAsking({ act: 'create', webhook: null })}>
            <Plus aria-hidden />
            {t('act.create.open')}
          </Button>
        ) : null}
      </div>
      <Card className="mt-3 overflow-hidden">
        {webhooks.length === 0 ? (
          <p className="px-4 py-10 text-center text-sm text-quiet">{t('none')}</p>
        ) : (
          <ul className="divide-y divide-line">
            {webhooks.map((webhook) => (
              <WebhookRow key={webhook.id} webhook={webhook} onAct={mayChange ? (act) => setAsking({ act, webhook }) : null} />
            ))}
          </ul>
        )}
      </Card>
      {asking === null ? null : (
        <WebhookDialog
          {...asking}
          onClose={() => setAsking(null)}
          onDone={(text) => setDone(text)}
          onCloseAutoFocus={(event) => {
            // The row's button may be gone with what it did.
            event.preventDefault();
            status.current?.focus();
          }}
        />
      )}
    </>
  );
}

interface WebhookRowProps {
  readonly webhook: ListedWebhook;
  /** Null: nothing may be done. */
  readonly onAct: ((act: WebhookAct) => void) | null;
}

function WebhookRow({ webhook, onAct }: WebhookRowProps) {
  const t = useTranslations('webhooks');
  const locale = useLocale();
  const { name, url, operations, enabled, failure, failedAttempts, nextAttemptAt, nextIndex, alerts, checkpoints, last } = webhook;
  const state = enabled
    ? failedAttempts === 0
      ? 'enabled'
      : 'failing'
    : failure === null
      ? 'disabled'
      : failure === 'gone'
        ? 'gone'
        : 'givenUp';
  const tones = { enabled: 'success', failing: 'warning', disabled: 'neutral', gone: 'danger', givenUp: 'danger' } as const;
  const acts: readonly WebhookAct[] = enabled
    ? ['test', 'replay', 'rotate', 'disable', 'remove']
    : ['enable', 'replay', 'rotate', 'remove'];
  return (
    <li id={`webhook-${webhook.id}`} className="px-4 py-3 text-sm target:bg-raised">
      <p className="flex flex-wrap items-center gap-2">
        <span className="font-medium break-words">{name}</span>
        <Badge tone={tones[state]}>{t(`state.${state}`)}</Badge>
      </p>
      <p className="break-all text-quiet">{url}</p>
      <p className="mt-1 break-words">
        {operations === null
          ? t('operations.all')
          : t(operations.length === 0 ? 'operations.none' : 'operations.some', { names: operations.join(', ') })}
        {checkpoints ? ` ${t('checkpoints')}` : ''}
        {alerts ? ` ${t('alerts')}` : ''}
        {operations?.length === 0 ? '' : ` ${t('place', { place: nextIndex })}`}
      </p>
      {state === 'gone' || state === 'givenUp' ? <p className="mt-1">{t(`why.${state}`)}</p> : null}
      {state === 'failing' ? (
        <p className="mt-1">
          {t('why.failing', { count: failedAttempts })}
          {nextAttemptAt === null ? null : (
            <>
              {' '}
              {t('next')} <LocalTime at={nextAttemptAt} locale={locale} />
            </>
          )}
        </p>
      ) : null}
      {last === null ? (
        <p className="mt-1 text-quiet">{t('last.none')}</p>
      ) : (
        <p className="mt-1 break-words text-quiet">
          {last.error === null ? t(`last.${last.kind}`) : t('last.error', { error: plainText(last.error) })}{' '}
          <LocalTime at={last.at} locale={locale} />
        </p>
      )}
      {onAct === null ? null : (
        <div className="mt-2 flex flex-wrap gap-2">
          {acts.map((act) => (
            <Button key={act} variant={act === 'remove' ? 'ghost' : 'secondary'} size="small" onClick={() => onAct(act)}>
              {t(`act.${act}.open`)}
              <span className="sr-only"> {name}</span>
            </Button>
          ))}
        </div>
      )}
    </li>
  );
}
