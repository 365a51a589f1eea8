'use server';

import { routes } from '@signet/api-contract/routes';
import { revalidatePath } from 'next/cache';
import type { z } from 'zod';
import { expiryChange, expiryRefusalOf, expiryRequestOf } from '../../../../components/message/expiry-change.ts';
import type { ExpiryRefusal } from '../../../../components/message/expiry-change.ts';
import { senderApi } from '../../sender-session.ts';
import { sentPath } from '../../sent-path.ts';

/** Changes when an own message expires, in force when this returns null. Next refuses other origins. */
export async function changeSentExpiry(given: z.input<typeof expiryChange>): Promise<ExpiryRefusal | null> {
  const asked = expiryChange.safeParse(given);
  if (!asked.success) return 'notUnderstood';
  const api = await senderApi();
  try {
    await api.call(routes.changeSentMessage, expiryRequestOf(asked.data));
  } catch (error) {
    return expiryRefusalOf(error);
  }
  revalidatePath(sentPath(asked.data.message));
  return null;
}
