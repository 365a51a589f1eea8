'use client';

import { useTranslations } from 'next-intl';
import { PageNotice } from '../../components/page-notice.tsx';
import { Button } from '../../components/ui/button.tsx';

/** Shown when a page fails: most often the api is away. */
export default function SentErrorPage() {
  const t = useTranslations('sent.away');
  return (
    <PageNotice title={t('title')} text={t('text')}>
      <Button onClick={() => globalThis.location.reload()}>{t('retry')}</Button>
    </PageNotice>
  );
}
