import type { Client } from '@signet/api-contract/client';
import type { LegalHold } from '@signet/api-contract/legal-holds';
import { routes } from '@signet/api-contract/routes';
import { roleMay } from '@signet/domain/role';
import { getTranslations } from 'next-intl/server';
import { notFound } from 'next/navigation';
import { Suspense } from 'react';
import { isProblem } from '../../../../api/is-problem.ts';
import { LoadingRows } from '../../../../components/loading-rows.tsx';
import { Card } from '../../../../components/ui/card.tsx';
import { requireMember } from '../../member-session.ts';
import { ListNote } from '../list-note.tsx';
import { addressOf, single } from '../page-address.ts';
import type { SearchParams } from '../page-address.ts';
import { PageLinks } from '../page-links.tsx';
import { pageOrNull } from '../page-or-null.ts';
import { ViewLinks } from '../view-links.tsx';
import { HoldList } from './hold-list.tsx';

const views = ['holding', 'released', 'all'] as const;

interface Asked {
  readonly view: (typeof views)[number];
  readonly cursor: string | undefined;
  /** The id of one that stands on top, wherever in this view it is. */
  readonly hold: string | undefined;
}

export async function generateMetadata() {
  const t = await getTranslations('custody.holds');
  return { title: t('title') };
}

/** What is kept whatever retention and erasure say: what holds first, and what held on request. */
export default async function HoldsPage({ searchParams }: { readonly searchParams: SearchParams }) {
  const given = await searchParams;
  const asked: Asked = {
    view: views.find((view) => view === single(given['state'])) ?? 'holding',
    cursor: single(given['cursor']),
    hold: idIn(single(given['hold'])),
  };
  const { member, api } = await requireMember(pathOf(asked));
  if (!roleMay(member.role, 'configuration:read')) notFound();
  const t = await getTranslations('custody.holds');
  return (
    <>
      <h1 className="text-xl font-semibold">{t('title')}</h1>
      <p className="max-w-3xl text-sm text-quiet">{t('text')}</p>
      <Suspense
        key={pathOf(asked)}
        fallback={
          <Card className="mt-4 overflow-hidden">
            <LoadingRows rows={4} />
          </Card>
        }
      >
        <Holds api={api} asked={asked} mayHold={roleMay(member.role, 'holds:write')} />
      </Suspense>
    </>
  );
}

interface HoldsProps {
  readonly api: Client;
  readonly asked: Asked;
  readonly mayHold: boolean;
}

async function Holds({ api, asked, mayHold }: HoldsProps) {
  const t = await getTranslations('custody.holds');
  const { view, cursor, hold } = asked;
  const [page, wanted] = await Promise.all([
    pageOrNull(() => api.call(routes.listLegalHolds, { query: { state: view === 'all' ? undefined : view, cursor, limit: 50 } })),
    hold === undefined ? null : holdOf(api.call(routes.getLegalHold, { params: { id: hold } })),
  ]);
  // Released meanwhile, it stands among those.
  const first = wanted !== null && (view === 'all' || (view === 'released') === (wanted.releasedAt !== null)) ? [wanted] : [];
  const others = (page?.items ?? []).filter(({ id }) => id !== wanted?.id);
  return (
    <HoldList
      holds={[...first, ...others]}
      mayHold={mayHold}
      views={
        <ViewLinks
          label={t('view.label')}
          current={view}
          views={views.map((each) => ({
            view: each,
            text: t(`view.${each}`),
            href: pathOf({ view: each, cursor: undefined, hold: undefined }),
          }))}
        />
      }
      foot={
        page === null ? null : (
          <PageLinks
            label={t('pages.label')}
            newest={cursor === undefined ? null : { href: pathOf({ view, cursor: undefined, hold: undefined }), label: t('pages.newest') }}
            older={
              page.nextCursor === null
                ? null
                : { href: pathOf({ view, cursor: page.nextCursor, hold: undefined }), label: t('pages.older') }
            }
          />
        )
      }
      none={<ListNote text={page === null ? t('notUnderstood') : t(cursor === undefined ? `none.${view}` : 'none.older')} />}
    />
  );
}

/** One hold; null where there is none of this id. */
async function holdOf(asked: Promise<LegalHold>): Promise<LegalHold | null> {
  try {
    return await asked;
  } catch (error) {
    if (isProblem(error, 'validation_failed') || isProblem(error, 'not_found')) return null;
    throw error;
  }
}

/** What may be an id; else nothing need be asked. */
function idIn(given: string | undefined): string | undefined {
  return given !== undefined && /^[\da-f-]{36}$/i.test(given) ? given : undefined;
}

function pathOf({ view, cursor, hold }: Asked): string {
  return addressOf('/admin/holds', { state: view === 'holding' ? undefined : view, cursor, hold });
}
