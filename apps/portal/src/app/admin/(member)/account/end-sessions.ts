'use server';

import { routes } from '@signet/api-contract/routes';
import { revalidatePath } from 'next/cache';
import { z } from 'zod';
import { memberApi } from '../../member-session.ts';
import { ACCOUNT_PAGE } from '../../next-path.ts';
import { actRefusalOf } from '../act-refusal-of.ts';
import type { ActRefusal } from '../act-refusal.ts';

/** Ends one of the member's own sessions. */
export async function endSession(id: string): Promise<ActRefusal | null> {
  try {
    await (await memberApi()).call(routes.endSession, { params: { id: z.uuid().parse(id) } });
  } catch (error) {
    return actRefusalOf(error);
  }
  revalidatePath(ACCOUNT_PAGE);
  return null;
}

/** Ends all of the member's sessions but this one. */
export async function endOtherSessions(): Promise<ActRefusal | null> {
  try {
    await (await memberApi()).call(routes.endOtherSessions);
  } catch (error) {
    return actRefusalOf(error);
  }
  revalidatePath(ACCOUNT_PAGE);
  return null;
}
