import type { Client } from '@signet/api-contract/client';
import { routes } from '@signet/api-contract/routes';
import { roleMay } from '@signet/domain/role';
import { getTranslations } from 'next-intl/server';
import { notFound } from 'next/navigation';
import { Suspense } from 'react';
import { LoadingRows } from '../../../../components/loading-rows.tsx';
import { requireMember } from '../../member-session.ts';
import { WebhookList } from './webhook-list.tsx';

export async function generateMetadata() {
  const t = await getTranslations('webhooks');
  return { title: t('title') };
}

/** The receivers that entries are sent to: how each is, and what can be done about it. */
export default async function WebhooksPage() {
  const { member, api } = await requireMember('/admin/webhooks');
  if (!roleMay(member.role, 'configuration:read')) notFound();
  const mayChange = roleMay(member.role, 'configuration:write') && roleMay(member.role, 'audit:read');
  const t = await getTranslations('webhooks');
  return (
    <>
      <h1 className="text-xl font-semibold">{t('title')}</h1>
      <p className="max-w-3xl text-sm text-quiet">{t('text')}</p>
      <Suspense fallback={<LoadingRows rows={4} />}>
        <Webhooks api={api} mayChange={mayChange} />
      </Suspense>
    </>
  );
}

async function Webhooks({ api, mayChange }: { readonly api: Client; readonly mayChange: boolean }) {
  const { items } = await api.call(routes.listWebhooks);
  const webhooks = await Promise.all(
    items.map(async (webhook) => {
      const deliveries = await api.call(routes.listWebhookDeliveries, { params: { id: webhook.id } });
      const [last] = deliveries.items;
      return { ...webhook, last: last === undefined ? null : { at: last.sentAt, kind: last.kind, error: last.error } };
    }),
  );
  return <WebhookList webhooks={webhooks} mayChange={mayChange} />;
}
