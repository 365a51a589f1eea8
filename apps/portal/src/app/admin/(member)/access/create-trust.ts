'use server';

import { ApiProblem } from '@signet/api-contract/client';
import { routes } from '@signet/api-contract/routes';
import { submissionTrustKinds } from '@signet/domain/submission-trust';
import { revalidatePath } from 'next/cache';
import { z } from 'zod';
import { memberApi } from '../../member-session.ts';
import { actRefusalOf } from '../act-refusal-of.ts';
import type { ActRefusal } from '../act-refusal.ts';

const creation = z.strictObject({
  name: z.string(),
  kind: z.enum(submissionTrustKinds),
  value: z.string(),
  headerName: z.string(),
  headerValue: z.string(),
});
export type TrustDraft = z.infer<typeof creation>;

/** What is wrong at which box, in the api's words. */
export type TrustFaults = Readonly<Partial<Record<Exclude<keyof TrustDraft, 'kind'>, string>>>;

/** Why nothing was made. */
export interface TrustRefusal {
  readonly refusal: ActRefusal | 'fields' | 'exists';
  readonly fields: TrustFaults;
}

const pointers = { name: '/name', value: '/value', headerName: '/requiredHeader/name', headerValue: '/requiredHeader/value' } as const;

/** Lets a mail system in; it is when this returns null. */
export async function createTrust(given: TrustDraft): Promise<TrustRefusal | null> {
  const { headerName, headerValue, ...asked } = creation.parse(given);
  const api = await memberApi();
  const isAsked = headerName.trim() !== '' || headerValue.trim() !== '';
  try {
    const requiredHeader = { name: headerName.trim(), value: headerValue };
    await api.call(routes.createSubmissionTrust, { body: { ...asked, ...(isAsked ? { requiredHeader } : {}) } });
  } catch (error) {
    if (error instanceof ApiProblem && error.code === 'trust_exists') return { refusal: 'exists', fields: {} };
    if (!(error instanceof ApiProblem) || error.code !== 'validation_failed') return { refusal: actRefusalOf(error), fields: {} };
    const details = Object.entries(pointers).flatMap(([field, pointer]) => {
      const fault = error.errors.find((one) => one.pointer === pointer);
      return fault ? [[field, fault.detail] as const] : [];
    });
    return { refusal: 'fields', fields: Object.fromEntries(details) };
  }
  revalidatePath('/admin/access');
  return null;
}
