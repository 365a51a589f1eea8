import type { OpenedSession } from '@signet/api-contract/sessions';
import { cookies } from 'next/headers';
import { forgetSignInStep, keepMember } from './member-cookie.ts';
import { ACCOUNT_PAGE, nextPathOf } from './next-path.ts';

/** Keeps a session that was just opened. @returns where to go: the page that was asked for, unless a second factor must be set up first. */
export async function openSession({ token, secondFactorRequired }: OpenedSession, next: string | undefined): Promise<string> {
  const jar = await cookies();
  keepMember(jar, token);
  forgetSignInStep(jar);
  return secondFactorRequired ? ACCOUNT_PAGE : nextPathOf(next);
}
