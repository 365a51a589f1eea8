import type { Client } from '@signet/api-contract/client';
import { routes } from '@signet/api-contract/routes';
import { roleMay } from '@signet/domain/role';
import { getTranslations } from 'next-intl/server';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { Suspense } from 'react';
import { buttonClasses } from '../../../../components/ui/button.tsx';
import { Card } from '../../../../components/ui/card.tsx';
import { isProblem } from '../../../../api/is-problem.ts';
import { requireMember } from '../../member-session.ts';
import { LoadingRows } from '../../../../components/loading-rows.tsx';
import { addressOf, single } from '../page-address.ts';
import type { SearchParams } from '../page-address.ts';
import { RecordTable } from './record-table.tsx';

const PATH = '/admin/records';

export async function generateMetadata() {
  const t = await getTranslations('admin.records');
  return { title: t('title') };
}

export default async function RecordsPage({ searchParams }: { readonly searchParams: SearchParams }) {
  const cursor = single((await searchParams)['cursor']);
  const { member, api } = await requireMember(addressOf(PATH, { cursor }));
  if (!roleMay(member.role, 'admin:read')) notFound();
  const t = await getTranslations('admin.records');
  return (
    <>
      <h1 className="text-xl font-semibold">{t('title')}</h1>
      <p className="text-sm text-quiet">{t('text')}</p>
      <Card className="mt-4 overflow-hidden">
        <Suspense key={cursor} fallback={<LoadingRows rows={8} />}>
          <Records api={api} cursor={cursor} />
        </Suspense>
      </Card>
    </>
  );
}

async function Records({ api, cursor }: { readonly api: Client; readonly cursor: string | undefined }) {
  const t = await getTranslations('admin.records');
  const page = await api.call(routes.listAdminRecords, { query: { limit: 100, cursor } }).catch((error: unknown) => {
    if (isProblem(error, 'validation_failed')) return { items: [], nextCursor: null };
    throw error;
  });
  return (
    <>
      {page.items.length === 0 ? (
        <output className="block px-4 py-10 text-center text-sm text-quiet">{t('none')}</output>
      ) : (
        <RecordTable records={page.items} />
      )}
      {cursor === undefined && page.nextCursor === null ? null : (
        <nav aria-label={t('pages')} className="flex justify-between gap-3 border-t border-line px-4 py-3">
          {cursor === undefined ? <span /> : <PageLink href={PATH} label={t('newest')} />}
          {page.nextCursor === null ? null : <PageLink href={addressOf(PATH, { cursor: page.nextCursor })} label={t('older')} />}
        </nav>
      )}
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
