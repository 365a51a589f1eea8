'use server';

import { ApiProblem } from '@signet/api-contract/client';
import type { FieldError } from '@signet/api-contract/problem';
import { routes } from '@signet/api-contract/routes';
import { revalidatePath } from 'next/cache';
import { z } from 'zod';
import { isProblem } from '../../../../../api/is-problem.ts';
import { isUnaskable } from '../../../../../api/is-unaskable.ts';
import { memberApi } from '../../../member-session.ts';
import { actRefusalOf } from '../../act-refusal-of.ts';
import type { ActRefusal } from '../../act-refusal.ts';

/** Why a group was not saved: what is wrong with its name or with which address, that there is one of this name, or what else. */
export interface GroupRefusal {
  readonly refusal: ActRefusal | 'fields' | 'nameTaken' | 'changedMeanwhile';
  readonly errors: readonly FieldError[];
}

const saving = z.strictObject({
  name: z.string(),
  /** Of the addresses that these replace; null: the group is a new one. */
  revision: z.string().nullable(),
  /** As they were typed, or a file in CSV. */
  addresses: z.union([z.array(z.string()), z.instanceof(File)]),
});

/** Makes a group, or gives one other addresses; in force when this returns null. Next refuses forms of other origins. */
export async function saveGroup(given: z.infer<typeof saving>): Promise<GroupRefusal | null> {
  const { name, revision, addresses } = saving.parse(given);
  // To the api making one and changing one is the same: nothing may take the place of what this member has not seen.
  const headers = revision === null ? ({ 'if-none-match': '*' } as const) : { 'if-match': revision };
  const to = { params: { name }, headers };
  try {
    const api = await memberApi();
    if (Array.isArray(addresses)) await api.call(routes.putSenderGroup, { ...to, body: { addresses } });
    else await api.call(routes.putSenderGroup, { ...to, rawBody: new Uint8Array(await addresses.arrayBuffer()) });
  } catch (error) {
    if (isProblem(error, 'changed_meanwhile')) return { refusal: revision === null ? 'nameTaken' : 'changedMeanwhile', errors: [] };
    if (error instanceof ApiProblem && error.code === 'validation_failed') return { refusal: 'fields', errors: error.errors };
    if (isUnaskable(error)) return { refusal: 'fields', errors: [{ pointer: '/name', detail: 'cannot stand in an address' }] };
    return { refusal: actRefusalOf(error), errors: [] };
  }
  revalidatePath('/admin/rules', 'layout');
  return null;
}

/** Removes a group; done when this returns null. */
export async function removeGroup(given: string): Promise<ActRefusal | 'inUse' | null> {
  try {
    await (await memberApi()).call(routes.removeSenderGroup, { params: { name: z.string().parse(given) } });
  } catch (error) {
    return isProblem(error, 'in_use') ? 'inUse' : actRefusalOf(error);
  }
  revalidatePath('/admin/rules', 'layout');
  return null;
}
