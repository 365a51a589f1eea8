'use server';

import { ApiProblem } from '@signet/api-contract/client';
import { routes } from '@signet/api-contract/routes';
import { cookies, headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { z } from 'zod';
import { apiFor } from '../../api/api-client.ts';
import { keepMember } from './member-cookie.ts';
import { nextPathOf } from './next-path.ts';

interface Refusal {
  readonly why: 'credentials' | 'tooMany' | 'away';
  readonly email: string;
  readonly retryAfterSeconds: number;
  readonly attempt: number;
}

const form = z.object({ email: z.string(), password: z.string(), next: z.string().optional() });

/** Signs a member in and leads to the page that was asked for, or says why not. Next refuses forms of other origins. */
export async function signIn(previous: Refusal | null, data: FormData): Promise<Refusal> {
  const { email, password, next } = form.parse(Object.fromEntries(data));
  const refusal = { email, retryAfterSeconds: 0, attempt: (previous?.attempt ?? 0) + 1 };
  try {
    const session = await apiFor(await headers()).call(routes.signIn, { body: { email, password } });
    // The second step has no page of its own yet.
    if ('challenge' in session) return { ...refusal, why: 'away' };
    keepMember(await cookies(), session.token, session.expiresAt);
  } catch (error) {
    if (!(error instanceof ApiProblem)) return { ...refusal, why: 'away' };
    const { code, problem } = error;
    // What has the wrong shape cannot be right either.
    if (code === 'wrong_credentials' || code === 'validation_failed') return { ...refusal, why: 'credentials' };
    if (code === 'too_many_requests') return { ...refusal, why: 'tooMany', retryAfterSeconds: problem.retryAfterSeconds ?? 60 };
    return { ...refusal, why: 'away' };
  }
  return redirect(nextPathOf(next));
}
