import type { Client } from '@signet/api-contract/client';
import { routes } from '@signet/api-contract/routes';
import { roleMay } from '@signet/domain/role';
import type { Role } from '@signet/domain/role';
import { getLocale, getTranslations } from 'next-intl/server';
import Link from 'next/link';
import { Suspense } from 'react';
import { classNames } from '../../../../components/class-names.ts';
import { timeTag } from '../../../../components/time-tag.tsx';
import { requireMember } from '../../member-session.ts';
import { addressOf, single } from '../page-address.ts';
import type { SearchParams } from '../page-address.ts';
import { viewerZone } from '../viewer-zone.ts';
import { Charts } from './charts.tsx';
import { FirstMessage } from './first-message.tsx';
import { OpenAlerts } from './open-alerts.tsx';
import { LoadingCharts } from './loading-charts.tsx';
import { PRESET_RANGE, questionOf, rangeNameOf, rangeNames } from './range.ts';
import type { RangeName } from './range.ts';

const PATH = '/admin/dashboard';

export async function generateMetadata() {
  const t = await getTranslations('dashboard');
  return { title: t('title') };
}

export default async function DashboardPage({ searchParams }: { readonly searchParams: SearchParams }) {
  const range = rangeNameOf(single((await searchParams)['range']));
  const { member, api } = await requireMember(pathOf(range));
  const zone = await viewerZone();
  const t = await getTranslations('dashboard');
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h1 className="text-xl font-semibold">{t('title')}</h1>
        <nav aria-label={t('range.label')}>
          <ul className="flex rounded-lg border border-line bg-surface p-0.5">
            {rangeNames.map((name) => (
              <li key={name}>
                <Link
                  href={pathOf(name)}
                  prefetch={false}
                  aria-current={name === range ? 'true' : undefined}
                  className={classNames(
                    'flex h-10 items-center rounded-md px-3 text-sm font-medium sm:h-8',
                    name === range ? 'bg-primary text-on-primary' : 'text-quiet hover:bg-raised hover:text-ink',
                  )}
                >
                  {t(`range.${name}`)}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
      </div>
      {roleMay(member.role, 'audit:read') ? (
        <Suspense fallback={null}>
          <OpenAlerts api={api} />
        </Suspense>
      ) : null}
      <Suspense key={`${range} ${zone}`} fallback={<LoadingCharts />}>
        <Counted api={api} role={member.role} range={range} zone={zone} />
      </Suspense>
    </>
  );
}

function pathOf(range: RangeName): string {
  return addressOf(PATH, { range: range === PRESET_RANGE ? undefined : range });
}

interface CountedProps {
  readonly api: Client;
  readonly role: Role;
  readonly range: RangeName;
  readonly zone: string;
}

async function Counted({ api, role, range, zone }: CountedProps) {
  const statistics = await api.call(routes.getStatistics, { query: questionOf(range, zone, new Date()) });
  if (statistics.firstMessageAt === null) return <FirstMessage mayMakeCredentials={roleMay(role, 'configuration:write')} />;
  const t = await getTranslations('dashboard');
  const locale = await getLocale();
  return (
    <>
      <Charts statistics={statistics} mayReadTrail={roleMay(role, 'audit:read')} />
      <p className="mt-4 text-xs text-quiet">
        {t.rich('indexedThrough', { time: timeTag(statistics.indexedThrough, locale) })} {t('zone', { zone })}
      </p>
    </>
  );
}
