import type { Client } from '@signet/api-contract/client';
import { routes } from '@signet/api-contract/routes';
import { roleMay } from '@signet/domain/role';
import { getLocale, getTranslations } from 'next-intl/server';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { Suspense } from 'react';
import { LoadingRows } from '../../../../components/loading-rows.tsx';
import { buttonClasses } from '../../../../components/ui/button.tsx';
import { requireMember } from '../../member-session.ts';
import { Section } from '../section.tsx';
import { TemplateList } from './template-list.tsx';

export async function generateMetadata() {
  const t = await getTranslations('templates');
  return { title: t('title') };
}

/** Every branding template, what it does and which rules apply it. */
export default async function TemplatesPage() {
  const { member, api } = await requireMember('/admin/templates');
  if (!roleMay(member.role, 'configuration:read')) notFound();
  const t = await getTranslations('templates');
  return (
    <>
      <div className="flex flex-wrap items-start justify-between gap-3">
        <div className="max-w-2xl">
          <h1 className="text-xl font-semibold">{t('title')}</h1>
          <p className="text-sm text-quiet">{t('text')}</p>
        </div>
        {roleMay(member.role, 'configuration:write') ? (
          <Link href="/admin/templates/new" prefetch={false} className={buttonClasses({ variant: 'primary' })}>
            {t('new')}
          </Link>
        ) : null}
      </div>
      <Section id="templates" title={t('list')}>
        <Suspense fallback={<LoadingRows rows={4} />}>
          <Templates api={api} />
        </Suspense>
      </Section>
    </>
  );
}

async function Templates({ api }: { readonly api: Client }) {
  const { items } = await api.call(routes.listBrandingTemplates);
  return <TemplateList templates={items} locale={await getLocale()} />;
}
