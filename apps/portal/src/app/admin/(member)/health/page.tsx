import type { Client } from '@signet/api-contract/client';
import type { HealthCheck, HealthCheckName } from '@signet/api-contract/health-report';
import { routes } from '@signet/api-contract/routes';
import { roleMay } from '@signet/domain/role';
import { getTranslations } from 'next-intl/server';
import { notFound } from 'next/navigation';
import { Suspense } from 'react';
import { LoadingRows } from '../../../../components/loading-rows.tsx';
import { Alert } from '../../../../components/ui/alert.tsx';
import { Badge } from '../../../../components/ui/badge.tsx';
import { requireMember } from '../../member-session.ts';
import { Section } from '../section.tsx';

const tones = { ok: 'success', warning: 'warning', fault: 'danger' } as const satisfies Record<HealthCheck['status'], string>;

/** Which checks stand under which heading. */
const groupOf = {
  database: 'signet',
  clock: 'signet',
  keyProvider: 'signet',
  blobStorage: 'signet',
  queue: 'signet',
  gateway: 'mail',
  nextHop: 'mail',
  organizationNextHops: 'mail',
  portal: 'mail',
  spf: 'dns',
  dkim: 'dns',
  dmarc: 'dns',
  ptr: 'dns',
} as const satisfies Record<HealthCheckName, string>;
const groups = ['signet', 'mail', 'dns'] as const;

export async function generateMetadata() {
  const t = await getTranslations('health');
  return { title: t('title') };
}

/** How everything is that Signet needs, and what to mend. */
export default async function HealthPage() {
  const { member, api } = await requireMember('/admin/health');
  if (!roleMay(member.role, 'configuration:write')) notFound();
  const t = await getTranslations('health');
  return (
    <>
      <h1 className="text-xl font-semibold">{t('title')}</h1>
      <p className="text-sm text-quiet">{t('text')}</p>
      <Suspense fallback={<LoadingRows rows={8} />}>
        <Report api={api} />
      </Suspense>
    </>
  );
}

async function Report({ api }: { readonly api: Client }) {
  const t = await getTranslations('health');
  const { status, checks } = await api.call(routes.getHealthReport);
  return (
    <>
      <Alert tone={tones[status]} className="mt-4">
        {t(`all.${status}`)}
      </Alert>
      {groups.map((group) => (
        <Section key={group} id={group} title={t(`group.${group}`)}>
          <ul className="divide-y divide-line">
            {checks
              .filter(({ name }) => groupOf[name] === group)
              .map((check) => (
                <CheckRow key={check.name} check={check} />
              ))}
          </ul>
        </Section>
      ))}
    </>
  );
}

/** One check: how it is, what was found, and what to do. */
async function CheckRow({ check: { name, status, found, mend } }: { readonly check: HealthCheck }) {
  const t = await getTranslations('health');
  return (
    <li className="px-4 py-3 text-sm">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h3 className="font-medium">{t(`check.${name}`)}</h3>
        <Badge tone={tones[status]}>{t(`status.${status}`)}</Badge>
      </div>
      <p className="mt-1 break-words text-quiet">{found}</p>
      {mend === null ? null : <p className="mt-1 break-words">{mend}</p>}
    </li>
  );
}
