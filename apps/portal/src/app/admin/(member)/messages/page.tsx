import type { Client } from '@signet/api-contract/client';
import { routes } from '@signet/api-contract/routes';
import type { Member } from '@signet/api-contract/sessions';
import { roleMay } from '@signet/domain/role';
import { getTranslations } from 'next-intl/server';
import { Suspense } from 'react';
import { Card } from '../../../../components/ui/card.tsx';
import { requireMember } from '../../member-session.ts';
import { LoadingRows } from '../../../../components/loading-rows.tsx';
import { single } from '../page-address.ts';
import type { SearchParams } from '../page-address.ts';
import { viewerZone } from '../viewer-zone.ts';
import { FilterChips } from './filter-chips.tsx';
import { filtersOf, listPath, offeredStates, queryOf, setFilters } from './message-filters.ts';
import { Results } from './results.tsx';
import { SearchForm } from './search-form.tsx';

export async function generateMetadata() {
  const t = await getTranslations('admin.messages');
  return { title: t('title') };
}

export default async function MessagesPage({ searchParams }: { readonly searchParams: SearchParams }) {
  const given = await searchParams;
  const filters = filtersOf(given);
  const cursor = single(given['cursor']);
  const address = listPath(filters, cursor);
  const { member, api } = await requireMember(address);
  const { query, faults } = queryOf(filters, await viewerZone());
  const t = await getTranslations('admin.messages');
  const set = setFilters(filters);
  const mayReadTrail = roleMay(member.role, 'audit:read');
  return (
    <>
      <h1 className="text-xl font-semibold">{t('title')}</h1>
      <div className="mt-4">
        <SearchForm
          // Another address has other words in its boxes.
          key={address}
          filters={filters}
          faults={faults}
          templates={await templateNames(member, api)}
          states={offeredStates(mayReadTrail)}
        />
      </div>
      <FilterChips set={set} />
      {Object.keys(faults).length > 0 ? (
        <Card className="mt-3 px-4 py-6 text-sm text-quiet">{t('notUnderstood.field')}</Card>
      ) : (
        <Suspense
          key={address}
          fallback={
            <Card className="mt-4 overflow-hidden">
              <LoadingRows rows={8} />
            </Card>
          }
        >
          <Results api={api} query={query} filters={filters} set={set} cursor={cursor} mayReadTrail={mayReadTrail} />
        </Suspense>
      )}
    </>
  );
}

/** Templates to choose from, for those who may see them. */
async function templateNames(member: Member, api: Client): Promise<string[]> {
  if (!roleMay(member.role, 'configuration:read')) return [];
  const { items } = await api.call(routes.listBrandingTemplates);
  return items.map(({ name }) => name);
}
