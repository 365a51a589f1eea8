'use server';

import { routes } from '@signet/api-contract/routes';
import { revalidatePath } from 'next/cache';
import type { z } from 'zod';
import { expiryChange, expiryRefusalOf, expiryRequestOf } from '../../../../../components/message/expiry-change.ts';
import type { ExpiryRefusal } from '../../../../../components/message/expiry-change.ts';
import { memberApi } from '../../../member-session.ts';
import { messagePath } from '../../page-address.ts';

/** Changes when a message expires, in force when this returns null. Next refuses other origins. */
export async function changeExpiry(given: z.input<typeof expiryChange>): Promise<ExpiryRefusal | null> {
  const asked = expiryChange.safeParse(given);
  if (!asked.success) return 'notUnderstood';
  const api = await memberApi();
  try {
    await api.call(routes.changeMessage, expiryRequestOf(asked.data));
  } catch (error) {
    return expiryRefusalOf(error);
  }
  revalidatePath(messagePath(asked.data.message));
  return null;
}
