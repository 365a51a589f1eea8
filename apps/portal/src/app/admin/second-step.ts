'use server';

import { ApiProblem } from '@signet/api-contract/client';
import { routes } from '@signet/api-contract/routes';
import { cookies, headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { z } from 'zod';
import { apiFor } from '../../api/api-client.ts';
import { forgetSignInStep, readSignInStep } from './member-cookie.ts';
import { nextPathOf, signInPathFor } from './next-path.ts';
import { openSession } from './open-session.ts';
import { retryAtOf } from './retry-at.ts';

interface CodeRefusal {
  /** `over`: the first step has to be done again. */
  readonly why: 'wrong' | 'malformed' | 'over' | 'tooMany' | 'away';
  readonly retryAt: string;
  readonly attempt: number;
}

const form = z.object({ method: z.enum(['totp', 'recovery_code']), code: z.string(), next: z.string().optional() });

/** Proves the second factor by a code, and leads to the page that was asked for, or says why not. */
export async function proveByCode(previous: CodeRefusal | null, data: FormData): Promise<CodeRefusal> {
  const { method, code, next } = form.parse(Object.fromEntries(data));
  const refusal = { retryAt: '', attempt: (previous?.attempt ?? 0) + 1 };
  const step = readSignInStep(await cookies());
  if (step === null) return { ...refusal, why: 'over' };
  let leadsTo: string;
  try {
    const body = { challenge: step.challenge, proof: { method, code } };
    leadsTo = await openSession(await apiFor(await headers()).call(routes.proveSecondFactor, { body }), next);
  } catch (error) {
    if (!(error instanceof ApiProblem)) return { ...refusal, why: 'away' };
    if (error.code === 'authentication_failed') return { ...refusal, why: 'wrong' };
    if (error.code === 'validation_failed') return { ...refusal, why: 'malformed' };
    // The cookie goes when the visitor begins again: until then the page says what happened.
    if (error.code === 'step_void') return { ...refusal, why: 'over' };
    if (error.code === 'too_many_requests') return { ...refusal, why: 'tooMany', retryAt: retryAtOf(error) };
    return { ...refusal, why: 'away' };
  }
  return redirect(leadsTo);
}

/** Goes back to the first step. */
export async function beginAgain(data: FormData): Promise<void> {
  const next = nextPathOf(
    z
      .string()
      .optional()
      .parse(data.get('next') ?? undefined),
  );
  forgetSignInStep(await cookies());
  redirect(signInPathFor(next));
}
