import { memberSessionPolicy } from '@signet/domain/member-authentication';
import { cookies } from 'next/headers';
import { redirect } from 'next/navigation';
import { getTranslations } from 'next-intl/server';
import { Alert } from '../../components/ui/alert.tsx';
import { memberToken, readSignInStep } from './member-cookie.ts';
import { currentSession } from './member-session.ts';
import { ACCOUNT_PAGE, nextPathOf } from './next-path.ts';
import { PasskeyButton } from './passkey-button.tsx';
import { SecondStepCard } from './second-step-card.tsx';
import { SignInFrame } from './sign-in-frame.tsx';
import { SignInForm } from './sign-in-form.tsx';

interface SignInPageProps {
  readonly searchParams: Promise<Readonly<Record<string, string | string[] | undefined>>>;
}

export async function generateMetadata() {
  const t = await getTranslations('signIn');
  return { title: t('title') };
}

export default async function SignInPage({ searchParams }: SignInPageProps) {
  const { next: wanted, method, ended } = await searchParams;
  const next = nextPathOf(wanted);
  const session = await currentSession();
  if (session !== null) redirect(session.secondFactorRequired ? ACCOUNT_PAGE : next);
  const jar = await cookies();
  const step = readSignInStep(jar);
  if (step !== null) {
    return (
      <SignInFrame>
        <SecondStepCard step={step} method={typeof method === 'string' ? method : undefined} next={next} />
      </SignInFrame>
    );
  }
  const t = await getTranslations('signIn');
  return (
    <SignInFrame>
      <h1 className="mt-5 text-xl font-semibold">{t('title')}</h1>
      <p className="mt-1 text-sm text-quiet">{t('text')}</p>
      {/* Who signs out has no token left: one that the api does not take is of a session that has ended. */}
      {memberToken(jar) === undefined ? null : (
        <Alert className="mt-4">
          {t(`ended.${ended === 'idle' || ended === 'time' ? ended : 'somehow'}`, {
            idleHours: memberSessionPolicy.idleSeconds / 3600,
            hours: memberSessionPolicy.absoluteSeconds / 3600,
          })}
        </Alert>
      )}
      <SignInForm next={next} />
      <div className="mt-3">
        <PasskeyButton step="alone" next={next} />
      </div>
    </SignInFrame>
  );
}
