import { routes } from '@signet/api-contract/routes';
import { roleMay } from '@signet/domain/role';
import { getTranslations } from 'next-intl/server';
import { notFound } from 'next/navigation';
import { isProblem } from '../../../../../api/is-problem.ts';
import { requireMember } from '../../../member-session.ts';
import { addressOf, single } from '../../page-address.ts';
import type { SearchParams } from '../../page-address.ts';
import { sampleTexts } from '../sample-texts.ts';
import { TemplateEditor } from '../template-editor.tsx';
import { TemplateHeading } from '../template-heading.tsx';

export async function generateMetadata() {
  const t = await getTranslations('templates');
  return { title: t('newTitle') };
}

/** A new template, or a copy of another one. */
export default async function NewTemplatePage({ searchParams }: { readonly searchParams: SearchParams }) {
  const from = single((await searchParams)['from']);
  const { member, api } = await requireMember(addressOf('/admin/templates/new', { from }));
  if (!roleMay(member.role, 'configuration:write')) notFound();
  const original = from === undefined ? null : await api.call(routes.getBrandingTemplate, { params: { name: from } }).catch(nothing);
  const t = await getTranslations('templates');
  return (
    <>
      <TemplateHeading title={t('newTitle')} />
      <TemplateEditor template={null} original={original} mayChange sample={await sampleTexts()} />
    </>
  );
}

function nothing(error: unknown): null {
  if (isProblem(error, 'not_found') || isProblem(error, 'validation_failed')) return null;
  throw error;
}
