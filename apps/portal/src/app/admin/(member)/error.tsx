'use client';

import { useTranslations } from 'next-intl';
import { Card } from '../../../components/ui/card.tsx';
import { Button } from '../../../components/ui/button.tsx';

/** Shown inside the frame when a page fails: most often the api is away. */
export default function MemberErrorPage() {
  const t = useTranslations('admin.away');
  return (
    <Card className="mx-auto mt-10 max-w-md p-8 text-center">
      <h1 className="text-lg font-semibold">{t('title')}</h1>
      <p className="mt-2 text-quiet">{t('text')}</p>
      <Button className="mt-6" onClick={() => globalThis.location.reload()}>
        {t('retry')}
      </Button>
    </Card>
  );
}
