import { routes } from '@signet/api-contract/routes';
import { memberLifetimes } from '@signet/domain/member-authentication';
import { headers } from 'next/headers';
import Link from 'next/link';
import { getLocale, getTranslations } from 'next-intl/server';
import { apiFor } from '../../../../api/api-client.ts';
import { LocalTime } from '../../../../components/local-time.tsx';
import { PageNotice } from '../../../../components/page-notice.tsx';
import { RoleSentence } from '../../../../components/role-words.tsx';
import { buttonClasses } from '../../../../components/ui/button.tsx';
import { lookUpLink } from '../../look-up-link.ts';
import { SignInFrame } from '../../sign-in-frame.tsx';
import { InvitationForm } from './invitation-form.tsx';

interface InvitationPageProps {
  readonly params: Promise<{ readonly token: string }>;
}

export async function generateMetadata() {
  const t = await getTranslations('signIn.invitation');
  return { title: t('name') };
}

export default async function InvitationPage({ params }: InvitationPageProps) {
  const { token } = await params;
  const api = apiFor(await headers());
  const invitation = await lookUpLink(() => api.call(routes.findInvitation, { body: { token } }));
  const t = await getTranslations('signIn');
  if (invitation === 'tooMany') return <PageNotice title={t('tooMany.title')} text={t('tooMany.text')} />;
  if (invitation === 'void') {
    return (
      <PageNotice title={t('invitation.void.title')} text={t('invitation.void.text', { days: memberLifetimes.invitation / 86_400 })}>
        <Link href="/admin" prefetch={false} className={buttonClasses({ variant: 'secondary' })}>
          {t('invitation.void.next')}
        </Link>
      </PageNotice>
    );
  }
  const { organizationName: organization, email, role, expiresAt } = invitation;
  const roleNames = await getTranslations('admin.role');
  return (
    <SignInFrame>
      <h1 className="mt-5 text-xl font-semibold">{t('invitation.title', { organization })}</h1>
      <p className="mt-1 text-sm text-quiet">{t('invitation.text', { organization })}</p>
      <dl className="mt-4 space-y-0.5 text-sm [&_dd]:mb-2">
        <dt className="text-quiet">{t('invitation.as')}</dt>
        <dd className="min-w-0 font-medium wrap-anywhere">{email}</dd>
        <dt className="text-quiet">{t('invitation.role')}</dt>
        <dd>
          <span className="font-medium">{roleNames(role)}</span>
          <RoleSentence role={role} />
        </dd>
        <dt className="text-quiet">{t('invitation.until')}</dt>
        <dd>
          <LocalTime at={expiresAt} locale={await getLocale()} />
        </dd>
      </dl>
      <InvitationForm token={token} email={email} />
    </SignInFrame>
  );
}
