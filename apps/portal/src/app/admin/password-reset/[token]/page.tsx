import { routes } from '@signet/api-contract/routes';
import { memberLifetimes } from '@signet/domain/member-authentication';
import { headers } from 'next/headers';
import Link from 'next/link';
import { getTranslations } from 'next-intl/server';
import { apiFor } from '../../../../api/api-client.ts';
import { PageNotice } from '../../../../components/page-notice.tsx';
import { buttonClasses } from '../../../../components/ui/button.tsx';
import { lookUpLink } from '../../look-up-link.ts';
import { SignInFrame } from '../../sign-in-frame.tsx';
import { ResetForm } from './reset-form.tsx';

interface ResetPageProps {
  readonly params: Promise<{ readonly token: string }>;
}

export async function generateMetadata() {
  const t = await getTranslations('signIn.reset');
  return { title: t('title') };
}

export default async function ResetPage({ params }: ResetPageProps) {
  const { token } = await params;
  const api = apiFor(await headers());
  const reset = await lookUpLink(() => api.call(routes.findPasswordReset, { body: { token } }));
  const t = await getTranslations('signIn');
  if (reset === 'tooMany') return <PageNotice title={t('tooMany.title')} text={t('tooMany.text')} />;
  if (reset === 'void') {
    return (
      <PageNotice title={t('reset.void.title')} text={t('reset.void.text', { hours: memberLifetimes.passwordReset / 3600 })}>
        <Link href="/admin/password-reset" prefetch={false} className={buttonClasses({ variant: 'secondary' })}>
          {t('reset.void.next')}
        </Link>
      </PageNotice>
    );
  }
  return (
    <SignInFrame>
      <ResetForm token={token} email={reset.email} organization={reset.organizationName} />
    </SignInFrame>
  );
}
