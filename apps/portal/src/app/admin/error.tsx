'use client';

import { useTranslations } from 'next-intl';
import { PageNotice } from '../../components/page-notice.tsx';
import { Button } from '../../components/ui/button.tsx';

/** Shown when the sign-in page fails: most often the api is away. */
export default function AdminErrorPage() {
  const t = useTranslations('admin.away');
  return (
    <PageNotice title={t('title')} text={t('text')}>
      <Button onClick={() => globalThis.location.reload()}>{t('retry')}</Button>
    </PageNotice>
  );
}
