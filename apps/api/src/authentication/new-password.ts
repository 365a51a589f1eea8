import { newPasswordLength } from '@signet/domain/member-authentication';
import { roleNames } from '@signet/domain/role';
import commonPasswords from 'fxa-common-password-list';
import { invalid } from '../http/problem-error.ts';
import { hashPassword } from './password.ts';

/** What stands around a password and that whoever guesses tries first. */
export interface PasswordSurroundings {
  readonly email: string;
  readonly organizationName: string;
}

/** Words that belong to Signet and to its roles, whatever the organization (ASVS 6.1.2). */
const words = ['signet', 'password', 'passphrase', 'passwort', 'welcome', 'letmein', ...roleNames];
/** So many letters and digits must be left of a password without the words that everybody knows. */
const LEAST_WITHOUT_WORDS = 8;
/** Shorter words occur in anything. */
const SHORTEST_WORD = 3;

/**
 * Hashes a password that somebody chose, as it was typed. There are no rules about kinds of characters: it must be long enough,
 * none of those that many people have, and not made of words that belong to the organization.
 * @param field of the request that it stands in.
 * @throws {ProblemError} `validation_failed`, saying what is wrong with it.
 */
export async function hashNewPassword(password: string, field: string, surroundings: PasswordSurroundings): Promise<string> {
  const fault = faultOf(password, surroundings);
  if (fault !== null) throw invalid([{ pointer: `/${field}`, detail: fault }]);
  return hashPassword(password);
}

/** What is wrong with a password; null when it will do. */
export function faultOf(password: string, surroundings: PasswordSurroundings): string | null {
  if (Array.from(password).length < newPasswordLength.min) return `must have at least ${newPasswordLength.min} characters`;
  const lower = password.toLowerCase();
  // What many people put before and after a common word adds little.
  const stem = lower.replaceAll(/^[^\p{L}]+|[^\p{L}]+$/gu, '');
  if (commonPasswords.test(lower) || commonPasswords.test(stem))
    return 'is one of the passwords that are guessed first: choose another one';
  const left = wordsAround(surroundings).reduce((text, word) => text.replaceAll(word, ''), lower);
  // Where none of the words is in it, any characters will do, signs alone as well.
  if (left !== lower && Array.from(left.replaceAll(/[^\p{L}\p{N}]/gu, '')).length < LEAST_WITHOUT_WORDS) {
    return 'is mostly made of words that belong to the organization, the address or Signet: choose others';
  }
  // One character, or two, over and over.
  if (new Set(lower).size < 4) return 'has too few different characters';
  return null;
}

/** The longest first, so that none is left in pieces. */
function wordsAround({ email, organizationName }: PasswordSurroundings): string[] {
  const around = [...email.toLowerCase().split(/[^\p{L}\p{N}]+/u), ...organizationName.toLowerCase().split(/[^\p{L}\p{N}]+/u)];
  return [...new Set([...words, ...around])].filter((word) => word.length >= SHORTEST_WORD).toSorted((a, b) => b.length - a.length);
}
