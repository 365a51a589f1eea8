import Link from 'next/link';
import { getTranslations } from 'next-intl/server';
import { buttonClasses } from '../../../components/ui/button.tsx';
import { Card } from '../../../components/ui/card.tsx';
import { FIRST_PAGE } from '../next-path.ts';

export default async function MemberNotFoundPage() {
  const t = await getTranslations('admin.notFound');
  return (
    <Card className="mx-auto mt-10 max-w-md p-8 text-center">
      <h1 className="text-lg font-semibold">{t('title')}</h1>
      <p className="mt-2 text-quiet">{t('text')}</p>
      <Link href={FIRST_PAGE} prefetch={false} className={buttonClasses({ variant: 'secondary', className: 'mt-6' })}>
        {t('next')}
      </Link>
    </Card>
  );
}
