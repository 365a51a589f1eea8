import type { Client } from '@signet/api-contract/client';
import { routes } from '@signet/api-contract/routes';
import { getTranslations } from 'next-intl/server';
import Link from 'next/link';
import { buttonClasses } from '../../../../components/ui/button.tsx';
import { Card } from '../../../../components/ui/card.tsx';
import { ColumnMenu } from '../column-menu.tsx';
import { allColumns, chosenColumns } from '../columns.ts';
import { pageOrNull } from '../page-or-null.ts';
import { EmptyList, NothingFound } from './empty-list.tsx';
import { listPath, trailSearches } from './message-filters.ts';
import type { MessageFilters, queryOf, SetFilter } from './message-filters.ts';
import { MessageList } from './message-list.tsx';

interface ResultsProps {
  readonly api: Client;
  readonly query: ReturnType<typeof queryOf>['query'];
  readonly filters: MessageFilters;
  readonly set: readonly SetFilter[];
  readonly cursor: string | undefined;
  readonly mayReadTrail: boolean;
}

/** The messages found, a page of them, or why there are none. */
export async function Results({ api, query, filters, set, cursor, mayReadTrail }: ResultsProps) {
  const t = await getTranslations('admin.messages');
  // How many there are is said once, at the beginning.
  const place = cursor === undefined ? ({ count: 'true' } as const) : { cursor };
  const page = await pageOrNull(() => api.call(routes.listMessages, { query: { ...query, ...place, limit: 50 } }));
  if (page === null) return <EmptyList title={t('notUnderstood.title')} text={t('notUnderstood.text')} all={t('all')} />;
  if (page.items.length === 0) {
    if (cursor !== undefined) return <EmptyList title={t('noneOlder')} all={t('newest')} filters={filters} />;
    if (set.length === 0) return <EmptyList title={t('none.title')} text={t('none.text')} />;
    return <NothingFound set={set} trail={mayReadTrail ? trailSearches(filters) : []} />;
  }
  const columns = await chosenColumns('messages');
  const { matches, previousCursor, nextCursor } = page;
  return (
    <>
      <div className="mt-3 flex min-h-8 items-center justify-between gap-3">
        <output className="text-xs text-quiet">
          {matches === null ? t('furtherPage') : t(matches.capped ? 'moreThan' : 'found', { count: matches.count })}
        </output>
        <ColumnMenu list="messages" all={allColumns('messages').map((name) => ({ name, label: t(`column.${name}`) }))} chosen={columns} />
      </div>
      <Card className="mt-1 overflow-hidden">
        <MessageList messages={page.items} columns={columns} />
        {previousCursor === null && nextCursor === null ? null : (
          <nav aria-label={t('pages')} className="flex items-center justify-between gap-3 border-t border-line px-4 py-3">
            {previousCursor === null ? <span /> : <PageLink href={listPath(filters, previousCursor)} label={t('previous')} />}
            {nextCursor === null ? (
              <span className="text-sm text-quiet">{t('end')}</span>
            ) : (
              <PageLink href={listPath(filters, nextCursor)} label={t('next')} />
            )}
          </nav>
        )}
      </Card>
    </>
  );
}

function PageLink({ href, label }: { readonly href: string; readonly label: string }) {
  return (
    <Link href={href} prefetch={false} className={buttonClasses({ variant: 'secondary', size: 'small' })}>
      {label}
    </Link>
  );
}
