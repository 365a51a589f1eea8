import { getTranslations } from 'next-intl/server';
import Link from 'next/link';
import { PageNotice } from '../../components/page-notice.tsx';
import { buttonClasses } from '../../components/ui/button.tsx';
import { SENT_PAGE } from './sent-path.ts';

export default async function SentNotFoundPage() {
  const t = await getTranslations('sent.notFound');
  return (
    <PageNotice title={t('title')} text={t('text')}>
      <Link href={SENT_PAGE} prefetch={false} className={buttonClasses({ variant: 'secondary' })}>
        {t('next')}
      </Link>
    </PageNotice>
  );
}
