'use server';

import { ApiProblem } from '@signet/api-contract/client';
import { routes } from '@signet/api-contract/routes';
import { revalidatePath } from 'next/cache';
import { z } from 'zod';
import { memberApi } from '../../member-session.ts';
import { actRefusalOf } from '../act-refusal-of.ts';
import type { ActRefusal } from '../act-refusal.ts';
import { entryPath } from './entry-path.ts';
import { ERASURES_PATH } from './erasures/erasures-path.ts';

const request = z.strictObject({
  named: z.union([z.strictObject({ entries: z.array(z.string()) }), z.strictObject({ address: z.string() })]),
  reason: z.string(),
  leaveHeld: z.boolean(),
});

/** How many entries will be erased, or why none is. `detail`: in the api's words, as which hold keeps them; `reason`: none was given; `already`: all of it is erased. */
export interface EraseAnswer {
  readonly refusal: ActRefusal | 'detail' | 'reason' | 'nobody' | 'already' | null;
  readonly detail: string;
  readonly entries: number;
}

/** Has entries erased, as a law demands. */
export async function eraseEntries(given: z.infer<typeof request>): Promise<EraseAnswer> {
  const { named, ...why } = request.parse(given);
  const api = await memberApi();
  const none = { detail: '', entries: 0 };
  let entries = 0;
  try {
    ({ entries } = await api.call(routes.createAuditErasure, { body: { ...named, ...why } }));
  } catch (error) {
    if (!(error instanceof ApiProblem)) return { ...none, refusal: actRefusalOf(error) };
    if (error.code === 'validation_failed') return { ...none, refusal: 'reason' };
    if (error.code === 'retention_unavailable') return { ...none, refusal: 'nobody' };
    if (error.code === 'entry_held') return { ...none, refusal: 'detail', detail: error.detail ?? '' };
    if (error.code !== 'entry_erased') return { ...none, refusal: actRefusalOf(error) };
    // Of a single entry its page says that it is erased.
    if (!('entries' in named)) return { ...none, refusal: 'already' };
  }
  for (const path of [ERASURES_PATH, ...('entries' in named ? named.entries.map(entryPath) : [])]) revalidatePath(path);
  return { refusal: null, detail: '', entries };
}
