'use server';

import { ApiProblem } from '@signet/api-contract/client';
import { routes } from '@signet/api-contract/routes';
import { cookies, headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { z } from 'zod';
import { apiFor } from '../../api/api-client.ts';
import { keepSignInStep } from './member-cookie.ts';
import { nextPathOf, signInPathFor } from './next-path.ts';
import { openSession } from './open-session.ts';
import { retryAtOf } from './retry-at.ts';

interface Refusal {
  readonly why: 'credentials' | 'tooMany' | 'away';
  readonly email: string;
  /** When trying again makes sense, with `tooMany`. */
  readonly retryAt: string;
  readonly attempt: number;
}

/** What is posted without them has the wrong shape, and is answered as what is wrong. */
const form = z.object({ email: z.string().catch(''), password: z.string().catch(''), next: z.string().optional().catch(undefined) });

/** Signs a member in and leads to the second step or the page that was asked for, or says why not. Next refuses forms of other origins. */
export async function signIn(previous: Refusal | null, data: FormData): Promise<Refusal> {
  const { email, password, next } = form.parse(Object.fromEntries(data));
  const refusal = { email, retryAt: '', attempt: (previous?.attempt ?? 0) + 1 };
  let leadsTo: string;
  try {
    const answer = await apiFor(await headers()).call(routes.signIn, { body: { email, password } });
    if ('token' in answer) leadsTo = await openSession(answer, next);
    else {
      keepSignInStep(await cookies(), answer);
      leadsTo = signInPathFor(nextPathOf(next));
    }
  } catch (error) {
    if (!(error instanceof ApiProblem)) return { ...refusal, why: 'away' };
    // What has the wrong shape cannot be right either.
    if (error.code === 'wrong_credentials' || error.code === 'validation_failed') return { ...refusal, why: 'credentials' };
    if (error.code === 'too_many_requests') return { ...refusal, why: 'tooMany', retryAt: retryAtOf(error) };
    return { ...refusal, why: 'away' };
  }
  return redirect(leadsTo);
}
