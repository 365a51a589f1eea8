import type { Client } from '@signet/api-contract/client';
import { routes } from '@signet/api-contract/routes';
import { roleMay } from '@signet/domain/role';
import { getTranslations } from 'next-intl/server';
import { notFound } from 'next/navigation';
import { Suspense } from 'react';
import { LoadingRows } from '../../../../../components/loading-rows.tsx';
import { requireMember } from '../../../member-session.ts';
import { BackLink } from '../../back-link.tsx';
import { ListNote } from '../../list-note.tsx';
import { Section } from '../../section.tsx';
import { ErasureForm } from './erasure-form.tsx';
import { ErasureTable } from './erasure-table.tsx';
import { ERASURES_PATH } from './erasures-path.ts';

export async function generateMetadata() {
  const t = await getTranslations('log.erasures');
  return { title: t('heading') };
}

/** What was erased from the trail by law, how far that is, and the entries of an address to be erased. */
export default async function ErasuresPage() {
  const { member, api } = await requireMember(ERASURES_PATH);
  if (!roleMay(member.role, 'audit:read')) notFound();
  const [t, trail] = await Promise.all([getTranslations('log.erasures'), getTranslations('admin.trail')]);
  return (
    <>
      <BackLink href="/admin/trail">{trail('title')}</BackLink>
      <h1 className="mt-2 text-xl font-semibold">{t('heading')}</h1>
      <p className="max-w-2xl text-sm text-quiet">{t('text')}</p>
      {roleMay(member.role, 'audit:erase') ? <ErasureForm /> : null}
      <Section id="erasures" title={t('list')}>
        <Suspense fallback={<LoadingRows rows={4} />}>
          <Erasures api={api} />
        </Suspense>
      </Section>
    </>
  );
}

async function Erasures({ api }: { readonly api: Client }) {
  const [t, { items }] = await Promise.all([getTranslations('log.erasures'), api.call(routes.listAuditErasures)]);
  return items.length === 0 ? <ListNote text={t('empty')} /> : <ErasureTable erasures={items} />;
}
