import { ApiProblem } from '@signet/api-contract/client';
import { retryAtOf } from './retry-at.ts';

/** Why a new password was not taken. */
export interface PasswordRefusal {
  readonly why: 'rule' | 'differs' | 'over' | 'tooMany' | 'away';
  /** With `rule`: what the api says of the password, as the rest of a sentence. */
  readonly details: readonly string[];
  readonly retryAt: string;
}

/** What the api's answer to a link with a new password means to who chose it. */
export function passwordRefusalOf(error: unknown): PasswordRefusal {
  const refusal = { details: [], retryAt: '' };
  if (!(error instanceof ApiProblem)) return { ...refusal, why: 'away' };
  if (error.code === 'validation_failed') return { ...refusal, why: 'rule', details: error.errors.map(({ detail }) => detail) };
  if (error.code === 'link_void') return { ...refusal, why: 'over' };
  if (error.code === 'too_many_requests') return { ...refusal, why: 'tooMany', retryAt: retryAtOf(error) };
  return { ...refusal, why: 'away' };
}
