import { useTranslations } from 'next-intl';

/** Where rows will be. */
export function LoadingRows({ rows }: { readonly rows: number }) {
  const t = useTranslations('common');
  return (
    <output className="block divide-y divide-line">
      <span className="sr-only">{t('loading')}</span>
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} aria-hidden className="flex animate-pulse gap-6 px-4 py-4">
          <div className="h-3 w-1/3 rounded bg-line" />
          <div className="h-3 w-1/5 rounded bg-line" />
          <div className="hidden h-3 w-1/5 rounded bg-line md:block" />
        </div>
      ))}
    </output>
  );
}
