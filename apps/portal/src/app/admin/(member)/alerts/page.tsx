import type { Client } from '@signet/api-contract/client';
import { routes } from '@signet/api-contract/routes';
import { alertKinds, KEPT_ALERT_DAYS } from '@signet/domain/alert';
import type { AlertKind, AlertState } from '@signet/domain/alert';
import { roleMay } from '@signet/domain/role';
import { getTranslations } from 'next-intl/server';
import { notFound } from 'next/navigation';
import { Suspense } from 'react';
import { LoadingRows } from '../../../../components/loading-rows.tsx';
import { Card } from '../../../../components/ui/card.tsx';
import { requireMember } from '../../member-session.ts';
import { ListNote } from '../list-note.tsx';
import { addressOf, single } from '../page-address.ts';
import type { SearchParams } from '../page-address.ts';
import { PageLinks } from '../page-links.tsx';
import { pageOrNull } from '../page-or-null.ts';
import { ViewLinks } from '../view-links.tsx';
import { AlertRow } from './alert-row.tsx';
import { KindFilter } from './kind-filter.tsx';

const PATH = '/admin/alerts';
const views = ['open', 'resolved', 'all'] as const;
type View = (typeof views)[number];

interface Asked {
  readonly view: View;
  readonly kind: AlertKind | undefined;
  readonly cursor: string | undefined;
}

export async function generateMetadata() {
  const t = await getTranslations('alerts');
  return { title: t('title') };
}

/** What needs somebody's attention: what is open first, and what it was on request. */
export default async function AlertsPage({ searchParams }: { readonly searchParams: SearchParams }) {
  const given = await searchParams;
  const kind = single(given['kind']);
  const asked: Asked = {
    view: views.find((view) => view === single(given['state'])) ?? 'open',
    kind: alertKinds.find((known) => known === kind),
    cursor: single(given['cursor']),
  };
  const { member, api } = await requireMember(pathOf(asked));
  if (!roleMay(member.role, 'audit:read')) notFound();
  const t = await getTranslations('alerts');
  return (
    <>
      <h1 className="text-xl font-semibold">{t('title')}</h1>
      <p className="max-w-3xl text-sm text-quiet">{t('text')}</p>
      <div className="mt-4 flex">
        <ViewLinks
          label={t('view.label')}
          current={asked.view}
          views={views.map((view) => ({ view, text: t(`view.${view}`), href: pathOf({ ...asked, view, cursor: undefined }) }))}
        />
      </div>
      <KindFilter
        key={asked.kind}
        path={PATH}
        kind={asked.kind}
        state={asked.view === 'open' ? undefined : asked.view}
        cleared={pathOf({ ...asked, kind: undefined, cursor: undefined })}
      />
      <Card className="mt-3 overflow-hidden">
        {kind !== undefined && asked.kind === undefined ? (
          <ListNote text={t('notUnderstood')} />
        ) : (
          <Suspense key={pathOf(asked)} fallback={<LoadingRows rows={4} />}>
            <Alerts api={api} asked={asked} mayAcknowledge={roleMay(member.role, 'alerts:write')} />
          </Suspense>
        )}
      </Card>
    </>
  );
}

interface AlertsProps {
  readonly api: Client;
  readonly asked: Asked;
  readonly mayAcknowledge: boolean;
}

async function Alerts({ api, asked, mayAcknowledge }: AlertsProps) {
  const t = await getTranslations('alerts');
  const { view, kind, cursor } = asked;
  const state: AlertState | undefined = view === 'all' ? undefined : view;
  const page = await pageOrNull(() => api.call(routes.listAlerts, { query: { state, kind, cursor, limit: 50 } }));
  if (page === null) return <ListNote text={t('notUnderstood')} />;
  const days = KEPT_ALERT_DAYS;
  const none = kind === undefined ? t(`none.${view}`, { days }) : t(`none.kind.${view}`, { days, kind: t(`kind.${kind}.title`) });
  return (
    <>
      {page.items.length === 0 ? (
        <ListNote text={cursor === undefined ? none : t('none.older')} />
      ) : (
        <ul className="divide-y divide-line">
          {page.items.map((alert) => (
            <AlertRow
              key={alert.id}
              alert={alert}
              ofKind={pathOf({ ...asked, kind: alert.kind, cursor: undefined })}
              mayAcknowledge={mayAcknowledge}
            />
          ))}
        </ul>
      )}
      <PageLinks
        label={t('pages.label')}
        newest={cursor === undefined ? null : { href: pathOf({ ...asked, cursor: undefined }), label: t('pages.newest') }}
        older={page.nextCursor === null ? null : { href: pathOf({ ...asked, cursor: page.nextCursor }), label: t('pages.older') }}
      />
    </>
  );
}

function pathOf({ view, kind, cursor }: Asked): string {
  return addressOf(PATH, { state: view === 'open' ? undefined : view, kind, cursor });
}
