import { looksHashed } from '@signet/domain/privacy-policy';
import { plainText } from './plain-text.ts';

/** Characters of a hash that are shown: enough to see that two are equal. */
const HASH_SHOWN = 8;

/** A hash in a form that people can compare at a glance. */
export function shortHash(hash: string): string {
  return hash.slice(hash.indexOf(':') + 1).slice(0, HASH_SHOWN);
}

/** A message's subject as it is kept beside the content: in words where the privacy policy left none of it, or a hash. */
export function subjectText(subject: string | null, words: { hidden: string; none: string; hashed: string }): string {
  if (subject === null) return words.hidden;
  if (subject === '') return words.none;
  return looksHashed(subject) ? `${words.hashed} ${shortHash(subject)}` : plainText(subject);
}

/** What a message is called where there is room for one name: its subject, or its Message-ID where nobody would know it by that. */
export function messageName({ subject, messageId }: { subject: string | null; messageId: string }): string {
  return subject === null || subject === '' || looksHashed(subject) ? messageId : subject;
}
