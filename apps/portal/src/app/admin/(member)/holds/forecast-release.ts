'use server';

import type { ReleaseForecast } from '@signet/api-contract/legal-holds';
import { routes } from '@signet/api-contract/routes';
import { z } from 'zod';
import { reportFailure } from '../../../../api/report-failure.ts';
import { memberApi } from '../../member-session.ts';

/** What would be removed and erased at once if a hold were released; null where the api does not say. It changes nothing. */
export async function forecastRelease(given: string): Promise<ReleaseForecast | null> {
  const id = z.uuid().parse(given);
  try {
    return await (await memberApi()).call(routes.forecastLegalHoldRelease, { params: { id } });
  } catch (error) {
    reportFailure(error);
    return null;
  }
}
