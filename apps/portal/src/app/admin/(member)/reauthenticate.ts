'use server';

import { ApiProblem } from '@signet/api-contract/client';
import { passkeyAssertion } from '@signet/api-contract/passkeys';
import type { AnswerOf } from '@signet/api-contract/route';
import { routes } from '@signet/api-contract/routes';
import { cookies } from 'next/headers';
import { z } from 'zod';
import { keepMember } from '../member-cookie.ts';
import { memberApi } from '../member-session.ts';
import { retryAtOf } from '../retry-at.ts';

/** Why it was no proof, in a word of `account.confirm.refused`. */
interface ProofRefusal {
  readonly why: 'wrong' | 'malformed' | 'tooMany' | 'signedOut' | 'away';
  readonly retryAt: string;
}

const proof = z.discriminatedUnion('method', [
  z.strictObject({ method: z.literal('password'), password: z.string() }),
  z.strictObject({ method: z.literal('password_and_code'), password: z.string(), code: z.string() }),
  z.strictObject({ method: z.literal('passkey'), response: passkeyAssertion }),
]);

type Given =
  | { readonly method: 'password'; readonly password: string }
  | { readonly method: 'password_and_code'; readonly password: string; readonly code: string }
  | { readonly method: 'passkey'; readonly response: unknown };

/** Proves once more who is signed in. The session has another token then. */
export async function reauthenticate(given: Given): Promise<ProofRefusal | null> {
  const asked = proof.safeParse(given);
  if (!asked.success) return { why: 'wrong', retryAt: '' };
  try {
    const { token } = await (await memberApi()).call(routes.reauthenticate, { body: { proof: asked.data } });
    keepMember(await cookies(), token);
    return null;
  } catch (error) {
    const refusal = refusalOf(error);
    const isCodeWhole = asked.data.method !== 'password_and_code' || /^\d{6}$/.test(asked.data.code.trim());
    return refusal.why === 'malformed' && isCodeWhole ? { ...refusal, why: 'wrong' } : refusal;
  }
}

/** What the browser asks its passkeys for. */
export async function beginPasskeyProof(): Promise<
  { readonly options: AnswerOf<typeof routes.beginPasskeyReauthentication> } | ProofRefusal
> {
  try {
    return { options: await (await memberApi()).call(routes.beginPasskeyReauthentication) };
  } catch (error) {
    return refusalOf(error);
  }
}

function refusalOf(error: unknown): ProofRefusal {
  const retryAt = '';
  if (!(error instanceof ApiProblem)) return { why: 'away', retryAt };
  if (error.code === 'reauthentication_failed' || error.code === 'second_factor_missing') return { why: 'wrong', retryAt };
  if (error.code === 'validation_failed') return { why: 'malformed', retryAt };
  if (error.code === 'too_many_requests') return { why: 'tooMany', retryAt: retryAtOf(error) };
  return { why: error.code === 'unauthenticated' ? 'signedOut' : 'away', retryAt };
}
