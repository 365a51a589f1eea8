import type { Client } from '@signet/api-contract/client';
import { routes } from '@signet/api-contract/routes';
import { roleMay } from '@signet/domain/role';
import { Plus } from 'lucide-react';
import { getTranslations } from 'next-intl/server';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { Suspense } from 'react';
import { LoadingRows } from '../../../../../components/loading-rows.tsx';
import { buttonClasses } from '../../../../../components/ui/button.tsx';
import { Card } from '../../../../../components/ui/card.tsx';
import { requireMember } from '../../../member-session.ts';
import { BackLink } from '../../back-link.tsx';
import { GroupList } from './group-list.tsx';
import { rulesAbout } from './rules-about.ts';

export async function generateMetadata() {
  const t = await getTranslations('groups');
  return { title: t('title') };
}

/** The sender groups, and which rules ask about each. */
export default async function GroupsPage() {
  const { member, api } = await requireMember('/admin/rules/groups');
  if (!roleMay(member.role, 'configuration:read')) notFound();
  const mayChange = roleMay(member.role, 'configuration:write');
  const t = await getTranslations('groups');
  return (
    <>
      <BackLink href="/admin/rules">{t('rules')}</BackLink>
      <div className="mt-2 flex flex-wrap items-start justify-between gap-3">
        <div className="min-w-0">
          <h1 className="text-xl font-semibold">{t('title')}</h1>
          <p className="max-w-2xl text-sm text-quiet">{t('text')}</p>
        </div>
        {mayChange ? (
          <Link href="/admin/rules/groups/new" prefetch={false} className={buttonClasses()}>
            <Plus aria-hidden />
            {t('add')}
          </Link>
        ) : null}
      </div>
      <Suspense
        fallback={
          <Card className="mt-4 overflow-hidden">
            <LoadingRows rows={3} />
          </Card>
        }
      >
        <Groups api={api} mayChange={mayChange} />
      </Suspense>
    </>
  );
}

async function Groups({ api, mayChange }: { readonly api: Client; readonly mayChange: boolean }) {
  const [{ items }, rulesOf] = await Promise.all([api.call(routes.listSenderGroups), rulesAbout(api)]);
  return <GroupList groups={items.map((group) => ({ ...group, rules: rulesOf(group.name) }))} mayChange={mayChange} />;
}
