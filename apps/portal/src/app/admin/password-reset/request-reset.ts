'use server';

import { ApiProblem } from '@signet/api-contract/client';
import { routes } from '@signet/api-contract/routes';
import { isMailAddress } from '@signet/domain/mail-address';
import { headers } from 'next/headers';
import { z } from 'zod';
import { apiFor } from '../../../api/api-client.ts';
import { retryAtOf } from '../retry-at.ts';

interface ResetRequest {
  /** `sent`: it was taken; whether a mail goes out is not said. */
  readonly outcome: 'sent' | 'email' | 'tooMany' | 'away';
  readonly email: string;
  readonly retryAt: string;
}

/** Asks for a link to choose another password. */
export async function requestReset(_previous: ResetRequest | null, data: FormData): Promise<ResetRequest> {
  const email = z.string().catch('').parse(data.get('email'));
  const answer = { email, retryAt: '' };
  if (!isMailAddress(email.trim())) return { ...answer, outcome: 'email' };
  try {
    await apiFor(await headers()).call(routes.requestPasswordReset, { body: { email } });
    return { ...answer, outcome: 'sent' };
  } catch (error) {
    if (!(error instanceof ApiProblem)) return { ...answer, outcome: 'away' };
    if (error.code === 'validation_failed') return { ...answer, outcome: 'email' };
    if (error.code === 'too_many_requests') return { ...answer, outcome: 'tooMany', retryAt: retryAtOf(error) };
    return { ...answer, outcome: 'away' };
  }
}
