import type { CheckpointDeliveryState } from '@signet/api-contract/checkpoint-delivery';
import type { SyslogDestination } from '@signet/api-contract/syslog-destinations';
import type { Webhook } from '@signet/api-contract/webhooks';
import { useLocale, useTranslations } from 'next-intl';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { plainText } from '../../../../components/plain-text.ts';
import { timeTag } from '../../../../components/time-tag.tsx';
import { Badge } from '../../../../components/ui/badge.tsx';
import { Fact } from '../fact.tsx';
import { Section } from '../section.tsx';
import { DeliveryForm } from './delivery-form.tsx';

interface DeliverySectionProps {
  readonly delivery: CheckpointDeliveryState;
  readonly destinations: readonly SyslogDestination[];
  readonly webhooks: readonly Webhook[];
  readonly mayChange: boolean;
}

/** Where checkpoints go by themselves, and what became of it. */
export function DeliverySection({ delivery, destinations, webhooks, mayChange }: DeliverySectionProps) {
  const t = useTranslations('log.delivery');
  const locale = useLocale();
  const { everyHours, toAdmins, addresses, nextAt, last } = delivery;
  const asked = webhooks.filter(({ checkpoints }) => checkpoints);
  const to = [...(toAdmins ? [t('admins')] : []), ...addresses.map(plainText)];
  return (
    <Section id="log-delivery" title={t('title')} note={t('text')}>
      <dl className="divide-y divide-line text-sm">
        <Fact name={t('every')}>{t('hours', { hours: everyHours })}</Fact>
        <Fact name={t('mail')}>{to.length === 0 ? t('nobody') : to.map((name) => <Line key={name}>{name}</Line>)}</Fact>
        <Fact name={t('syslog')}>
          {destinations.length === 0
            ? t('none')
            : destinations.map((destination) => (
                <Receiver
                  key={destination.id}
                  href={`/admin/syslog#syslog-${destination.id}`}
                  name={`${destination.name} (${destination.host})`}
                  receiver={destination}
                  error={destination.lastError?.error ?? null}
                />
              ))}
        </Fact>
        <Fact name={t('webhook')}>
          {asked.length === 0
            ? t('none')
            : asked.map((webhook) => (
                <Receiver
                  key={webhook.id}
                  href={`/admin/webhooks#webhook-${webhook.id}`}
                  name={webhook.name}
                  receiver={webhook}
                  error={null}
                />
              ))}
        </Fact>
        <Fact name={t('next')}>{t.rich('at', { time: timeTag(nextAt, locale) })}</Fact>
        <Fact name={t('last')}>{last === null ? t('never') : t.rich('at', { time: timeTag(last.at, locale) })}</Fact>
        {last === null || last.mails.length === 0 ? null : (
          <Fact name={t('taken')}>
            {last.mails.map((mail) => (
              <Line key={mail.address}>
                <span className="mr-2 break-all">{plainText(mail.address)}</span>
                {mail.sentAt === null ? (
                  <Badge tone={mail.error === null ? 'neutral' : 'warning'}>{t('waits')}</Badge>
                ) : (
                  <Badge tone="success">{t('arrived')}</Badge>
                )}
                {mail.error === null ? null : (
                  <span className="block break-words text-quiet">{t('says', { reason: plainText(mail.error) })}</span>
                )}
              </Line>
            ))}
          </Fact>
        )}
      </dl>
      {mayChange ? (
        <DeliveryForm
          everyHours={everyHours}
          toAdmins={toAdmins}
          addresses={addresses}
          webhooks={webhooks.map(({ id, name, checkpoints }) => ({ id, name, checkpoints }))}
        />
      ) : null}
    </Section>
  );
}

function Line({ children }: { readonly children: ReactNode }) {
  return <span className="block">{children}</span>;
}

interface ReceiverProps {
  readonly href: string;
  readonly name: string;
  readonly receiver: Pick<Webhook, 'enabled' | 'failure' | 'failedAttempts'>;
  /** Said as long as nothing went well since. */
  readonly error: string | null;
}

/** A syslog destination or a webhook, with the way there. */
function Receiver({ href, name, receiver: { enabled, failure, failedAttempts }, error }: ReceiverProps) {
  const t = useTranslations('log.delivery');
  const state = enabled ? (failedAttempts > 0 ? 'failing' : 'on') : failure === null ? 'off' : 'stopped';
  const tones = { on: 'success', failing: 'warning', off: 'neutral', stopped: 'danger' } as const;
  return (
    <Line>
      <Link href={href} prefetch={false} className="mr-2 inline-block py-0.5 break-all underline underline-offset-2 hover:text-ink">
        {plainText(name)}
      </Link>
      <Badge tone={tones[state]}>{t(`destination.${state}`)}</Badge>
      {error === null || state === 'on' || state === 'off' ? null : (
        <span className="block break-words text-quiet">{t('says', { reason: plainText(error) })}</span>
      )}
    </Line>
  );
}
