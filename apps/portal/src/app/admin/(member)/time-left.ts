'use server';

import type { AnswerOf } from '@signet/api-contract/route';
import { routes } from '@signet/api-contract/routes';
import { isProblem } from '../../../api/is-problem.ts';
import { memberApi } from '../member-session.ts';

export type TimeLeft = AnswerOf<typeof routes.getTimeLeft>;

/** How long the member's session lasts, null where it has ended. Asking does not make it last longer. */
export async function askTimeLeft(): Promise<TimeLeft | null> {
  const api = await memberApi();
  return nullWhereEnded(api.call(routes.getTimeLeft));
}

/** Uses the member's session, so that it goes on. @returns how long, null where it has ended already. */
export async function staySignedIn(): Promise<TimeLeft | null> {
  const api = await memberApi();
  const session = await nullWhereEnded(api.call(routes.getCurrentSession));
  return session && { idleSecondsLeft: session.idleSecondsLeft, secondsLeft: session.secondsLeft };
}

async function nullWhereEnded<A>(answer: Promise<A>): Promise<A | null> {
  try {
    return await answer;
  } catch (error) {
    if (isProblem(error, 'unauthenticated')) return null;
    throw error;
  }
}
