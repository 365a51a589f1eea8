'use server';

import { routes } from '@signet/api-contract/routes';
import { revalidatePath } from 'next/cache';
import type { z } from 'zod';
import { memberApi } from '../../../member-session.ts';
import { messagePath } from '../../page-address.ts';
import { resendChoice, resendRefusalOf, type ResendRefusal } from './resend-request.ts';

/** Has recipients sent the mail with their link again; it is on its way when this returns null. Next refuses other origins. */
export async function resendMail(given: z.input<typeof resendChoice>): Promise<ResendRefusal | null> {
  const asked = resendChoice.safeParse(given);
  if (!asked.success) return 'notUnderstood';
  const { message, recipients } = asked.data;
  const api = await memberApi();
  try {
    await api.call(routes.resendMessage, { params: { message }, body: recipients === null ? {} : { recipients } });
  } catch (error) {
    return resendRefusalOf(error);
  }
  revalidatePath(messagePath(message));
  return null;
}
