'use server';

import { ApiProblem } from '@signet/api-contract/client';
import type { AuditErasurePreview } from '@signet/api-contract/audit-erasures';
import { routes } from '@signet/api-contract/routes';
import { memberApi } from '../../../member-session.ts';
import { actRefusalOf } from '../../act-refusal-of.ts';
import type { ActRefusal } from '../../act-refusal.ts';

/** What an erasure of all entries of an address would take, or why that is not known. `address`: it is none; `none`: no entry names it. */
export type PreviewAnswer =
  | { readonly preview: AuditErasurePreview; readonly refusal: null }
  | { readonly preview: null; readonly refusal: ActRefusal | 'address' | 'none' };

/** Counts the entries that name an address, which stands in no address of a page: perhaps it is to be forgotten. Nothing is changed. */
export async function previewErasure(address: string): Promise<PreviewAnswer> {
  const api = await memberApi();
  try {
    return { preview: await api.call(routes.previewAuditErasure, { body: { address } }), refusal: null };
  } catch (error) {
    const code = error instanceof ApiProblem ? error.code : null;
    const refusal = code === 'validation_failed' ? 'address' : code === 'not_found' ? 'none' : actRefusalOf(error);
    return { preview: null, refusal };
  }
}
