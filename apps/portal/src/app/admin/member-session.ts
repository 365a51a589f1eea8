import type { Client } from '@signet/api-contract/client';
import { routes } from '@signet/api-contract/routes';
import type { Member } from '@signet/api-contract/sessions';
import { cookies, headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { cache } from 'react';
import { apiFor } from '../../api/api-client.ts';
import { isProblem } from '../../api/is-problem.ts';
import { memberToken } from './member-cookie.ts';
import { signInPathFor } from './next-path.ts';

/** A client of the api that speaks for the signed-in member; without a session the api refuses what it asks. */
export async function memberApi(): Promise<Client> {
  return apiFor(await headers(), { member: memberToken(await cookies()) });
}

/**
 * Who is signed in, null for nobody. Asked once a request.
 * @throws what the client throws when the api is away.
 */
export const currentMember = cache(async (): Promise<Member | null> => {
  if (memberToken(await cookies()) === undefined) return null;
  try {
    const { member } = await (await memberApi()).call(routes.getCurrentSession);
    return member;
  } catch (error) {
    if (isProblem(error, 'unauthenticated')) return null;
    throw error;
  }
});

/** The signed-in member and their client; who is not signed in is sent to the sign-in page, and from there back to `path`. */
export async function requireMember(path: string): Promise<{ readonly member: Member; readonly api: Client }> {
  const member = await currentMember();
  if (member === null) redirect(signInPathFor(path));
  return { member, api: await memberApi() };
}
