'use server';

import { routes } from '@signet/api-contract/routes';
import { revalidatePath } from 'next/cache';
import { z } from 'zod';
import { isProblem } from '../../../../api/is-problem.ts';
import { memberApi } from '../../member-session.ts';

/** What stands in `admin.settings` under its own name, and is on or off. */
const change = z.union([z.strictObject({ enablePortalTrackingLogs: z.boolean() }), z.strictObject({ notifySenders: z.boolean() })]);
export type SettingChange = z.infer<typeof change>;

/** Why it could not be done, in a word of each setting's `refused`. */
export type SettingRefusal = 'signedOut' | 'unconfirmed' | 'forbidden' | 'away';

/** Switches a setting, in force when this returns null. Next refuses forms of other origins. */
export async function changeSetting(given: SettingChange): Promise<SettingRefusal | null> {
  const body = change.parse(given);
  try {
    await (await memberApi()).call(routes.changeConfiguration, { body });
  } catch (error) {
    if (isProblem(error, 'unauthenticated')) return 'signedOut';
    if (isProblem(error, 'reauthentication_required')) return 'unconfirmed';
    return isProblem(error, 'forbidden') ? 'forbidden' : 'away';
  }
  revalidatePath('/admin/settings');
  return null;
}
