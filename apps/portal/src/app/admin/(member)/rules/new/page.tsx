import { roleMay } from '@signet/domain/role';
import { getTranslations } from 'next-intl/server';
import { notFound } from 'next/navigation';
import { requireMember } from '../../../member-session.ts';
import { ruleChoices } from '../rule-choices.ts';
import { RuleEditor } from '../rule-editor.tsx';

export async function generateMetadata() {
  const t = await getTranslations('rules.editor');
  return { title: t('newTitle') };
}

export default async function NewRulePage() {
  const { member, api } = await requireMember('/admin/rules/new');
  if (!roleMay(member.role, 'configuration:write')) notFound();
  const t = await getTranslations('rules.editor');
  return (
    <>
      <h1 className="text-xl font-semibold">{t('newTitle')}</h1>
      <p className="text-sm text-quiet">{t('newText')}</p>
      <RuleEditor id={null} rule={null} {...await ruleChoices(api)} />
    </>
  );
}
