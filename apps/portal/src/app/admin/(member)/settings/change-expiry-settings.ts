'use server';

import { routes } from '@signet/api-contract/routes';
import { configuration } from '@signet/api-contract/configuration';
import { revalidatePath } from 'next/cache';
import type { z } from 'zod';
import { reportFailure } from '../../../../api/report-failure.ts';
import { memberApi } from '../../member-session.ts';
import type { ActRefusal } from '../act-refusal.ts';
import { actRefusalOf } from '../act-refusal-of.ts';

const expirySettings = configuration.pick({ sendersMayChangeExpiry: true, contentAfterExpiry: true, eraseAfterDays: true });
export type ExpirySettingsValue = z.infer<typeof expirySettings>;

/** Changes what follows an expiry, in force when this returns null. Next refuses forms of other origins. */
export async function changeExpirySettings(given: ExpirySettingsValue): Promise<ActRefusal | null> {
  const body = expirySettings.parse(given);
  try {
    await (await memberApi()).call(routes.changeConfiguration, { body });
  } catch (error) {
    return actRefusalOf(error);
  }
  revalidatePath('/admin/settings');
  return null;
}

/** What would be erased at once where content is erased so many days after its expiry; null where the api does not say. */
export async function countErasable(days: number): Promise<{ messages: number; bytes: number } | null> {
  const { eraseAfterDays } = expirySettings.pick({ eraseAfterDays: true }).parse({ eraseAfterDays: days });
  try {
    const { erasable } = await (await memberApi()).call(routes.getStorageForecast, { query: { eraseAfterDays } });
    return erasable;
  } catch (error) {
    reportFailure(error);
    return null;
  }
}
