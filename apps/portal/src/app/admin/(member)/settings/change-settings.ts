'use server';

import { configuration } from '@signet/api-contract/configuration';
import type { Configuration } from '@signet/api-contract/configuration';
import { routes } from '@signet/api-contract/routes';
import { revalidatePath } from 'next/cache';
import { memberApi } from '../../member-session.ts';
import type { ActRefusal } from '../act-refusal.ts';
import { actRefusalOf } from '../act-refusal-of.ts';

const change = configuration.partial();

/** Changes the settings that are named, in force when this returns null. Next refuses forms of other origins. */
export async function changeSettings(given: Partial<Configuration>): Promise<ActRefusal | null> {
  const body = change.parse(given);
  try {
    await (await memberApi()).call(routes.changeConfiguration, { body });
  } catch (error) {
    return actRefusalOf(error);
  }
  revalidatePath('/admin/settings');
  return null;
}
