'use server';

import { ApiProblem } from '@signet/api-contract/client';
import { routes } from '@signet/api-contract/routes';
import { isMailAddress } from '@signet/domain/mail-address';
import { cookies, headers } from 'next/headers';
import { getTranslations } from 'next-intl/server';
import { redirect } from 'next/navigation';
import { z } from 'zod';
import { apiFor } from '../../api/api-client.ts';
import { passcodeIn } from '../../components/passcode-in.ts';
import { forgetPending, keepPending, keepSender, senderBrowser } from './sender-cookies.ts';
import { nextPathOf } from './sent-path.ts';
import { intents } from './sign-in-step.ts';
import type { SignInStep } from './sign-in-step.ts';

/** What a form of the page sends; what else is posted here asks for nothing. */
const form = z.object({ intent: z.enum(intents), email: z.string().max(1000).catch(''), passcode: z.string().catch('') });

/** As many characters as the box takes. */
const TYPED = 40;

/** Takes a sender one step on towards their messages. Next refuses forms of other origins. */
export async function takeSignInStep(next: string, step: SignInStep, data: FormData): Promise<SignInStep> {
  const asked = form.safeParse(Object.fromEntries(data));
  if (!asked.success) return step;
  const { intent, email, passcode } = asked.data;
  if (intent === 'other') {
    forgetPending(await cookies());
    return { at: 'email', email: step.email };
  }
  if (intent === 'signIn') return signIn(next, step, passcode);
  return requestPasscode(step.at === 'passcode' ? step.email : email.trim(), step);
}

async function requestPasscode(email: string, step: SignInStep): Promise<SignInStep> {
  const t = await getTranslations('sent.signIn');
  if (!isMailAddress(email)) return { at: 'email', email, error: t('notAnAddress') };
  try {
    const api = apiFor(await headers(), { browser: senderBrowser(await cookies()) });
    const { browser, reference, expiresAt, retryAfterSeconds: wait } = await api.call(routes.requestSenderPasscode, { body: { email } });
    keepPending(await cookies(), browser, { email, reference, expiresAt });
    const again = step.at === 'passcode' ? { notice: (await getTranslations('recipient.passcode'))('sentAgain') } : {};
    return { at: 'passcode', email, reference, expiresAt, wait, ...again };
  } catch (failure) {
    const problem = failure instanceof ApiProblem ? failure.problem : undefined;
    if (problem?.code === 'validation_failed') return { at: 'email', email, error: t('notAnAddress') };
    const tooMany = problem?.code === 'too_many_requests';
    const error = tooMany ? t('tooMany') : t('away');
    const wait = tooMany ? (problem.retryAfterSeconds ?? 30) : 0;
    if (step.at === 'email') return { at: 'email', email, error, wait };
    const { reference, expiresAt, over = false } = step;
    return { at: 'passcode', email, reference, expiresAt, wait, resendError: error, over };
  }
}

async function signIn(next: string, step: SignInStep, text: string): Promise<SignInStep> {
  if (step.at !== 'passcode') return { at: 'email', email: step.email };
  const { email, reference, expiresAt } = step;
  const here = { at: 'passcode', email, reference, expiresAt, wait: 0, typed: text.slice(0, TYPED) } as const;
  const passcode = passcodeIn(text);
  // Not a passcode at all: said here, so that no try is lost.
  if (passcode === null) return { ...here, error: (await getTranslations('recipient.passcode'))('notAPasscode') };
  try {
    const api = apiFor(await headers(), { browser: senderBrowser(await cookies()) });
    const session = await api.call(routes.signInSender, { body: { email, passcode } });
    keepSender(await cookies(), session.token, session.expiresAt);
  } catch (failure) {
    return { ...here, ...(await passcodeError(failure, expiresAt)) };
  }
  return redirect(nextPathOf(next));
}

/** What is said at the box when a passcode signed nobody in, and whether it never will. */
async function passcodeError(failure: unknown, expiresAt: string): Promise<{ error: string; over: boolean }> {
  const t = await getTranslations();
  const problem = failure instanceof ApiProblem ? failure.problem : undefined;
  if (problem?.code === 'passcode_wrong') {
    const tries = problem.triesLeft;
    if (tries === 0) return { error: t('recipient.passcode.tooManyTries'), over: true };
    return { error: tries === undefined ? t('recipient.passcode.wrong') : t('recipient.passcode.wrongWithTries', { tries }), over: false };
  }
  if (problem?.code === 'passcode_void') {
    return { error: t(Date.parse(expiresAt) <= Date.now() ? 'recipient.passcode.expired' : 'recipient.passcode.void'), over: true };
  }
  if (problem?.code === 'passcode_other_browser') return { error: t('recipient.passcode.otherBrowser'), over: true };
  return { error: t(problem?.code === 'too_many_requests' ? 'sent.signIn.tooMany' : 'sent.signIn.away'), over: false };
}
