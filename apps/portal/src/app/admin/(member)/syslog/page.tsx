import type { Client } from '@signet/api-contract/client';
import { routes } from '@signet/api-contract/routes';
import { roleMay } from '@signet/domain/role';
import { getTranslations } from 'next-intl/server';
import { notFound } from 'next/navigation';
import { Suspense } from 'react';
import { LoadingRows } from '../../../../components/loading-rows.tsx';
import { requireMember } from '../../member-session.ts';
import { SyslogList } from './syslog-list.tsx';

export async function generateMetadata() {
  const t = await getTranslations('syslog');
  return { title: t('title') };
}

/** Where the trail is sent to as syslog: how each destination is, and what can be done about it. */
export default async function SyslogPage() {
  const { member, api } = await requireMember('/admin/syslog');
  if (!roleMay(member.role, 'configuration:read')) notFound();
  const mayChange = roleMay(member.role, 'configuration:write') && roleMay(member.role, 'audit:read');
  const t = await getTranslations('syslog');
  return (
    <>
      <h1 className="text-xl font-semibold">{t('title')}</h1>
      <p className="max-w-3xl text-sm text-quiet">{t('text')}</p>
      <Suspense fallback={<LoadingRows rows={4} />}>
        <Destinations api={api} mayChange={mayChange} />
      </Suspense>
    </>
  );
}

async function Destinations({ api, mayChange }: { readonly api: Client; readonly mayChange: boolean }) {
  const { items } = await api.call(routes.listSyslogDestinations);
  return <SyslogList destinations={items} mayChange={mayChange} />;
}
