import Link from 'next/link';
import { getTranslations } from 'next-intl/server';
import { PageNotice } from '../components/page-notice.tsx';
import { buttonClasses } from '../components/ui/button.tsx';

export default async function HomePage() {
  const t = await getTranslations('common.home');
  return (
    <PageNotice title={t('title')} text={t('text')}>
      <Link href="/sent" prefetch={false} className={buttonClasses({ variant: 'link' })}>
        {t('sent')}
      </Link>
      <Link href="/admin" prefetch={false} className={buttonClasses({ variant: 'link' })}>
        {t('admin')}
      </Link>
    </PageNotice>
  );
}
