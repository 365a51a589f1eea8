'use client';

import { PageNotice } from '../components/page-notice.tsx';
import { Button } from '../components/ui/button.tsx';
import common from '../i18n/en/common.json' with { type: 'json' };

/** Shown when a page fails. Its texts are English and at hand: what failed may be the texts themselves. */
export default function ErrorPage({ reset }: { readonly error: Error; readonly reset: () => void }) {
  return (
    <PageNotice title={common.error.title} text={common.error.text}>
      <Button onClick={reset}>{common.error.retry}</Button>
    </PageNotice>
  );
}
