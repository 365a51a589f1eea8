import type { Client } from '@signet/api-contract/client';
import { routes } from '@signet/api-contract/routes';
import { getLocale, getTranslations } from 'next-intl/server';
import { Suspense } from 'react';
import { timeTag } from '../../../../components/time-tag.tsx';
import { Alert } from '../../../../components/ui/alert.tsx';
import { requireMember } from '../../member-session.ts';
import { ACCOUNT_PAGE } from '../../next-path.ts';
import { LoadingRows } from '../../../../components/loading-rows.tsx';
import { Section } from '../section.tsx';
import { agentName } from './agent-name.ts';
import { AccountLine } from './account-line.tsx';
import { PasswordChange } from './password-change.tsx';
import { SecondFactors } from './second-factors.tsx';
import { SessionList } from './session-list.tsx';

export async function generateMetadata() {
  const t = await getTranslations('account');
  return { title: t('title') };
}

export default async function AccountPage() {
  const { member, api } = await requireMember(ACCOUNT_PAGE);
  const account = await api.call(routes.getAccount);
  const t = await getTranslations('account');
  const roleNames = await getTranslations('admin.role');
  const locale = await getLocale();
  const { passwordChangedAt, secondFactorRequired } = account;
  return (
    <>
      <h1 className="text-xl font-semibold">{t('title')}</h1>
      <p className="text-sm wrap-anywhere text-quiet">
        {t('who', { email: member.email, role: roleNames(member.role), organization: member.organizationName })}
      </p>
      {secondFactorRequired ? (
        <Alert tone="warning" className="mt-4">
          {t('required')}
        </Alert>
      ) : null}
      <SecondFactors
        email={member.email}
        totpSince={account.totp?.confirmedAt ?? null}
        passkeys={account.passkeys}
        codesLeft={account.recoveryCodesLeft}
        isRequired={account.organizationRequiresSecondFactor}
      />
      <Section id="password" title={t('password.title')}>
        <AccountLine
          name={t('password.name')}
          text={
            passwordChangedAt === null
              ? t('password.never')
              : t.rich('password.changed', { time: timeTag(passwordChangedAt, locale, 'short') })
          }
        >
          <PasswordChange email={member.email} />
        </AccountLine>
      </Section>
      {/* The api shows sessions once a second factor is set up. */}
      {secondFactorRequired ? null : (
        <Section id="sessions" title={t('sessions.title')} note={t('sessions.note')}>
          <Suspense fallback={<LoadingRows rows={2} />}>
            <Sessions api={api} />
          </Suspense>
        </Section>
      )}
    </>
  );
}

async function Sessions({ api }: { readonly api: Client }) {
  const { items } = await api.call(routes.listSessions);
  return <SessionList sessions={items.map((session) => ({ ...session, agent: agentName(session.userAgent) }))} />;
}
