import type { Client } from '@signet/api-contract/client';
import type { AnswerOf } from '@signet/api-contract/route';
import { routes } from '@signet/api-contract/routes';
import type { Member } from '@signet/api-contract/sessions';
import { cookies, headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { cache } from 'react';
import { apiFor } from '../../api/api-client.ts';
import { isProblem } from '../../api/is-problem.ts';
import { memberToken } from './member-cookie.ts';
import { ACCOUNT_PAGE, signInPathFor } from './next-path.ts';

type CurrentSession = AnswerOf<typeof routes.getCurrentSession>;

/** A client of the api that speaks for the signed-in member; without a session the api refuses what it asks. */
export async function memberApi(): Promise<Client> {
  return apiFor(await headers(), { bearer: memberToken(await cookies()) });
}

/**
 * The session of who is signed in, null for nobody. Asked once a request.
 * @throws what the client throws when the api is away.
 */
export const currentSession = cache(async (): Promise<CurrentSession | null> => {
  if (memberToken(await cookies()) === undefined) return null;
  try {
    return await (await memberApi()).call(routes.getCurrentSession);
  } catch (error) {
    if (isProblem(error, 'unauthenticated')) return null;
    throw error;
  }
});

/**
 * The signed-in member and their client. Who is not signed in is sent to the sign-in page, and from there back to `path`; who
 * must set up a second factor first, to where that is done.
 */
export async function requireMember(path: string): Promise<{ readonly member: Member; readonly api: Client }> {
  const session = await currentSession();
  if (session === null) redirect(signInPathFor(path));
  if (session.secondFactorRequired && path !== ACCOUNT_PAGE) redirect(ACCOUNT_PAGE);
  return { member: session.member, api: await memberApi() };
}
