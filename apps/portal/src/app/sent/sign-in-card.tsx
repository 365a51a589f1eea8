import { cookies } from 'next/headers';
import { getTranslations } from 'next-intl/server';
import { Seal } from '../../components/seal.tsx';
import { Alert } from '../../components/ui/alert.tsx';
import { Card } from '../../components/ui/card.tsx';
import { pendingPasscode, senderToken } from './sender-cookies.ts';
import { SignInFlow } from './sign-in-flow.tsx';
import { signInTexts } from './sign-in-texts.ts';
import { takeSignInStep } from './take-sign-in-step.ts';

/** Where a sender signs in. It names no organization: whose domain an address is of, nobody learns here. */
export async function SignInCard({ next }: { readonly next: string }) {
  const t = await getTranslations('sent.signIn');
  const jar = await cookies();
  const pending = pendingPasscode(jar);
  return (
    <main className="grid min-h-dvh place-items-center px-4 py-12">
      <Card className="w-full max-w-md p-6 sm:p-8">
        <Seal className="size-9 text-primary" />
        <h1 className="mt-5 text-xl font-semibold">{t('title')}</h1>
        <p className="mt-1 mb-6 text-sm text-quiet">{t('text')}</p>
        {/* Who signs out has no token left: one that the api does not take is of a session that has ended. */}
        {senderToken(jar) === undefined ? null : <Alert className="-mt-2 mb-5">{t('ended')}</Alert>}
        <SignInFlow
          initial={pending === null ? { at: 'email', email: '' } : { at: 'passcode', wait: 0, ...pending }}
          takeStep={takeSignInStep.bind(null, next)}
          texts={await signInTexts()}
        />
      </Card>
    </main>
  );
}
