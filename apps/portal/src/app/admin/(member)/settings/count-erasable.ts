'use server';

import { configuration } from '@signet/api-contract/configuration';
import { routes } from '@signet/api-contract/routes';
import { reportFailure } from '../../../../api/report-failure.ts';
import { memberApi } from '../../member-session.ts';

/** What would be erased at once where content is erased so many days after its expiry; null where the api does not say. */
export async function countErasable(days: number): Promise<{ messages: number; bytes: number } | null> {
  const eraseAfterDays = configuration.shape.eraseAfterDays.parse(days);
  try {
    const { erasable } = await (await memberApi()).call(routes.getStorageForecast, { query: { eraseAfterDays } });
    return erasable;
  } catch (error) {
    reportFailure(error);
    return null;
  }
}
