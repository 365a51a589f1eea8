'use server';

import type { RetentionPreview } from '@signet/api-contract/retention';
import { routes } from '@signet/api-contract/routes';
import { retentionPolicy } from '@signet/domain/retention';
import type { RetentionPolicy } from '@signet/domain/retention';
import { reportFailure } from '../../../../api/report-failure.ts';
import { memberApi } from '../../member-session.ts';

/** What falls under a policy, were it set now; null where the api does not say. It changes nothing. */
export async function previewRetention(given: RetentionPolicy): Promise<RetentionPreview | null> {
  const body = retentionPolicy.parse(given);
  try {
    return await (await memberApi()).call(routes.previewRetention, { body });
  } catch (error) {
    reportFailure(error);
    return null;
  }
}
