'use server';

import { routes } from '@signet/api-contract/routes';
import { cookies } from 'next/headers';
import { redirect } from 'next/navigation';
import { forgetMember } from './member-cookie.ts';
import { isProblem } from '../../api/is-problem.ts';
import { memberApi } from './member-session.ts';

/** Ends the member's session, in the api first: where that fails the member is told, and stays signed in. */
export async function signOut(): Promise<void> {
  const api = await memberApi();
  try {
    await api.call(routes.signOut);
  } catch (error) {
    if (!isProblem(error, 'unauthenticated')) throw error;
  }
  forgetMember(await cookies());
  redirect('/admin');
}
