'use server';

import { ApiProblem } from '@signet/api-contract/client';
import { routes } from '@signet/api-contract/routes';
import { holdKinds } from '@signet/domain/legal-hold';
import { revalidatePath } from 'next/cache';
import { z } from 'zod';
import { isProblem } from '../../../../api/is-problem.ts';
import { memberApi } from '../../member-session.ts';
import { actRefusalOf } from '../act-refusal-of.ts';
import type { ActRefusal } from '../act-refusal.ts';
import { dayStart } from '../day-start.ts';
import { messagePath } from '../page-address.ts';
import { viewerZone } from '../viewer-zone.ts';

/** A hold as it is typed: days of the member's zone, both included; empty where there is none. */
const draft = z.strictObject({
  kind: z.enum(holdKinds),
  message: z.string(),
  address: z.string(),
  from: z.string(),
  to: z.string(),
});
export type HoldDraft = z.infer<typeof draft>;

const change = z.discriminatedUnion('act', [
  z.strictObject({ act: z.literal('create'), draft, reason: z.string() }),
  z.strictObject({ act: z.enum(['change', 'release']), id: z.uuid(), reason: z.string() }),
]);

/** Boxes that can be wrong; `ambiguous`: that of the message, which names several. */
const boxes = ['message', 'ambiguous', 'address', 'from', 'to', 'reason'] as const;
export type HoldRefusal = ActRefusal | (typeof boxes)[number] | 'tooMany' | 'notUnderstood';

/** Places a hold, gives one another reason, or releases one; in force when this returns null. Next refuses forms of other origins. */
export async function changeHolds(given: z.infer<typeof change>): Promise<HoldRefusal | null> {
  const asked = change.parse(given);
  const { reason } = asked;
  if (reason.trim() === '') return 'reason';
  const api = await memberApi();
  try {
    if (asked.act === 'create') {
      const body = await bodyOf(asked.draft);
      if (typeof body === 'string') return body;
      const { messageUid } = await api.call(routes.createLegalHold, { body: { ...body, reason } });
      if (messageUid !== null) revalidatePath(messagePath(messageUid));
    } else {
      const { messageUid } = await api.call(asked.act === 'change' ? routes.changeLegalHold : routes.releaseLegalHold, {
        params: { id: asked.id },
        body: { reason },
      });
      if (messageUid !== null) revalidatePath(messagePath(messageUid));
    }
  } catch (error) {
    return refusalOf(error, asked.act);
  }
  revalidatePath('/admin/holds');
  return null;
}

/** What the api is asked to hold, or which box is wrong. */
async function bodyOf({ kind, message, address, from, to }: HoldDraft) {
  if (kind === 'message') return message.trim() === '' ? ('message' as const) : { kind, message: message.trim() };
  const zone = await viewerZone();
  const [start, end] = [from === '' ? undefined : dayStart(from, zone), to === '' ? undefined : dayStart(to, zone, 1)];
  if (start === null) return 'from' as const;
  if (end === null || (start !== undefined && end !== undefined && start >= end)) return 'to' as const;
  return { kind, ...(kind === 'address' ? { address: address.trim() } : {}), from: start, to: end };
}

function refusalOf(error: unknown, act: 'create' | 'change' | 'release'): HoldRefusal {
  if (isProblem(error, 'not_found') && act === 'create') return 'message';
  if (isProblem(error, 'message_id_ambiguous')) return 'ambiguous';
  if (isProblem(error, 'too_many')) return 'tooMany';
  if (!(error instanceof ApiProblem) || error.code !== 'validation_failed') return actRefusalOf(error);
  return boxes.find((box) => error.errors[0]?.pointer === `/${box}`) ?? 'notUnderstood';
}
