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
import { ImportForm } from './import-form.tsx';
import { IMPORTS_PATH } from './import-path.ts';
import { ImportTable } from './import-table.tsx';
import { RetentionNote } from './retention-note.tsx';

/** Imports of a page: a large file makes many. */
const PAGE_IMPORTS = 25;

export async function generateMetadata() {
  const t = await getTranslations('imports');
  return { title: t('title') };
}

/** Where records of Microsoft 365 join the trail, and what became of those that did. */
export default async function ImportPage({ searchParams }: { readonly searchParams: SearchParams }) {
  const cursor = single((await searchParams)['cursor']);
  const { member, api } = await requireMember(addressOf(IMPORTS_PATH, { cursor }));
  if (!roleMay(member.role, 'audit:write')) notFound();
  const [t, trail] = await Promise.all([getTranslations('imports'), getTranslations('admin.trail')]);
  return (
    <>
      <BackLink href="/admin/trail">{trail('title')}</BackLink>
      <h1 className="mt-2 text-xl font-semibold">{t('title')}</h1>
      <p className="max-w-2xl text-sm text-quiet">{t('text')}</p>
      <RetentionNote api={api} />
      <ImportForm />
      <Section id="earlier" title={t('earlier.title')} note={t('earlier.text')}>
        <Suspense key={cursor} fallback={<LoadingRows rows={4} />}>
          <Imports api={api} cursor={cursor} />
        </Suspense>
      </Section>
    </>
  );
}

/** The list from a place on. */
function listPath(cursor: string | undefined): string {
  return `${addressOf(IMPORTS_PATH, { cursor })}#earlier`;
}

async function Imports({ api, cursor }: { readonly api: Client; readonly cursor: string | undefined }) {
  const [t, page] = await Promise.all([
    getTranslations('imports'),
    pageOrNull(() => api.call(routes.listAuditImports, { query: { cursor, limit: PAGE_IMPORTS } })),
  ]);
  if (page === null) return <ListNote text={t('earlier.notUnderstood')} />;
  return (
    <>
      {page.items.length === 0 ? (
        <ListNote text={t(cursor === undefined ? 'earlier.none' : 'earlier.noneOlder')} />
      ) : (
        <ImportTable imports={page.items} />
      )}
      <PageLinks
        label={t('earlier.pages')}
        newest={cursor === undefined ? null : { href: listPath(undefined), label: t('earlier.newest') }}
        older={page.nextCursor === null ? null : { href: listPath(page.nextCursor), label: t('earlier.older') }}
      />
    </>
  );
}
