import type { Client } from '@signet/api-contract/client';
import { routes } from '@signet/api-contract/routes';
import type { Sender } from '@signet/api-contract/sent';
import { cookies, headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { cache } from 'react';
import { apiFor } from '../../api/api-client.ts';
import { isProblem } from '../../api/is-problem.ts';
import { senderToken } from './sender-cookies.ts';
import { signInPathFor } from './sent-path.ts';

/** A client of the api that speaks for the signed-in sender; without a session the api refuses what it asks. */
export async function senderApi(): Promise<Client> {
  return apiFor(await headers(), { bearer: senderToken(await cookies()) });
}

/**
 * Who is signed in, null for nobody. Asked once a request.
 * @throws what the client throws when the api is away.
 */
export const currentSender = cache(async (): Promise<Sender | null> => {
  if (senderToken(await cookies()) === undefined) return null;
  try {
    return (await (await senderApi()).call(routes.getSenderSession)).sender;
  } catch (error) {
    if (isProblem(error, 'unauthenticated')) return null;
    throw error;
  }
});

/** The signed-in sender and their client; who is not signed in is sent to sign in, and from there back to `path`. */
export async function requireSender(path: string): Promise<{ readonly sender: Sender; readonly api: Client }> {
  const sender = await currentSender();
  if (sender === null) redirect(signInPathFor(path));
  return { sender, api: await senderApi() };
}
