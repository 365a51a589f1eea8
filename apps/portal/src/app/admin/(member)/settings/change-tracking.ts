'use server';

import { routes } from '@signet/api-contract/routes';
import { revalidatePath } from 'next/cache';
import { z } from 'zod';
import { isProblem } from '../../../../api/is-problem.ts';
import { memberApi } from '../../member-session.ts';

/** Why it could not be done, in a word of `admin.settings.tracking.refused`. */
export type TrackingRefusal = 'signedOut' | 'unconfirmed' | 'forbidden' | 'away';

/** Switches tracking, in force when this returns null. Next refuses forms of other origins. */
export async function changeTracking(given: boolean): Promise<TrackingRefusal | null> {
  const enablePortalTrackingLogs = z.boolean().parse(given);
  try {
    await (await memberApi()).call(routes.changeConfiguration, { body: { enablePortalTrackingLogs } });
  } catch (error) {
    if (isProblem(error, 'unauthenticated')) return 'signedOut';
    if (isProblem(error, 'reauthentication_required')) return 'unconfirmed';
    return isProblem(error, 'forbidden') ? 'forbidden' : 'away';
  }
  revalidatePath('/admin/settings');
  return null;
}
