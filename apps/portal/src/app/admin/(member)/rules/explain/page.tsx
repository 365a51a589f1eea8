import { roleMay } from '@signet/domain/role';
import { getTranslations } from 'next-intl/server';
import { notFound } from 'next/navigation';
import { requireMember } from '../../../member-session.ts';
import { ExplainForm } from './explain-form.tsx';

export async function generateMetadata() {
  const t = await getTranslations('rules.explain');
  return { title: t('title') };
}

/** Which rules a message would match, why, and what would happen to it. */
export default async function ExplainPage() {
  const { member } = await requireMember('/admin/rules/explain');
  if (!roleMay(member.role, 'configuration:read')) notFound();
  const t = await getTranslations('rules.explain');
  return (
    <>
      <h1 className="text-xl font-semibold">{t('title')}</h1>
      <p className="max-w-2xl text-sm text-quiet">{t('text')}</p>
      <ExplainForm />
    </>
  );
}
