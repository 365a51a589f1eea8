'use server';

import { routes } from '@signet/api-contract/routes';
import { recordTextOf } from '@signet/domain/audit/record-text';
import { revalidatePath } from 'next/cache';
import { z } from 'zod';
import { isProblem, memberApi } from '../../../member-session.ts';
import { messagePath } from '../../page-address.ts';

const request = z.strictObject({
  act: z.enum(['revoke', 'restore']),
  message: z.uuid(),
  reason: z.string().max(10_000),
  /** Null: all of them, those included who are added meanwhile. */
  recipients: z.array(z.string().max(320)).min(1).max(1000).nullable(),
});

/** Why it could not be done, in a word of `admin.dialog.refused`. */
export type AccessRefusal = 'signedOut' | 'forbidden' | 'gone' | 'notRevocable' | 'notUnderstood' | 'away';

/** Revokes or restores a message or some of its recipients, in force when this returns null. Next refuses other origins. */
export async function changeAccess(given: z.input<typeof request>): Promise<AccessRefusal | null> {
  const asked = request.safeParse(given);
  if (!asked.success) return 'notUnderstood';
  const { act, message, recipients } = asked.data;
  // A record is one line: breaks become blanks.
  const reason = recordTextOf(asked.data.reason, 1000);
  const api = await memberApi();
  try {
    await api.call(act === 'revoke' ? routes.revokeMessage : routes.restoreMessage, {
      params: { message },
      body: { ...(reason === '' ? {} : { reason }), ...(recipients === null ? {} : { recipients }) },
    });
  } catch (error) {
    return refusalOf(error);
  }
  revalidatePath(messagePath(message));
  return null;
}

function refusalOf(error: unknown): AccessRefusal {
  if (isProblem(error, 'unauthenticated')) return 'signedOut';
  if (isProblem(error, 'forbidden')) return 'forbidden';
  if (isProblem(error, 'not_found')) return 'gone';
  if (isProblem(error, 'not_revocable')) return 'notRevocable';
  if (isProblem(error, 'validation_failed')) return 'notUnderstood';
  return 'away';
}
