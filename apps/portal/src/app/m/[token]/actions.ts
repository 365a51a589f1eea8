'use server';

import type { Client } from '@signet/api-contract/client';
import { ApiProblem } from '@signet/api-contract/client';
import { routes } from '@signet/api-contract/routes';
import { presses } from '@signet/domain/audit/touch-signals';
import type { Press } from '@signet/domain/audit/touch-signals';
import { cookies, headers } from 'next/headers';
import { getLocale, getTranslations } from 'next-intl/server';
import { z } from 'zod';
import { apiFor } from '../../../api/api-client.ts';
import { forgetSession, keepBrowser, keepSession, recipientCredentials } from '../recipient-cookies.ts';
import { refusalOfFailure } from '../refusal.ts';
import { passcodeIn } from '../../../components/passcode-in.ts';
import { shownMessage } from './shown-message.ts';
import { intents } from './step.ts';
import type { Step } from './step.ts';

/** What a form of the page sends; what else is posted here asks for nothing. */
const form = z.object({ intent: z.enum(intents), passcode: z.string().catch(''), press: z.enum(presses).optional().catch(undefined) });
/** As many characters as the box takes. */
const TYPED = 40;

/**
 * Takes the recipient one step on. This is the only way that anything happens: a POST by a person's own page. A GET of the
 * link asks for nothing, uses nothing up and opens nothing.
 */
export async function takeStep(token: string, step: Step, data: FormData): Promise<Step> {
  const asked = form.safeParse(Object.fromEntries(data));
  if (!asked.success) return step;
  const { intent, passcode, press } = asked.data;
  if (intent === 'requestPasscode') return requestPasscode(token, step, press);
  if (intent === 'signIn') return signIn(token, step, passcode);
  return intent === 'open' ? open(token, await api()) : signOut(token);
}

async function api({ session, press }: { readonly session?: string; readonly press?: Press | undefined } = {}): Promise<Client> {
  const known = recipientCredentials(await cookies());
  return apiFor(await headers(), { ...known, session: session ?? known.session, press });
}

async function requestPasscode(token: string, step: Step, press: Press | undefined): Promise<Step> {
  const t = await getTranslations('recipient');
  const again = step.at === 'passcode';
  try {
    const sent = await (await api({ press })).call(routes.requestPasscode, { params: { token } });
    keepBrowser(await cookies(), sent.browser);
    return {
      at: 'passcode',
      reference: sent.reference,
      expiresAt: sent.expiresAt,
      wait: sent.retryAfterSeconds,
      ...(again ? { notice: t('passcode.sentAgain') } : {}),
    };
  } catch (failure) {
    if (isOver(failure)) return { at: 'refused' };
    const tooMany = failure instanceof ApiProblem && failure.code === 'too_many_requests';
    const wait = tooMany ? (failure.problem.retryAfterSeconds ?? 30) : 0;
    const error = tooMany ? t('passcode.tooManyRequests') : t(`failure.${failureText(failure)}`);
    if (!again) return { at: 'start', error, wait };
    const { reference, expiresAt, over = false } = step;
    return { at: 'passcode', reference, expiresAt, wait, resendError: error, over };
  }
}

async function signIn(token: string, step: Step, text: string): Promise<Step> {
  if (step.at !== 'passcode') return { at: 'start' };
  const { reference, expiresAt } = step;
  const typed = text.slice(0, TYPED);
  const passcode = passcodeIn(text);
  if (passcode === null) {
    // Not a passcode at all: said here, so that no try is lost.
    return { at: 'passcode', reference, expiresAt, wait: 0, typed, error: (await getTranslations('recipient.passcode'))('notAPasscode') };
  }
  try {
    const session = await (await api()).call(routes.signInRecipient, { params: { token }, body: { passcode } });
    keepSession(await cookies(), session.token, session.expiresAt);
    return await open(token, await api({ session: session.token }));
  } catch (failure) {
    if (isOver(failure)) return { at: 'refused' };
    return { at: 'passcode', reference, expiresAt, wait: 0, typed, ...(await passcodeError(failure, expiresAt)) };
  }
}

/** What is said at the box when a passcode opened nothing, and whether it never will. */
async function passcodeError(failure: unknown, expiresAt: string): Promise<{ error: string; over: boolean }> {
  const t = await getTranslations('recipient');
  const problem = failure instanceof ApiProblem ? failure.problem : undefined;
  if (problem?.code === 'passcode_wrong') {
    const tries = problem.triesLeft;
    if (tries === 0) return { error: t('passcode.tooManyTries'), over: true };
    return { error: tries === undefined ? t('passcode.wrong') : t('passcode.wrongWithTries', { tries }), over: false };
  }
  if (problem?.code === 'passcode_void') {
    return { error: Date.parse(expiresAt) <= Date.now() ? t('passcode.expired') : t('passcode.void'), over: true };
  }
  if (problem?.code === 'passcode_other_browser') return { error: t('passcode.otherBrowser'), over: false };
  return { error: t(`failure.${failureText(failure)}`), over: false };
}

/** Opens the message: one call is one deliberate opening. */
async function open(token: string, client: Client): Promise<Step> {
  try {
    const { accessId, message } = await client.call(routes.openMessage, { params: { token } });
    return { at: 'open', accessId, message: shownMessage(message, await getLocale()) };
  } catch (failure) {
    if (isOver(failure)) return { at: 'refused' };
    const t = await getTranslations('recipient');
    if (failure instanceof ApiProblem && failure.code === 'unauthenticated') return { at: 'start', notice: t('start.sessionOver') };
    return { at: 'closed', error: t(`failure.${failureText(failure)}`) };
  }
}

async function signOut(token: string): Promise<Step> {
  const t = await getTranslations('recipient');
  const { session } = recipientCredentials(await cookies());
  try {
    if (session !== undefined) await (await api()).call(routes.signOutRecipient, { params: { token } });
  } catch (failure) {
    // Whoever is not signed in is signed out. Anything else: the session may live on, and that is said.
    if (!(failure instanceof ApiProblem) || failure.status >= 500) return { at: 'closed', error: t('failure.signOut') };
  }
  forgetSession(await cookies());
  return { at: 'start', notice: t('start.signedOut') };
}

/** Whether the link itself gives nothing any more. */
function isOver(failure: unknown): boolean {
  return ['revoked', 'expired', 'notAvailable'].includes(refusalOfFailure(failure));
}

function failureText(failure: unknown): 'methodNotAllowed' | 'tooManyRequests' | 'unavailable' {
  const refusal = refusalOfFailure(failure);
  return refusal === 'methodNotAllowed' || refusal === 'tooManyRequests' ? refusal : 'unavailable';
}
