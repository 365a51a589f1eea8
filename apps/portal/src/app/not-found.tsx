import Link from 'next/link';
import { getTranslations } from 'next-intl/server';
import { PageNotice } from '../components/page-notice.tsx';
import { buttonClasses } from '../components/ui/button.tsx';

export default async function NotFoundPage() {
  const t = await getTranslations('common.notFound');
  return (
    <PageNotice title={t('title')} text={`${t('text')} ${t('next')}`}>
      <Link href="/" prefetch={false} className={buttonClasses({ variant: 'secondary' })}>
        {t('home')}
      </Link>
    </PageNotice>
  );
}
