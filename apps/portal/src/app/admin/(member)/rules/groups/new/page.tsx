import { roleMay } from '@signet/domain/role';
import { getTranslations } from 'next-intl/server';
import { notFound } from 'next/navigation';
import { requireMember } from '../../../../member-session.ts';
import { BackLink } from '../../../back-link.tsx';
import { GroupEditor } from '../group-editor.tsx';

export async function generateMetadata() {
  const t = await getTranslations('groups');
  return { title: t('newTitle') };
}

export default async function NewGroupPage() {
  const { member } = await requireMember('/admin/rules/groups/new');
  if (!roleMay(member.role, 'configuration:write')) notFound();
  const t = await getTranslations('groups');
  return (
    <>
      <BackLink href="/admin/rules/groups">{t('title')}</BackLink>
      <h1 className="mt-2 text-xl font-semibold">{t('newTitle')}</h1>
      <p className="text-sm text-quiet">{t('newText')}</p>
      <GroupEditor group={null} mayChange />
    </>
  );
}
