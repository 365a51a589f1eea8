import { randomInt } from 'node:crypto';
import { hashOfSecret } from './secret.ts';

/** Without letters and digits that people take for one another: 32, so that each letter is five bits. */
const ALPHABET = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
const CODES = 10;
/** Groups and their letters: 28 letters are 140 random bits, so that SHA-256 is enough for storing them (ASVS 6.5.2). */
const GROUPS = 4;
const GROUP_LETTERS = 7;

/** New recovery codes, in groups that people can copy. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: CODES }, () => Array.from({ length: GROUPS }, newGroup).join('-'));
}

function newGroup(): string {
  return Array.from({ length: GROUP_LETTERS }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
}

/** How a recovery code is stored and compared: however it was copied, in small letters or without its hyphens. */
export function hashOfRecoveryCode(code: string): Buffer {
  return hashOfSecret(code.toUpperCase().replaceAll(/[^A-Z0-9]/g, ''));
}
