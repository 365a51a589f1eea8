import { routes } from '@signet/api-contract/routes';
import { roleMay } from '@signet/domain/role';
import { getTranslations } from 'next-intl/server';
import { notFound } from 'next/navigation';
import { isProblem } from '../../../../../../api/is-problem.ts';
import { isUnaskable } from '../../../../../../api/is-unaskable.ts';
import { plainText } from '../../../../../../components/plain-text.ts';
import { requireMember } from '../../../../member-session.ts';
import { BackLink } from '../../../back-link.tsx';
import { nameIn } from '../../../page-address.ts';
import { GroupEditor } from '../group-editor.tsx';
import { groupPath } from '../group-path.ts';
import { rulesAbout } from '../rules-about.ts';

interface GroupPageProps {
  readonly params: Promise<{ readonly name: string }>;
}

export async function generateMetadata() {
  const t = await getTranslations('groups');
  return { title: t('one') };
}

/** A group: who is in it, and which rules ask about it. */
export default async function GroupPage({ params }: GroupPageProps) {
  const name = nameIn((await params).name);
  const { member, api } = await requireMember(groupPath(name));
  if (!roleMay(member.role, 'configuration:read')) notFound();
  const group = await api.call(routes.getSenderGroup, { params: { name } }).catch((error: unknown) => {
    if (isProblem(error, 'not_found') || isProblem(error, 'validation_failed') || isUnaskable(error)) notFound();
    throw error;
  });
  const rules = (await rulesAbout(api))(group.name);
  const t = await getTranslations('groups');
  return (
    <>
      <BackLink href="/admin/rules/groups">{t('title')}</BackLink>
      <h1 className="mt-2 text-xl font-semibold wrap-anywhere">{plainText(group.name)}</h1>
      <p className="text-sm wrap-anywhere text-quiet">
        {t('usedBy', { count: rules.length, rules: rules.map((rule) => `“${plainText(rule)}”`).join(', ') })}
      </p>
      <GroupEditor group={group} mayChange={roleMay(member.role, 'configuration:write')} />
    </>
  );
}
