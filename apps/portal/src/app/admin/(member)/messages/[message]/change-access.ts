'use server';

import { routes } from '@signet/api-contract/routes';
import { revalidatePath } from 'next/cache';
import type { z } from 'zod';
import { accessChange, accessRefusalOf, accessRequestOf } from '../../../../../components/message/access-change.ts';
import type { AccessRefusal } from '../../../../../components/message/access-change.ts';
import { memberApi } from '../../../member-session.ts';
import { messagePath } from '../../page-address.ts';

/** Revokes or restores a message or some of its recipients, in force when this returns null. Next refuses other origins. */
export async function changeAccess(given: z.input<typeof accessChange>): Promise<AccessRefusal | null> {
  const asked = accessChange.safeParse(given);
  if (!asked.success) return 'notUnderstood';
  const api = await memberApi();
  try {
    await api.call(asked.data.act === 'revoke' ? routes.revokeMessage : routes.restoreMessage, accessRequestOf(asked.data));
  } catch (error) {
    return accessRefusalOf(error);
  }
  revalidatePath(messagePath(asked.data.message));
  return null;
}
