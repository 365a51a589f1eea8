import type { Client } from '@signet/api-contract/client';
import { routes } from '@signet/api-contract/routes';
import { roleMay } from '@signet/domain/role';
import { getTranslations } from 'next-intl/server';
import { notFound } from 'next/navigation';
import { Suspense } from 'react';
import { LoadingRows } from '../../../../components/loading-rows.tsx';
import { requireMember } from '../../member-session.ts';
import { ListNote } from '../list-note.tsx';
import { checkpointOf } from './checkpoint-of.ts';
import { DeliverySection } from './delivery-section.tsx';
import { LogSection } from './log-section.tsx';

export async function generateMetadata() {
  const t = await getTranslations('log');
  return { title: t('title') };
}

/** How far the organization's logs are signed, what verifies them, and what is wrong with them. */
export default async function LogPage() {
  const { member, api } = await requireMember('/admin/log');
  if (!roleMay(member.role, 'audit:read')) notFound();
  const t = await getTranslations('log');
  return (
    <>
      <h1 className="text-xl font-semibold">{t('title')}</h1>
      <p className="max-w-3xl text-sm text-quiet">{t('text')}</p>
      <p className="mt-1 max-w-3xl text-sm text-quiet">{t('elsewhere')}</p>
      <Suspense fallback={<LoadingRows rows={8} />}>
        <Logs api={api} />
        {roleMay(member.role, 'configuration:read') ? <Delivery api={api} mayChange={roleMay(member.role, 'configuration:write')} /> : null}
      </Suspense>
    </>
  );
}

async function Logs({ api }: { readonly api: Client }) {
  const t = await getTranslations('log');
  const { items } = await api.call(routes.listLogs);
  if (items.length === 0) return <ListNote text={t('none')} />;
  const logs = await Promise.all(items.map(async (log) => ({ log, note: log.size === 0 ? null : await noteOf(api, log) })));
  return logs.map(({ log, note }) => <LogSection key={log.stream} log={log} note={note} />);
}

async function Delivery({ api, mayChange }: { readonly api: Client; readonly mayChange: boolean }) {
  const [delivery, syslog, webhooks] = await Promise.all([
    api.call(routes.getCheckpointDelivery),
    api.call(routes.listSyslogDestinations),
    api.call(routes.listWebhooks),
  ]);
  return <DeliverySection delivery={delivery} destinations={syslog.items} webhooks={webhooks.items} mayChange={mayChange} />;
}

async function noteOf(api: Client, log: Parameters<typeof checkpointOf>[1]): Promise<string> {
  return (await checkpointOf(api, log)).text();
}
