'use server';

import { configuration } from '@signet/api-contract/configuration';
import { routes } from '@signet/api-contract/routes';
import { revalidatePath } from 'next/cache';
import { z } from 'zod';
import { isProblem } from '../../../../api/is-problem.ts';
import { memberApi } from '../../member-session.ts';
import type { ActRefusal } from '../act-refusal.ts';
import { actRefusalOf } from '../act-refusal-of.ts';

const { bounceDomain } = configuration.shape;

/**
 * Changes where what cannot be delivered comes back to, in force when this returns null. `domain`: what was typed is no domain of the
 * organization. Next refuses forms of other origins.
 */
export async function changeBounceDomain(given: string): Promise<ActRefusal | 'domain' | null> {
  const typed = z.string().parse(given).trim().toLowerCase();
  const wanted = bounceDomain.safeParse(typed === '' ? null : typed);
  if (!wanted.success) return 'domain';
  try {
    await (await memberApi()).call(routes.changeConfiguration, { body: { bounceDomain: wanted.data } });
  } catch (error) {
    return isProblem(error, 'validation_failed') ? 'domain' : actRefusalOf(error);
  }
  revalidatePath('/admin/settings');
  return null;
}
