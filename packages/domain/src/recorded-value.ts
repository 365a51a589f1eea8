import { createHmac } from 'node:crypto';
import { BROWSER_MAP, OS_MAP, parse } from 'bowser';
import { oneSpellingOf, wideNetworkOf } from './network.ts';
import { recordedForms, type PrivacyPolicy, type RecordedForm } from './privacy-policy.ts';

/** An organization's policy at a moment, and its keyed hash. */
export interface Recording extends PrivacyPolicy {
  readonly hash: (text: string) => string;
}

/** Everything as it comes: the policy of a new organization. */
export const recordingInFull: Recording = {
  recordedClientIp: 'full',
  recordedUserAgent: 'full',
  recordedSubject: 'full',
  hash: () => {
    throw new Error('Nothing is hashed where all is recorded in full');
  },
};

/** A value as it is kept, and how much of what it was. */
export interface RecordedValue {
  readonly value: string | null;
  readonly form: RecordedForm;
}

/** Characters of a subject that are kept at most, and never more than half of it: enough to know one's own mail again. */
const SUBJECT_CHARACTERS = 10;

/** What makes hashes that nobody can guess without the key, and that only the same organization makes again. */
export function keyedHash(key: Uint8Array): Recording['hash'] {
  return (text) => `hmac-sha256:${createHmac('sha256', key).update(text).digest('base64url')}`;
}

/** What is recorded of an address. */
export function recordedClientIp(address: RecordedValue, { recordedClientIp: form, hash }: Recording): RecordedValue {
  return reduced(address, form, wideNetworkOf, (text) => hash(`clientIp\0${oneSpellingOf(text)}`));
}

/** What is recorded of a user agent. */
export function recordedUserAgent(agent: RecordedValue, { recordedUserAgent: form, hash }: Recording): RecordedValue {
  return reduced(agent, form, shortAgent, (text) => hash(`userAgent\0${text}`));
}

/** What is recorded of a subject. */
export function recordedSubject(subject: RecordedValue, { recordedSubject: form, hash }: Recording): RecordedValue {
  return reduced(subject, form, shortSubject, (text) => hash(`subject\0${text}`));
}

/**
 * Where there is nothing, nothing is hidden. What was reduced before stays as it is under a policy that is no stricter; under a stricter
 * one nothing is left of it, since the hash of what was cut off would be the hash of something else.
 */
function reduced(
  was: RecordedValue,
  form: RecordedForm,
  truncate: (text: string) => string | null,
  hash: (text: string) => string,
): RecordedValue {
  if (was.value === null || was.value === '' || recordedForms.indexOf(form) <= recordedForms.indexOf(was.form)) return was;
  const value = was.form !== 'full' || form === 'none' ? null : form === 'hash' ? hash(was.value) : truncate(was.value);
  return value === null ? { value, form: 'none' } : { value, form };
}

const browsers: ReadonlySet<string> = new Set(Object.values(BROWSER_MAP));
const systems: ReadonlySet<string> = new Set(Object.values(OS_MAP));

/** `Chrome 125 on Linux`. Only names that the library lists: of an agent that it does not know it gives back what the agent says. */
function shortAgent(agent: string): string {
  const { browser, os } = parse(agent);
  const major = /^\d{1,4}(?=\.|$)/.exec(browser.version ?? '')?.[0];
  const name = browser.name !== undefined && browsers.has(browser.name) ? [browser.name, major].filter(Boolean).join(' ') : 'Other';
  return os.name !== undefined && systems.has(os.name) ? `${name} on ${os.name}` : name;
}

function shortSubject(subject: string): string {
  const characters = Array.from(subject);
  return `${characters
    .slice(0, Math.min(SUBJECT_CHARACTERS, Math.floor(characters.length / 2)))
    .join('')
    .trim()}…`;
}
