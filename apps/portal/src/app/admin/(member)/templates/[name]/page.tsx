import { routes } from '@signet/api-contract/routes';
import { roleMay } from '@signet/domain/role';
import { getLocale, getTranslations } from 'next-intl/server';
import { notFound } from 'next/navigation';
import { isProblem } from '../../../../../api/is-problem.ts';
import { Badge } from '../../../../../components/ui/badge.tsx';
import { requireMember } from '../../../member-session.ts';
import { Section } from '../../section.tsx';
import { HistoryList } from '../history-list.tsx';
import { sampleTexts } from '../sample-texts.ts';
import { TemplateEditor } from '../template-editor.tsx';
import { TemplateHeading } from '../template-heading.tsx';
import { templatePath } from '../template-path.ts';

interface TemplatePageProps {
  readonly params: Promise<{ readonly name: string }>;
}

export async function generateMetadata({ params }: TemplatePageProps) {
  return { title: decodeURIComponent((await params).name) };
}

/** One template: what it is, how it looks, and what has become of it. */
export default async function TemplatePage({ params }: TemplatePageProps) {
  const name = decodeURIComponent((await params).name);
  const { member, api } = await requireMember(templatePath(name));
  if (!roleMay(member.role, 'configuration:read')) notFound();
  const template = await api.call(routes.getBrandingTemplate, { params: { name } }).catch((error: unknown) => {
    if (isProblem(error, 'not_found') || isProblem(error, 'validation_failed')) notFound();
    throw error;
  });
  const { items } = await api.call(routes.getBrandingHistory, { params: { name } });
  const t = await getTranslations('templates');
  return (
    <>
      <TemplateHeading title={template.name}>
        {template.isDefault ? (
          <>
            <Badge>{t('default')}</Badge>
            <Badge tone="warning">{t('notTracked')}</Badge>
          </>
        ) : null}
      </TemplateHeading>
      <TemplateEditor
        template={template}
        original={null}
        mayChange={roleMay(member.role, 'configuration:write')}
        sample={await sampleTexts()}
      />
      <Section id="history" title={t('section.history')}>
        <HistoryList items={items} locale={await getLocale()} />
      </Section>
    </>
  );
}
