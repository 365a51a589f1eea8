import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { BackLink } from '../back-link.tsx';

/** The way back, and which template this is. */
export function TemplateHeading({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  const t = useTranslations('templates');
  return (
    <>
      <BackLink href="/admin/templates">{t('back')}</BackLink>
      <h1 className="mt-2 flex flex-wrap items-center gap-2 text-xl font-semibold wrap-anywhere">
        {title}
        {children}
      </h1>
    </>
  );
}
