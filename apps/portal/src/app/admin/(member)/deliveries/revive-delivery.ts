'use server';

import { routes } from '@signet/api-contract/routes';
import { revalidatePath } from 'next/cache';
import { z } from 'zod';
import { memberApi } from '../../member-session.ts';
import { actRefusalOf } from '../act-refusal-of.ts';
import type { ActRefusal } from '../act-refusal.ts';

const rowId = z
  .string()
  .regex(/^\d{1,18}$/)
  .nullable();

/** Has one thing tried again, or everything that still has a use. Null when it is under way. Next refuses forms of other origins. */
export async function tryAgain(given: string | null): Promise<ActRefusal | null> {
  const id = rowId.parse(given);
  try {
    const api = await memberApi();
    if (id !== null) await api.call(routes.reviveOutboxRow, { params: { id } });
    else while ((await api.call(routes.reviveOutbox)).remaining > 0);
  } catch (error) {
    return actRefusalOf(error);
  }
  revalidatePath('/admin/deliveries');
  return null;
}
