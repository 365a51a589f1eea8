import { getTranslations } from 'next-intl/server';

/** The texts that the sign-in page's script shows, ready made. `{time}` and `{email}` are filled in there. */
export async function signInTexts() {
  const t = await getTranslations('sent.signIn');
  const passcode = await getTranslations('recipient.passcode');
  return {
    email: t('email'),
    emailHint: t('emailHint'),
    submit: t('submit'),
    submitting: t('submitting'),
    waitText: t('wait', { time: '{time}' }),
    other: t('other'),
    sent: t('sent', { email: '{email}' }),
    reference: passcode('reference'),
    referenceHint: passcode('referenceHint'),
    passcode: passcode('label'),
    openMessage: t('open'),
    openingButton: t('opening'),
    another: passcode('another'),
    anotherIn: passcode('anotherIn', { time: '{time}' }),
    spam: passcode('spam'),
  };
}

export type SignInTexts = Awaited<ReturnType<typeof signInTexts>>;
