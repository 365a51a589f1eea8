import type { Client } from '@signet/api-contract/client';
import { routes } from '@signet/api-contract/routes';
import { roleMay } from '@signet/domain/role';
import type { Role } from '@signet/domain/role';
import { getTranslations } from 'next-intl/server';
import { notFound } from 'next/navigation';
import { Suspense } from 'react';
import { isProblem } from '../../../../api/is-problem.ts';
import { Card } from '../../../../components/ui/card.tsx';
import { requireMember } from '../../member-session.ts';
import { LoadingRows } from '../../../../components/loading-rows.tsx';
import { recordForms } from '../export-choice.ts';
import { ExportMenu } from '../export-menu.tsx';
import { ExportRefused } from '../export-refused.tsx';
import { ListNote } from '../list-note.tsx';
import { single } from '../page-address.ts';
import type { SearchParams } from '../page-address.ts';
import { PageLinks } from '../page-links.tsx';
import { viewerZone } from '../viewer-zone.ts';
import { FilterForm } from './filter-form.tsx';
import { keyNames } from './key-names.ts';
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
      <div className="flex items-start justify-between gap-3">
        <div>
          <h1 className="text-xl font-semibold">{t('title')}</h1>
          <p className="text-sm text-quiet">{t('text')}</p>
        </div>
        <div className="shrink-0">
          <ExportMenu path="/admin/records/export" filters={filters} forms={recordForms} />
        </div>
      </div>
      <ExportRefused stream="admin" given={given} />
      <FilterForm key={address} filters={filters} faults={faults} />
      <Card className="mt-4 overflow-hidden">
        {Object.keys(faults).length > 0 ? (
          <ListNote text={t('notUnderstood.field')} />
        ) : (
          <Suspense key={address} fallback={<LoadingRows rows={8} />}>
            <Records api={api} query={query} filters={filters} cursor={cursor} role={member.role} />
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
  readonly role: Role;
}

async function Records({ api, query, filters, cursor, role }: RecordsProps) {
  const [t, page, names] = await Promise.all([
    getTranslations('admin.records'),
    api.call(routes.listAdminRecords, { query: { ...query, limit: 50, cursor } }).catch((error: unknown) => {
      if (isProblem(error, 'validation_failed')) return null;
      throw error;
    }),
    keyNames(api, role),
  ]);
  if (page === null) return <ListNote text={t('notUnderstood.text')} />;
  const isNarrowed = Object.keys(filters).length > 0;
  return (
    <>
      {page.items.length === 0 ? (
        <ListNote text={t(isNarrowed ? 'noneFound' : 'none')} />
      ) : (
        <RecordTable records={page.items} keyNames={names} />
      )}
      <PageLinks
        label={t('pages')}
        newest={cursor === undefined ? null : { href: recordsPath(filters), label: t('newest') }}
        older={page.nextCursor === null ? null : { href: recordsPath(filters, page.nextCursor), label: t('older') }}
      />
    </>
  );
}
