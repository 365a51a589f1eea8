'use server';

import { routes } from '@signet/api-contract/routes';
import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { z } from 'zod';
import { apiFor } from '../../../../api/api-client.ts';
import { openSession } from '../../open-session.ts';
import { passwordRefusalOf } from '../../password-refusal.ts';
import type { PasswordRefusal } from '../../password-refusal.ts';

const form = z.object({ token: z.string(), password: z.string(), again: z.string() });

/** Joins by an invitation and a chosen password, and is signed in; or says what is wrong. */
export async function acceptInvitation(_previous: PasswordRefusal | null, data: FormData): Promise<PasswordRefusal> {
  const { token, password, again } = form.parse(Object.fromEntries(data));
  if (password !== again) return { why: 'differs', details: [], retryAt: '' };
  let leadsTo: string;
  try {
    const opened = await apiFor(await headers()).call(routes.acceptInvitation, { body: { token, password } });
    leadsTo = await openSession(opened, undefined);
  } catch (error) {
    return passwordRefusalOf(error);
  }
  return redirect(leadsTo);
}
