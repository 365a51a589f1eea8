import Link from 'next/link';
import { getTranslations } from 'next-intl/server';
import { PageNotice } from '../../../../components/page-notice.tsx';
import { buttonClasses } from '../../../../components/ui/button.tsx';

export async function generateMetadata() {
  const t = await getTranslations('signIn.reset.done');
  return { title: t('title') };
}

/** After the password was changed: the link that led there is used up. */
export default async function ResetDonePage() {
  const t = await getTranslations('signIn.reset.done');
  return (
    <PageNotice title={t('title')} text={t('text')}>
      <Link href="/admin" prefetch={false} className={buttonClasses({})}>
        {t('next')}
      </Link>
    </PageNotice>
  );
}
