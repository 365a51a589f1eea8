'use server';

import { ApiProblem } from '@signet/api-contract/client';
import { routes } from '@signet/api-contract/routes';
import { revalidatePath } from 'next/cache';
import { z } from 'zod';
import { memberApi } from '../../member-session.ts';
import { actRefusalOf } from '../act-refusal-of.ts';
import type { ActRefusal } from '../act-refusal.ts';
import { erasuresPath, entryPath } from './entry-path.ts';

const request = z.strictObject({
  named: z.union([z.strictObject({ entries: z.array(z.string()) }), z.strictObject({ address: z.string() })]),
  reason: z.string(),
  leaveHeld: z.boolean(),
});

/** Why entries are not erased. `detail`: in the api's words, as which hold keeps them; `reason`: none was given. */
export interface EraseAnswer {
  readonly refusal: ActRefusal | 'detail' | 'reason' | 'nobody' | null;
  readonly detail: string;
}

/** Has entries erased, as a law demands. */
export async function eraseEntries(given: z.infer<typeof request>): Promise<EraseAnswer> {
  const { named, ...why } = request.parse(given);
  const api = await memberApi();
  try {
    await api.call(routes.createAuditErasure, { body: { ...named, ...why } });
  } catch (error) {
    if (!(error instanceof ApiProblem)) return { refusal: actRefusalOf(error), detail: '' };
    if (error.code === 'validation_failed') return { refusal: 'reason', detail: '' };
    if (error.code === 'retention_unavailable') return { refusal: 'nobody', detail: '' };
    if (error.code === 'entry_held') return { refusal: 'detail', detail: error.detail ?? '' };
    // It is erased already: the page says so.
    if (error.code !== 'entry_erased') return { refusal: actRefusalOf(error), detail: '' };
  }
  for (const path of [erasuresPath, ...('entries' in named ? named.entries.map(entryPath) : [])]) revalidatePath(path);
  return { refusal: null, detail: '' };
}
