'use server';

import { configuration } from '@signet/api-contract/configuration';
import { routes } from '@signet/api-contract/routes';
import { revalidatePath } from 'next/cache';
import type { z } from 'zod';
import { memberApi } from '../../member-session.ts';
import type { ActRefusal } from '../act-refusal.ts';
import { actRefusalOf } from '../act-refusal-of.ts';

const senderNotices = configuration.pick({
  notifyFirstOpening: true,
  notifyUnreadAfterDays: true,
  notifyBounced: true,
  notifyExpiredUnread: true,
  notifyRefusedAfterRevocation: true,
});
export type SenderNoticesValue = z.infer<typeof senderNotices>;

/** Changes what senders are told of their messages, in force when this returns null. Next refuses forms of other origins. */
export async function changeSenderNotices(given: SenderNoticesValue): Promise<ActRefusal | null> {
  const body = senderNotices.parse(given);
  try {
    await (await memberApi()).call(routes.changeConfiguration, { body });
  } catch (error) {
    return actRefusalOf(error);
  }
  revalidatePath('/admin/settings');
  return null;
}
