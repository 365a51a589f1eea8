import { ChevronLeft } from 'lucide-react';
import { useTranslations } from 'next-intl';
import Link from 'next/link';
import type { ReactNode } from 'react';

/** The way back, and which template this is. */
export function TemplateHeading({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  const t = useTranslations('templates');
  return (
    <>
      <Link href="/admin/templates" prefetch={false} className="inline-flex items-center gap-1 text-sm text-quiet hover:text-ink">
        <ChevronLeft aria-hidden className="size-4" />
        {t('back')}
      </Link>
      <h1 className="mt-2 flex flex-wrap items-center gap-2 text-xl font-semibold wrap-anywhere">
        {title}
        {children}
      </h1>
    </>
  );
}
