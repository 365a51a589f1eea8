'use server';

import { routes } from '@signet/api-contract/routes';
import { revalidatePath } from 'next/cache';
import { z } from 'zod';
import { memberApi } from '../../member-session.ts';
import { actRefusalOf } from '../act-refusal-of.ts';
import type { ActRefusal } from '../act-refusal.ts';

/** Says that an alert was seen; on record when this returns null. Next refuses forms of other origins. */
export async function acknowledgeAlert(given: string): Promise<ActRefusal | null> {
  const id = z.uuid().parse(given);
  try {
    await (await memberApi()).call(routes.acknowledgeAlert, { params: { id } });
  } catch (error) {
    return actRefusalOf(error);
  }
  revalidatePath('/admin/alerts');
  return null;
}
