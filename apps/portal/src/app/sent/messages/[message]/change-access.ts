'use server';

import { routes } from '@signet/api-contract/routes';
import { revalidatePath } from 'next/cache';
import type { z } from 'zod';
import { accessChange, accessRefusalOf, accessRequestOf } from '../../../../components/message/access-change.ts';
import type { AccessRefusal } from '../../../../components/message/access-change.ts';
import { senderApi } from '../../sender-session.ts';
import { sentPath } from '../../sent-path.ts';

/** Revokes or restores an own message or some of its recipients, in force when this returns null. Next refuses other origins. */
export async function changeSentAccess(given: z.input<typeof accessChange>): Promise<AccessRefusal | null> {
  const asked = accessChange.safeParse(given);
  if (!asked.success) return 'notUnderstood';
  const api = await senderApi();
  try {
    await api.call(asked.data.act === 'revoke' ? routes.revokeSentMessage : routes.restoreSentMessage, accessRequestOf(asked.data));
  } catch (error) {
    return accessRefusalOf(error);
  }
  revalidatePath(sentPath(asked.data.message));
  return null;
}
