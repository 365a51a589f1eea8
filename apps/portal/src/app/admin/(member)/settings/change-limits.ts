'use server';

import { configuration } from '@signet/api-contract/configuration';
import { routes } from '@signet/api-contract/routes';
import { revalidatePath } from 'next/cache';
import { z } from 'zod';
import { isProblem } from '../../../../api/is-problem.ts';
import { memberApi } from '../../member-session.ts';
import type { ActRefusal } from '../act-refusal.ts';
import { actRefusalOf } from '../act-refusal-of.ts';

const MEBIBYTE = 1024 * 1024;
const typed = z.strictObject({ size: z.string().trim().optional(), recipients: z.string().trim().optional() });
const { maxMessageBytes, maxRecipients } = configuration.shape;

/**
 * Changes those of the organization's limits that are given, in force when this returns null. `size`, `recipients`: what was typed there
 * is no limit that it may have. Next refuses forms of other origins.
 */
export async function changeLimits(given: z.input<typeof typed>): Promise<ActRefusal | 'size' | 'recipients' | null> {
  const { size, recipients } = typed.parse(given);
  const bytes = maxMessageBytes.optional().safeParse(size === '' ? null : size && Math.floor(Number(size.replace(',', '.')) * MEBIBYTE));
  if (!bytes.success) return 'size';
  const count = maxRecipients.optional().safeParse(recipients === '' ? Number.NaN : recipients && Number(recipients));
  if (!count.success) return 'recipients';
  try {
    const body = { maxMessageBytes: bytes.data, maxRecipients: count.data };
    await (await memberApi()).call(routes.changeConfiguration, { body });
  } catch (error) {
    // Only the api knows what the installation takes.
    return isProblem(error, 'validation_failed') ? 'size' : actRefusalOf(error);
  }
  revalidatePath('/admin/settings');
  return null;
}
