import { z } from 'zod';

/** How much of a value is recorded, the least strict first. */
export const recordedForms = ['full', 'truncated', 'hash', 'none'] as const;
export const recordedForm = z.enum(recordedForms);
export type RecordedForm = z.infer<typeof recordedForm>;

/** What an organization records from now on of what tells of a person or a content. */
export interface PrivacyPolicy {
  readonly recordedClientIp: RecordedForm;
  readonly recordedUserAgent: RecordedForm;
  readonly recordedSubject: RecordedForm;
}

const HASH = /^hmac-sha256:[A-Za-z0-9_-]{43}$/;

/** Whether a recorded text looks like a hash: people are better told that it is one. */
export function looksHashed(text: string): boolean {
  return HASH.test(text);
}
