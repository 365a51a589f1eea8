'use server';

import { routes } from '@signet/api-contract/routes';
import { cookies } from 'next/headers';
import { redirect } from 'next/navigation';
import { isProblem } from '../../api/is-problem.ts';
import { forgetSender } from './sender-cookies.ts';
import { senderApi } from './sender-session.ts';
import { SENT_PAGE } from './sent-path.ts';

/** Ends the sender's session, in the api first: where that fails the sender is told, and stays signed in. */
export async function signOut(): Promise<void> {
  const api = await senderApi();
  try {
    await api.call(routes.signOutSender);
  } catch (error) {
    if (!isProblem(error, 'unauthenticated')) throw error;
  }
  forgetSender(await cookies());
  redirect(SENT_PAGE);
}
