'use server';

import { routes } from '@signet/api-contract/routes';
import { retentionPolicy } from '@signet/domain/retention';
import type { RetentionPolicy } from '@signet/domain/retention';
import { revalidatePath } from 'next/cache';
import { isProblem } from '../../../../api/is-problem.ts';
import { memberApi } from '../../member-session.ts';
import { actRefusalOf } from '../act-refusal-of.ts';
import type { ActRefusal } from '../act-refusal.ts';

/** Why a policy was not set; `unavailable`: nobody would carry it out. */
export type RetentionRefusal = ActRefusal | 'unavailable';

/** Sets how long entries are kept, in force when this returns null. Next refuses forms of other origins. */
export async function setRetention(given: RetentionPolicy): Promise<RetentionRefusal | null> {
  const body = retentionPolicy.parse(given);
  try {
    await (await memberApi()).call(routes.setRetention, { body });
  } catch (error) {
    return isProblem(error, 'retention_unavailable') ? 'unavailable' : actRefusalOf(error);
  }
  revalidatePath('/admin/retention');
  return null;
}
