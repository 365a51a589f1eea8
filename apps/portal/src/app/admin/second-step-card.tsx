import type { SecondFactor } from '@signet/domain/member-authentication';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import type { SignInStep } from './member-cookie.ts';
import { PasskeyButton } from './passkey-button.tsx';
import { beginAgain } from './second-step.ts';
import { SecondStepForm } from './second-step-form.tsx';

interface SecondStepCardProps {
  readonly step: SignInStep;
  /** The way that was chosen, if it is one of the step's. */
  readonly method: string | undefined;
  readonly next: string;
}

const linkClasses = 'rounded text-primary underline-offset-4 hover:underline';

/** The second step of a sign-in: one way to take it, links to the others, and the way back. */
export function SecondStepCard({ step, method, next }: SecondStepCardProps) {
  const t = useTranslations('signIn.second');
  const chosen = step.methods.find((each) => each === method) ?? step.methods[0] ?? 'totp';
  return (
    <>
      <h1 className="mt-5 text-xl font-semibold">{t('title')}</h1>
      <p className="mt-1 text-sm text-quiet">{t(`${chosen}.text`)}</p>
      {chosen === 'passkey' ? (
        <div className="mt-6">
          <PasskeyButton step="second" next={next} />
        </div>
      ) : (
        <SecondStepForm key={chosen} method={chosen} next={next} />
      )}
      <ul className="mt-6 space-y-2 border-t border-line pt-4 text-sm">
        {step.methods
          .filter((each) => each !== chosen)
          .map((each) => (
            <li key={each}>
              <Link href={addressOfMethod(each, next)} prefetch={false} className={linkClasses}>
                {t(`${each}.instead`)}
              </Link>
            </li>
          ))}
        <li>
          <form action={beginAgain}>
            <input type="hidden" name="next" value={next} />
            <button type="submit" className={`cursor-pointer ${linkClasses}`}>
              {t('beginAgain')}
            </button>
          </form>
        </li>
      </ul>
    </>
  );
}

function addressOfMethod(method: SecondFactor, next: string): string {
  return `/admin?${new URLSearchParams({ method, next }).toString()}`;
}
