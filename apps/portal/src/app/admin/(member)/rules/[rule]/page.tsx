import { routes } from '@signet/api-contract/routes';
import { roleMay } from '@signet/domain/role';
import { getTranslations } from 'next-intl/server';
import { notFound } from 'next/navigation';
import { isProblem } from '../../../../../api/is-problem.ts';
import { requireMember } from '../../../member-session.ts';
import { ruleChoices } from '../rule-choices.ts';
import { RuleEditor } from '../rule-editor.tsx';

interface RulePageProps {
  readonly params: Promise<{ readonly rule: string }>;
}

export async function generateMetadata() {
  const t = await getTranslations('rules.editor');
  return { title: t('editTitle') };
}

export default async function RulePage({ params }: RulePageProps) {
  const { rule: id } = await params;
  const { member, api } = await requireMember(`/admin/rules/${encodeURIComponent(id)}`);
  if (!roleMay(member.role, 'configuration:write')) notFound();
  const rule = await api.call(routes.getMailRule, { params: { id } }).catch((error: unknown) => {
    if (isProblem(error, 'not_found') || isProblem(error, 'validation_failed')) notFound();
    throw error;
  });
  const t = await getTranslations('rules.editor');
  return (
    <>
      <h1 className="text-xl font-semibold">{t('editTitle')}</h1>
      <p className="text-sm text-quiet">{t('editText')}</p>
      <RuleEditor id={rule.id} rule={rule} {...await ruleChoices(api)} />
    </>
  );
}
