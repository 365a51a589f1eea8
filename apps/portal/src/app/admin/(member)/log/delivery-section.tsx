import type { CheckpointDeliveryState } from '@signet/api-contract/checkpoint-delivery';
import type { SyslogDestination } from '@signet/api-contract/syslog-destinations';
import { useLocale, useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { plainText } from '../../../../components/plain-text.ts';
import { timeTag } from '../../../../components/time-tag.tsx';
import { Badge } from '../../../../components/ui/badge.tsx';
import { Fact } from '../fact.tsx';
import { Section } from '../section.tsx';

interface DeliverySectionProps {
  readonly delivery: CheckpointDeliveryState;
  readonly destinations: readonly SyslogDestination[];
}

/** Where checkpoints go by themselves, and what became of it. */
export function DeliverySection({ delivery, destinations }: DeliverySectionProps) {
  const t = useTranslations('log.delivery');
  const locale = useLocale();
  const { everyHours, toAdmins, addresses, nextAt, last } = delivery;
  const to = [...(toAdmins ? [t('admins')] : []), ...addresses.map(plainText)];
  return (
    <Section id="log-delivery" title={t('title')} note={t('text')}>
      <dl className="divide-y divide-line text-sm">
        <Fact name={t('every')}>{t('hours', { hours: everyHours })}</Fact>
        <Fact name={t('mail')}>{to.length === 0 ? t('nobody') : to.map((name) => <Line key={name}>{name}</Line>)}</Fact>
        <Fact name={t('syslog')}>
          {destinations.length === 0 ? t('none') : destinations.map((destination) => <Destination key={destination.id} {...destination} />)}
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
    </Section>
  );
}

function Line({ children }: { readonly children: ReactNode }) {
  return <span className="block">{children}</span>;
}

/** A syslog destination; its last error as long as nothing went well since. */
function Destination({ name, host, enabled, failure, failedAttempts, lastError }: SyslogDestination) {
  const t = useTranslations('log.delivery');
  const state = enabled ? (failedAttempts > 0 ? 'failing' : 'on') : failure === null ? 'off' : 'stopped';
  const tones = { on: 'success', failing: 'warning', off: 'neutral', stopped: 'danger' } as const;
  return (
    <Line>
      <span className="mr-2 break-all">{plainText(`${name} (${host})`)}</span>
      <Badge tone={tones[state]}>{t(`destination.${state}`)}</Badge>
      {lastError === null || state === 'on' || state === 'off' ? null : (
        <span className="block break-words text-quiet">{t('says', { reason: plainText(lastError.error) })}</span>
      )}
    </Line>
  );
}
