import type { Client } from '@signet/api-contract/client';
import { routes } from '@signet/api-contract/routes';
import { limitedOperations } from '@signet/domain/retention';
import { roleMay } from '@signet/domain/role';
import { getTranslations } from 'next-intl/server';
import { notFound } from 'next/navigation';
import { Suspense } from 'react';
import { LoadingRows } from '../../../../components/loading-rows.tsx';
import { Alert } from '../../../../components/ui/alert.tsx';
import { requireMember } from '../../member-session.ts';
import { Section } from '../section.tsx';
import { RetentionFacts } from './retention-facts.tsx';
import { RetentionForm } from './retention-form.tsx';

export async function generateMetadata() {
  const t = await getTranslations('custody.retention');
  return { title: t('title') };
}

/** How long entries of the trail are kept, what that has removed, and the policy to be changed. */
export default async function RetentionPage() {
  const { member, api } = await requireMember('/admin/retention');
  if (!roleMay(member.role, 'configuration:read')) notFound();
  const t = await getTranslations('custody.retention');
  return (
    <>
      <h1 className="text-xl font-semibold">{t('title')}</h1>
      <p className="max-w-3xl text-sm text-quiet">{t('text')}</p>
      <Suspense fallback={<LoadingRows rows={6} />}>
        <Retention api={api} mayChange={roleMay(member.role, 'configuration:write')} />
      </Suspense>
    </>
  );
}

async function Retention({ api, mayChange }: { readonly api: Client; readonly mayChange: boolean }) {
  const t = await getTranslations('custody.retention');
  const retention = await api.call(routes.getRetention);
  const { days, operations, carriedOut } = retention;
  const isLimited = limitedOperations({ days, operations }).length > 0;
  // Counting is the dearest that this page asks. The policy must be seen, and can be eased, also where it fails.
  const due = isLimited ? await api.call(routes.previewRetention, { body: { days, operations } }).catch(() => 'uncounted' as const) : null;
  return (
    <>
      {carriedOut ? null : (
        <Alert tone="warning" className="mt-4 space-y-1">
          <p className="font-medium">{t('unavailable.title')}</p>
          <p>{t(isLimited ? 'unavailable.idle' : 'unavailable.text')}</p>
        </Alert>
      )}
      <Section id="as-it-is" title={t('now.title')}>
        <RetentionFacts retention={retention} due={due} />
      </Section>
      <Section id="policy" title={t('form.title')} note={mayChange ? t('form.note') : t('form.notYours')}>
        <RetentionForm policy={{ days, operations }} mayChange={mayChange && (carriedOut || isLimited)} />
      </Section>
    </>
  );
}
