'use server';

import { ApiProblem } from '@signet/api-contract/client';
import { routes } from '@signet/api-contract/routes';
import { revalidatePath } from 'next/cache';
import { z } from 'zod';
import { memberApi } from '../../member-session.ts';
import { actRefusalOf } from '../act-refusal-of.ts';
import type { ActRefusal } from '../act-refusal.ts';

/** Why nothing was done: in a word that any act may meet, or in the api's own (`detail`). */
export interface DomainRefusal {
  readonly refusal: ActRefusal | 'detail';
  readonly detail: string;
}

const name = z.string().max(253);
const key = { domain: name, id: z.uuid() };
const change = z.discriminatedUnion('act', [
  z.strictObject({ act: z.literal('claim'), domain: name }),
  z.strictObject({ act: z.literal('verify'), domain: name }),
  z.strictObject({ act: z.literal('remove'), domain: name }),
  z.strictObject({ act: z.literal('createKey'), domain: name }),
  z.strictObject({ act: z.literal('activateKey'), ...key }),
  z.strictObject({ act: z.literal('removeKey'), ...key }),
]);
export type DomainChange = z.infer<typeof change>;

/** Changes something about the organization's domains; it is done when this returns null. */
export async function changeDomains(given: DomainChange): Promise<DomainRefusal | null> {
  const asked = change.parse(given);
  try {
    await carryOut(asked);
  } catch (error) {
    return refusalOf(error);
  }
  revalidatePath('/admin/access');
  return null;
}

async function carryOut(asked: DomainChange): Promise<unknown> {
  const api = await memberApi();
  const params = { domain: asked.domain };
  switch (asked.act) {
    case 'claim':
      return api.call(routes.claimDomain, { body: params });
    case 'verify':
      return api.call(routes.verifyDomain, { params });
    case 'remove':
      return api.call(routes.removeDomain, { params });
    case 'createKey':
      return api.call(routes.createDkimKey, { params });
    case 'activateKey':
      return api.call(routes.activateDkimKey, { params: { ...params, id: asked.id } });
    case 'removeKey':
      return api.call(routes.removeDkimKey, { params: { ...params, id: asked.id } });
    default:
      return asked satisfies never;
  }
}

/** The api says what is wrong with a domain, and what the DNS has instead; the rest is as with any other act. */
function refusalOf(error: unknown): DomainRefusal {
  if (!(error instanceof ApiProblem)) return { refusal: actRefusalOf(error), detail: '' };
  const [fault] = error.errors;
  if (error.code === 'validation_failed' && fault) return { refusal: 'detail', detail: `It ${fault.detail}.` };
  const isSaid = error.status === 409 || error.code === 'unavailable';
  return isSaid ? { refusal: 'detail', detail: `${error.detail}.` } : { refusal: actRefusalOf(error), detail: '' };
}
