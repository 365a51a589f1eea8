'use server';

import { ApiProblem } from '@signet/api-contract/client';
import { routes } from '@signet/api-contract/routes';
import { nextHopTlsModes } from '@signet/domain/next-hop';
import { revalidatePath } from 'next/cache';
import { z } from 'zod';
import { memberApi } from '../../member-session.ts';
import { actRefusalOf } from '../act-refusal-of.ts';
import type { ActRefusal } from '../act-refusal.ts';

const draft = z.strictObject({
  /** Empty: all that no other next hop names. */
  domain: z.string(),
  host: z.string(),
  port: z.string(),
  tls: z.enum(nextHopTlsModes),
  /** Empty: nobody signs in. */
  username: z.string(),
  /** Empty: the one that is kept, or none. */
  password: z.string(),
});
export type NextHopDraft = z.infer<typeof draft>;

const change = z.discriminatedUnion('act', [
  z.strictObject({ act: z.literal('save'), id: z.uuid().nullable(), draft }),
  z.strictObject({ act: z.literal('remove'), id: z.uuid() }),
]);

/** What is wrong at which box, in the api's words. */
export type NextHopFaults = Readonly<Partial<Record<keyof NextHopDraft, string>>>;

/** Why nothing was done: in a word that any act may meet, at the boxes, or in the api's own words (`detail`). */
export interface NextHopRefusal {
  readonly refusal: ActRefusal | 'fields' | 'detail';
  readonly fields: NextHopFaults;
  readonly detail: string;
}

/** Adds, changes or removes a next hop; it is done when this returns null. */
export async function changeNextHops(given: z.infer<typeof change>): Promise<NextHopRefusal | null> {
  const asked = change.parse(given);
  const api = await memberApi();
  try {
    if (asked.act === 'remove') await api.call(routes.removeNextHop, { params: { id: asked.id } });
    else if (asked.id === null) await api.call(routes.createNextHop, { body: bodyOf(asked.draft) });
    else await api.call(routes.changeNextHop, { params: { id: asked.id }, body: bodyOf(asked.draft) });
  } catch (error) {
    return refusalOf(error);
  }
  revalidatePath('/admin/settings');
  return null;
}

function bodyOf({ domain, host, port, tls, username, password }: NextHopDraft) {
  return {
    domain: domain.trim().toLowerCase() || null,
    host,
    port: Number(port),
    tls,
    username: username.trim() || null,
    ...(password === '' ? {} : { password }),
  };
}

function refusalOf(error: unknown): NextHopRefusal {
  if (error instanceof ApiProblem && error.code === 'validation_failed') {
    const fields = Object.keys(draft.shape).flatMap((field) => {
      const fault = error.errors.find(({ pointer }) => pointer === `/${field}`);
      return fault ? [[field, fault.detail] as const] : [];
    });
    return { refusal: 'fields', fields: Object.fromEntries(fields), detail: '' };
  }
  if (error instanceof ApiProblem && error.status === 409) return { refusal: 'detail', fields: {}, detail: `${error.detail}.` };
  return { refusal: actRefusalOf(error), fields: {}, detail: '' };
}
