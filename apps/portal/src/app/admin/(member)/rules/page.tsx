import type { Client } from '@signet/api-contract/client';
import { routes } from '@signet/api-contract/routes';
import { roleMay } from '@signet/domain/role';
import { ContactRound, Plus, ScanSearch } from 'lucide-react';
import { getTranslations } from 'next-intl/server';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { Suspense } from 'react';
import { LoadingRows } from '../../../../components/loading-rows.tsx';
import { buttonClasses } from '../../../../components/ui/button.tsx';
import { Card } from '../../../../components/ui/card.tsx';
import { requireMember } from '../../member-session.ts';
import { RuleList } from './rule-list.tsx';

export async function generateMetadata() {
  const t = await getTranslations('rules');
  return { title: t('title') };
}

/** The mail rules in the order in which they are evaluated. */
export default async function RulesPage() {
  const { member, api } = await requireMember('/admin/rules');
  if (!roleMay(member.role, 'configuration:read')) notFound();
  const mayChange = roleMay(member.role, 'configuration:write');
  const t = await getTranslations('rules');
  return (
    <>
      <div className="flex flex-wrap items-start justify-between gap-3">
        <div className="min-w-0 flex-1 basis-96">
          <h1 className="text-xl font-semibold">{t('title')}</h1>
          <p className="max-w-2xl text-sm text-quiet">{t('text')}</p>
        </div>
        <div className="flex flex-wrap gap-2">
          <Link href="/admin/rules/explain" prefetch={false} className={buttonClasses({ variant: 'secondary' })}>
            <ScanSearch aria-hidden />
            {t('explain.open')}
          </Link>
          <Link href="/admin/rules/groups" prefetch={false} className={buttonClasses({ variant: 'secondary' })}>
            <ContactRound aria-hidden />
            {t('groups')}
          </Link>
          {mayChange ? (
            <Link href="/admin/rules/new" prefetch={false} className={buttonClasses()}>
              <Plus aria-hidden />
              {t('add')}
            </Link>
          ) : null}
        </div>
      </div>
      <Card className="mt-4 overflow-hidden">
        <Suspense fallback={<LoadingRows rows={4} />}>
          <Rules api={api} mayChange={mayChange} />
        </Suspense>
      </Card>
    </>
  );
}

async function Rules({ api, mayChange }: { readonly api: Client; readonly mayChange: boolean }) {
  const t = await getTranslations('rules');
  const { items } = await api.call(routes.listMailRules);
  if (items.length === 0) return <output className="block px-4 py-10 text-center text-sm text-quiet">{t('none')}</output>;
  return <RuleList rules={items.map(({ id, name, enabled, summary }) => ({ id, name, enabled, summary }))} mayChange={mayChange} />;
}
