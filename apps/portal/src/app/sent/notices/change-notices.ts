'use server';

import { routes } from '@signet/api-contract/routes';
import { senderNoticeKind } from '@signet/domain/sender-notice';
import { z } from 'zod';
import { isProblem } from '../../../api/is-problem.ts';
import { senderApi } from '../sender-session.ts';
import type { NoticesState } from './notices-state.ts';

/** What the form shows; what else is posted here asks for nothing. */
const shownKinds = z.array(senderNoticeKind);

/** Changes what the sender is told, in force when the answer says `saved`. Next refuses forms of other origins. */
export async function changeNotices(before: NoticesState, data: FormData): Promise<NoticesState> {
  const shown = shownKinds.safeParse(data.getAll('shown'));
  if (!shown.success) return before;
  const ticked = Object.fromEntries(shown.data.map((kind) => [kind, data.has(kind)]));
  const turn = before.turn + 1;
  try {
    const { wanted } = await (await senderApi()).call(routes.changeSenderNotices, { body: ticked });
    return { wanted, turn, said: 'saved' };
  } catch (error) {
    // What was ticked stays ticked.
    const wanted = { ...before.wanted, ...ticked };
    if (isProblem(error, 'unauthenticated')) return { wanted, turn, said: 'signedOut' };
    return { wanted, turn, said: isProblem(error, 'validation_failed') ? 'notOffered' : 'away' };
  }
}
