import type { Client } from '@signet/api-contract/client';
import { routes } from '@signet/api-contract/routes';
import { roleMay } from '@signet/domain/role';
import { getTranslations } from 'next-intl/server';
import { notFound } from 'next/navigation';
import { Suspense } from 'react';
import { isProblem } from '../../../../api/is-problem.ts';
import { Card } from '../../../../components/ui/card.tsx';
import { requireMember } from '../../member-session.ts';
import { LoadingRows } from '../../../../components/loading-rows.tsx';
import { ListNote } from '../list-note.tsx';
import { single } from '../page-address.ts';
import type { SearchParams } from '../page-address.ts';
import { PageLinks } from '../page-links.tsx';
import { viewerZone } from '../viewer-zone.ts';
import { FilterForm } from './filter-form.tsx';
import { recordFiltersOf, recordQueryOf, recordsPath } from './record-filters.ts';
import type { RecordFilters } from './record-filters.ts';
import { RecordTable } from './record-table.tsx';

export async function generateMetadata() {
  const t = await getTranslations('admin.records');
  return { title: t('title') };
}

export default async function RecordsPage({ searchParams }: { readonly searchParams: SearchParams }) {
  const given = await searchParams;
  const filters = recordFiltersOf(given);
  const cursor = single(given['cursor']);
  const address = recordsPath(filters, cursor);
  const { member, api } = await requireMember(address);
  if (!roleMay(member.role, 'admin:read')) notFound();
  const { query, faults } = recordQueryOf(filters, await viewerZone());
  const t = await getTranslations('admin.records');
  return (
    <>
      <h1 className="text-xl font-semibold">{t('title')}</h1>
      <p className="text-sm text-quiet">{t('text')}</p>
      <FilterForm key={address} filters={filters} faults={faults} />
      <Card className="mt-4 overflow-hidden">
        {Object.keys(faults).length > 0 ? (
          <ListNote text={t('notUnderstood.field')} />
        ) : (
          <Suspense key={address} fallback={<LoadingRows rows={8} />}>
            <Records api={api} query={query} filters={filters} cursor={cursor} seesKeys={roleMay(member.role, 'members:write')} />
          </Suspense>
        )}
      </Card>
    </>
  );
}

interface RecordsProps {
  readonly api: Client;
  readonly query: ReturnType<typeof recordQueryOf>['query'];
  readonly filters: RecordFilters;
  readonly cursor: string | undefined;
  readonly seesKeys: boolean;
}

async function Records({ api, query, filters, cursor, seesKeys }: RecordsProps) {
  const [t, page, keys] = await Promise.all([
    getTranslations('admin.records'),
    api.call(routes.listAdminRecords, { query: { ...query, limit: 50, cursor } }).catch((error: unknown) => {
      if (isProblem(error, 'validation_failed')) return null;
      throw error;
    }),
    seesKeys ? api.call(routes.listApiKeys) : { items: [] },
  ]);
  if (page === null) return <ListNote text={t('notUnderstood.text')} />;
  const isNarrowed = Object.keys(filters).length > 0;
  return (
    <>
      {page.items.length === 0 ? (
        <ListNote text={t(isNarrowed ? 'noneFound' : 'none')} />
      ) : (
        <RecordTable records={page.items} keyNames={new Map(keys.items.map(({ id, name }) => [id, name]))} />
      )}
      <PageLinks
        label={t('pages')}
        newest={cursor === undefined ? null : { href: recordsPath(filters), label: t('newest') }}
        older={page.nextCursor === null ? null : { href: recordsPath(filters, page.nextCursor), label: t('older') }}
      />
    </>
  );
}
