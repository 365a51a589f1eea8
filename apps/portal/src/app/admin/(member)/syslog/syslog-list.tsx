'use client';

import type { SyslogDestination } from '@signet/api-contract/syslog-destinations';
import { useTranslations } from 'next-intl';
import { plainText } from '../../../../components/plain-text.ts';
import { ReceiverList } from '../receiver-list.tsx';
import type { ReceiverItemProps } from '../receiver-list.tsx';
import { ReceiverLast, ReceiverRow } from '../receiver-row.tsx';
import { SyslogDialog } from './syslog-dialog.tsx';
import type { SyslogAct } from './syslog-dialog.tsx';

interface SyslogListProps {
  readonly destinations: readonly SyslogDestination[];
  readonly mayChange: boolean;
}

/** Syslog destinations with what can be done about each, and a new one. */
export function SyslogList({ destinations, mayChange }: SyslogListProps) {
  const t = useTranslations('syslog');
  return (
    <ReceiverList<SyslogDestination, SyslogAct>
      receivers={destinations}
      none={t('none')}
      add={mayChange ? { act: 'create', name: t('act.create.open') } : null}
      row={SyslogRow}
      dialog={SyslogDialog}
    />
  );
}

function SyslogRow({ receiver: destination, onAct }: ReceiverItemProps<SyslogDestination, SyslogAct>) {
  const t = useTranslations('syslog');
  const words = useTranslations('receivers');
  const { host, port, enabled, nextIndex, certificateAuthority, clientCertificate } = destination;
  const what = [
    t(certificateAuthority === null ? 'authority.public' : 'authority.own'),
    ...(clientCertificate === null ? [] : [t('client')]),
    words('place', { place: nextIndex }),
  ];
  return (
    <ReceiverRow<SyslogAct>
      anchor="syslog"
      receiver={destination}
      address={`${host.includes(':') ? `[${host}]` : host}:${port}`}
      what={what.join(' ')}
      last={<Last destination={destination} />}
      acts={enabled ? ['test', 'edit', 'replay', 'disable', 'remove'] : ['enable', 'edit', 'replay', 'remove']}
      nameOf={(act) => t(`act.${act}.open`)}
      onAct={onAct}
    />
  );
}

/** What was taken last, what was not, and what came of a test: what is older than the same going well is past. */
function Last({ destination: { lastSentAt, lastError, lastTest } }: { readonly destination: SyslogDestination }) {
  const t = useTranslations('syslog.last');
  const words = useTranslations('receivers');
  const isPast = lastError !== null && lastSentAt !== null && lastSentAt > lastError.at;
  return (
    <>
      {lastSentAt === null ? null : <ReceiverLast text={t('sent')} at={lastSentAt} />}
      {lastError === null || isPast ? null : (
        <ReceiverLast text={words('refused', { error: plainText(lastError.error) })} at={lastError.at} />
      )}
      {lastTest === null ? null : (
        <ReceiverLast
          text={lastTest.error === null ? t('test') : t('testRefused', { error: plainText(lastTest.error) })}
          at={lastTest.at}
        />
      )}
      {lastSentAt === null && lastError === null && lastTest === null ? <p className="mt-1 text-quiet">{words('nothing')}</p> : null}
    </>
  );
}
