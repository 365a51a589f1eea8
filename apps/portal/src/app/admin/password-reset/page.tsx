import { getTranslations } from 'next-intl/server';
import { SignInFrame } from '../sign-in-frame.tsx';
import { ResetRequestForm } from './reset-request-form.tsx';

export async function generateMetadata() {
  const t = await getTranslations('signIn.reset');
  return { title: t('title') };
}

export default function PasswordResetPage() {
  return (
    <SignInFrame>
      <ResetRequestForm />
    </SignInFrame>
  );
}
