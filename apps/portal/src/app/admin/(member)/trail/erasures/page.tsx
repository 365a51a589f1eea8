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
import { addressOf, single } from '../../page-address.ts';
import type { SearchParams } from '../../page-address.ts';
import { PageLinks } from '../../page-links.tsx';
import { pageOrNull } from '../../page-or-null.ts';
import { Section } from '../../section.tsx';
import { ErasureForm } from './erasure-form.tsx';
import { ErasureTable } from './erasure-table.tsx';
import { ERASURES_PATH } from './erasures-path.ts';

/** Erasures of a page. */
const PAGE_ERASURES = 25;

export async function generateMetadata() {
  const t = await getTranslations('log.erasures');
  return { title: t('heading') };
}

/** What was erased from the trail by law, how far that is, and the entries of an address to be erased. */
export default async function ErasuresPage({ searchParams }: { readonly searchParams: SearchParams }) {
  const cursor = single((await searchParams)['cursor']);
  const { member, api } = await requireMember(addressOf(ERASURES_PATH, { cursor }));
  if (!roleMay(member.role, 'audit:read')) notFound();
  const [t, trail] = await Promise.all([getTranslations('log.erasures'), getTranslations('admin.trail')]);
  return (
    <>
      <BackLink href="/admin/trail">{trail('title')}</BackLink>
      <h1 className="mt-2 text-xl font-semibold">{t('heading')}</h1>
      <p className="max-w-2xl text-sm text-quiet">{t('text')}</p>
      {roleMay(member.role, 'audit:erase') ? <ErasureForm /> : null}
      <Section id="erasures" title={t('list')}>
        <Suspense key={cursor} fallback={<LoadingRows rows={4} />}>
          <Erasures api={api} cursor={cursor} />
        </Suspense>
      </Section>
    </>
  );
}

/** The list from a place on. */
function listPath(cursor: string | undefined): string {
  return `${addressOf(ERASURES_PATH, { cursor })}#erasures`;
}

async function Erasures({ api, cursor }: { readonly api: Client; readonly cursor: string | undefined }) {
  const [t, page] = await Promise.all([
    getTranslations('log.erasures'),
    pageOrNull(() => api.call(routes.listAuditErasures, { query: { cursor, limit: PAGE_ERASURES } })),
  ]);
  if (page === null) return <ListNote text={t('notUnderstood')} />;
  return (
    <>
      {page.items.length === 0 ? (
        <ListNote text={t(cursor === undefined ? 'empty' : 'noneOlder')} />
      ) : (
        <ErasureTable erasures={page.items} />
      )}
      <PageLinks
        label={t('pages')}
        newest={cursor === undefined ? null : { href: listPath(undefined), label: t('newest') }}
        older={page.nextCursor === null ? null : { href: listPath(page.nextCursor), label: t('older') }}
      />
    </>
  );
}
