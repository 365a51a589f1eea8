import { ApiProblem } from '@signet/api-contract/client';
import { actRefusalOf } from './act-refusal-of.ts';
import type { ActRefusal } from './act-refusal.ts';

/** What came of an act on a receiver. `detail`: why not, in the api's words, and `field` the box that they are about; empty where it is none. */
export interface ReceiverAnswer {
  readonly refusal: ActRefusal | 'detail' | null;
  readonly detail: string;
  readonly field: string;
}

export const receiverDone: ReceiverAnswer = { refusal: null, detail: '', field: '' };

/** What the api's refusal of such an act means for whoever acted. */
export function receiverRefusalOf(error: unknown): ReceiverAnswer {
  if (!(error instanceof ApiProblem)) return { ...receiverDone, refusal: actRefusalOf(error) };
  const [fault] = error.errors;
  if (error.code === 'validation_failed' && fault)
    return { refusal: 'detail', detail: fault.detail, field: fault.pointer.slice(1).split('/')[0] ?? '' };
  if (error.status === 409 || error.status === 429) return { refusal: 'detail', detail: error.detail ?? '', field: '' };
  return { ...receiverDone, refusal: actRefusalOf(error) };
}
