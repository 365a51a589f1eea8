import { COUNTED_ENTRIES } from '@signet/api-contract/audit-entries';
import type { Client } from '@signet/api-contract/client';
import { routes } from '@signet/api-contract/routes';
import { roleMay } from '@signet/domain/role';
import { getLocale, getTranslations } from 'next-intl/server';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { Suspense } from 'react';
import { LoadingRows } from '../../../../components/loading-rows.tsx';
import { timeTag } from '../../../../components/time-tag.tsx';
import { buttonClasses } from '../../../../components/ui/button.tsx';
import { Card } from '../../../../components/ui/card.tsx';
import { requireMember } from '../../member-session.ts';
import { ColumnMenu } from '../column-menu.tsx';
import { allColumns, chosenColumns } from '../columns.ts';
import type { TrailColumn } from '../columns.ts';
import { trailForms } from '../export-choice.ts';
import { ExportMenu } from '../export-menu.tsx';
import { ExportRefused } from '../export-refused.tsx';
import { ListNote } from '../list-note.tsx';
import { single } from '../page-address.ts';
import type { SearchParams } from '../page-address.ts';
import { PageLinks } from '../page-links.tsx';
import { pageOrNull } from '../page-or-null.ts';
import { viewerZone } from '../viewer-zone.ts';
import { ERASURES_PATH } from './erasures/erasures-path.ts';
import { FilterForm } from './filter-form.tsx';
import { trailFiltersOf, trailPath, trailQueryOf } from './trail-filters.ts';
import type { TrailFilters } from './trail-filters.ts';
import { TrailTable } from './trail-table.tsx';

export async function generateMetadata() {
  const t = await getTranslations('admin.trail');
  return { title: t('title') };
}

export default async function TrailPage({ searchParams }: { readonly searchParams: SearchParams }) {
  const given = await searchParams;
  const filters = trailFiltersOf(given);
  const cursor = single(given['cursor']);
  const towards = single(given['towards']) === 'newer' ? 'newer' : undefined;
  const address = trailPath(filters, { cursor, towards });
  const { member, api } = await requireMember(address);
  if (!roleMay(member.role, 'audit:read')) notFound();
  const { query, faults } = trailQueryOf(filters, await viewerZone());
  const [t, columns] = await Promise.all([getTranslations('admin.trail'), chosenColumns('trail')]);
  return (
    <>
      <div className="flex items-start justify-between gap-3">
        <div>
          <h1 className="text-xl font-semibold">{t('title')}</h1>
          <p className="text-sm text-quiet">{t('text')}</p>
        </div>
        <div className="flex shrink-0 flex-wrap items-center justify-end gap-2 max-md:max-w-40">
          <div className="max-md:hidden">
            <ColumnMenu list="trail" all={allColumns('trail').map((name) => ({ name, label: t(`column.${name}`) }))} chosen={columns} />
          </div>
          <Link href={ERASURES_PATH} prefetch={false} className={buttonClasses({ variant: 'secondary', size: 'small' })}>
            {t('erasures')}
          </Link>
          {roleMay(member.role, 'audit:write') ? (
            <Link href="/admin/trail/import" prefetch={false} className={buttonClasses({ variant: 'secondary', size: 'small' })}>
              {t('import')}
            </Link>
          ) : null}
          <ExportMenu path="/admin/trail/export" filters={{ ...filters }} forms={trailForms} />
        </div>
      </div>
      <ExportRefused stream="audit" given={given} />
      <FilterForm key={address} filters={filters} faults={faults} />
      <Card className="mt-4 overflow-hidden">
        {Object.keys(faults).length > 0 ? (
          <ListNote text={t('notUnderstood.field')} />
        ) : (
          <Suspense key={address} fallback={<LoadingRows rows={8} />}>
            <Entries api={api} query={query} filters={filters} cursor={cursor} isTowardsNewer={towards === 'newer'} columns={columns} />
          </Suspense>
        )}
      </Card>
    </>
  );
}

const PAGE_ENTRIES = 50;

interface EntriesProps {
  readonly api: Client;
  readonly query: ReturnType<typeof trailQueryOf>['query'];
  readonly filters: TrailFilters;
  readonly cursor: string | undefined;
  /** Which way the reader came: the cursor says it to the api alone. */
  readonly isTowardsNewer: boolean;
  readonly columns: readonly TrailColumn[];
}

async function Entries({ api, query, filters, cursor, isTowardsNewer, columns }: EntriesProps) {
  // How many there are is said once, at the beginning.
  const place = cursor === undefined ? ({ count: 'true' } as const) : { cursor };
  const [t, locale, page] = await Promise.all([
    getTranslations('admin.trail'),
    getLocale(),
    pageOrNull(() => api.call(routes.listAuditEntries, { query: { ...query, ...place, limit: PAGE_ENTRIES } })),
  ]);
  if (page === null) return <ListNote text={t('notUnderstood.text')} />;
  const { matches, nextCursor, previousCursor } = page;
  const newer = previousCursor === null ? null : trailPath(filters, { cursor: previousCursor, towards: 'newer' });
  const older = nextCursor === null ? null : trailPath(filters, { cursor: nextCursor });
  const ahead = isTowardsNewer ? newer : older;
  // What is only on its way leads nowhere: a page that is not full and leads on stopped at its budget.
  const goOn = !page.complete && page.items.length < PAGE_ENTRIES ? ahead : null;
  const isNarrowed = Object.keys(filters).length > 0;
  return (
    <>
      {page.items.length > 0 ? (
        <TrailTable entries={page.items} columns={columns} />
      ) : goOn === null ? (
        <ListNote text={t(isNarrowed ? 'noneFound' : 'none')} />
      ) : null}
      {goOn === null ? null : (
        <div className="flex flex-wrap items-center justify-between gap-3 border-t border-line px-4 py-4 text-sm">
          <output>{t(page.items.length > 0 ? 'stopped' : 'noneYet')}</output>
          <Link href={goOn} prefetch={false} className={buttonClasses({ size: 'small' })}>
            {t(isTowardsNewer ? 'goOnNewer' : 'goOnOlder')}
          </Link>
        </div>
      )}
      <p className="border-t border-line px-4 py-3 text-xs text-quiet">
        {matches !== null && matches.count > 0 ? <span className="me-1">{t(countedAs(matches), { count: matches.count })}</span> : null}
        <span>{t.rich(surenessOf(page, goOn !== null), { time: timeTag(page.indexedThrough, locale) })}</span>
      </p>
      <PageLinks
        label={t('pages')}
        newest={cursor === undefined ? null : { href: trailPath(filters), label: t('newest') }}
        newer={newer === null || newer === goOn ? null : { href: newer, label: t('newer') }}
        older={older === null || older === goOn ? null : { href: older, label: t('older') }}
      />
    </>
  );
}

/** A count that came to its end has more; one that came to the end of its budget may have. */
function countedAs({ count, capped }: { readonly count: number; readonly capped: boolean }): 'found' | 'atLeast' | 'moreThan' {
  if (!capped) return 'found';
  return count < COUNTED_ENTRIES ? 'atLeast' : 'moreThan';
}

/** Whether a list has all that fits: a search that stopped says nothing of what it has not looked at. */
function surenessOf({ complete }: { readonly complete: boolean }, hasStopped: boolean): 'indexedThrough' | 'stoppedThrough' | 'incomplete' {
  if (complete) return 'indexedThrough';
  return hasStopped ? 'stoppedThrough' : 'incomplete';
}
