'use server';

import { ApiProblem } from '@signet/api-contract/client';
import { routes } from '@signet/api-contract/routes';
import { revalidatePath } from 'next/cache';
import { z } from 'zod';
import { memberApi } from '../../member-session.ts';
import { actRefusalOf } from '../act-refusal-of.ts';
import type { ActRefusal } from '../act-refusal.ts';
import { entryPath } from './entry-path.ts';

const request = z.strictObject({ id: z.string(), reason: z.string() });

/** Why an entry is not erased. `detail`: in the api's words, as which hold keeps it; `reason`: none was given. */
export interface EraseAnswer {
  readonly refusal: ActRefusal | 'detail' | 'reason' | 'nobody' | null;
  readonly detail: string;
}

/** Has an entry erased, as a law demands. */
export async function eraseEntry(given: z.infer<typeof request>): Promise<EraseAnswer> {
  const { id, reason } = request.parse(given);
  const api = await memberApi();
  try {
    await api.call(routes.createAuditErasure, { body: { entries: [id], reason } });
  } catch (error) {
    if (!(error instanceof ApiProblem)) return { refusal: actRefusalOf(error), detail: '' };
    if (error.code === 'validation_failed') return { refusal: 'reason', detail: '' };
    if (error.code === 'retention_unavailable') return { refusal: 'nobody', detail: '' };
    if (error.code === 'entry_held') return { refusal: 'detail', detail: error.detail ?? '' };
    // It is erased already: the page says so.
    if (error.code !== 'entry_erased') return { refusal: actRefusalOf(error), detail: '' };
  }
  revalidatePath(entryPath(id));
  return { refusal: null, detail: '' };
}
