import { getTranslations } from 'next-intl/server';
import { PageNotice } from '../components/page-notice.tsx';

export default async function HomePage() {
  const t = await getTranslations('common.home');
  return <PageNotice title={t('title')} text={t('text')} />;
}
