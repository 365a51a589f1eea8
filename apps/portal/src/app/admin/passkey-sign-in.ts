'use server';

import { ApiProblem } from '@signet/api-contract/client';
import { passkeyAssertion } from '@signet/api-contract/passkeys';
import type { AnswerOf } from '@signet/api-contract/route';
import { routes } from '@signet/api-contract/routes';
import { cookies, headers } from 'next/headers';
import { z } from 'zod';
import { apiFor } from '../../api/api-client.ts';
import { readSignInStep } from './member-cookie.ts';
import { openSession } from './open-session.ts';
import { retryAtOf } from './retry-at.ts';

/** Why a passkey did not sign in, in a word of `signIn.passkey.refused`. */
interface PasskeyRefusal {
  readonly why: 'wrong' | 'over' | 'tooMany' | 'away';
  readonly retryAt: string;
}

type Options = AnswerOf<typeof routes.beginPasskeySignIn>;

/** `alone`: the passkey is all there is to the sign-in; `second`: it is the second step of the one in this browser. */
const stepName = z.enum(['alone', 'second']);
type StepName = z.infer<typeof stepName>;

/** What the browser asks its passkeys for. */
export async function beginPasskeySignIn(given: StepName): Promise<{ readonly options: Options } | PasskeyRefusal> {
  try {
    const step = stepName.parse(given) === 'second' ? readSignInStep(await cookies()) : null;
    if (given === 'second' && step === null) return { why: 'over', retryAt: '' };
    const body = step === null ? {} : { challenge: step.challenge };
    return { options: await apiFor(await headers()).call(routes.beginPasskeySignIn, { body }) };
  } catch (error) {
    return refusalOf(error);
  }
}

const proof = z.strictObject({ step: stepName, response: passkeyAssertion, next: z.string().max(4000) });

/** Signs in by what the passkey answered. @returns where to go. */
export async function finishPasskeySignIn(given: {
  step: StepName;
  response: unknown;
  next: string;
}): Promise<{ readonly leadsTo: string } | PasskeyRefusal> {
  try {
    const asked = proof.parse(given);
    const { response, next } = asked;
    const api = apiFor(await headers());
    if (asked.step === 'alone')
      return { leadsTo: await openSession(await api.call(routes.signInWithPasskey, { body: { response } }), next) };
    const step = readSignInStep(await cookies());
    if (step === null) return { why: 'over', retryAt: '' };
    const body = { challenge: step.challenge, proof: { method: 'passkey', response } } as const;
    return { leadsTo: await openSession(await api.call(routes.proveSecondFactor, { body }), next) };
  } catch (error) {
    return refusalOf(error);
  }
}

function refusalOf(error: unknown): PasskeyRefusal {
  const refusal = { retryAt: '' };
  if (!(error instanceof ApiProblem)) return { ...refusal, why: 'away' };
  if (error.code === 'authentication_failed' || error.code === 'validation_failed') return { ...refusal, why: 'wrong' };
  if (error.code === 'step_void') return { ...refusal, why: 'over' };
  if (error.code === 'too_many_requests') return { why: 'tooMany', retryAt: retryAtOf(error) };
  return { ...refusal, why: 'away' };
}
