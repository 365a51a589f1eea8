'use server';

import { routes } from '@signet/api-contract/routes';
import { cookies, headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { z } from 'zod';
import { apiFor } from '../../../../api/api-client.ts';
import { forgetMember } from '../../member-cookie.ts';
import { passwordRefusalOf } from '../../password-refusal.ts';
import type { PasswordRefusal } from '../../password-refusal.ts';

const form = z.object({ token: z.string(), password: z.string(), again: z.string() });

/** Sets another password by the link that was mailed; or says what is wrong. */
export async function completeReset(_previous: PasswordRefusal | null, data: FormData): Promise<PasswordRefusal> {
  const { token, password, again } = form.parse(Object.fromEntries(data));
  if (password !== again) return { why: 'differs', details: [], retryAt: '' };
  try {
    await apiFor(await headers()).call(routes.completePasswordReset, { body: { token, password } });
  } catch (error) {
    return passwordRefusalOf(error);
  }
  // A session in this browser has ended with the others, or was another member's: who chose a password signs in with it.
  forgetMember(await cookies());
  return redirect('/admin/password-reset/done');
}
