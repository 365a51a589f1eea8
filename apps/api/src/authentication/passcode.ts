import { randomInt } from 'node:crypto';
import { passcodePolicy } from '@signet/domain/passcode';

/** Without letters and digits that people take for one another. */
const REFERENCE_ALPHABET = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';

/** A reference that tells one passcode mail from another, like `K7QP-3M`: shown on the page and in the mail, worth nothing. */
export function newPasscodeReference(): string {
  const letters = Array.from({ length: 6 }, () => REFERENCE_ALPHABET[randomInt(REFERENCE_ALPHABET.length)]).join('');
  return `${letters.slice(0, 4)}-${letters.slice(4)}`;
}

export function newPasscode(): string {
  return String(randomInt(10 ** passcodePolicy.digits)).padStart(passcodePolicy.digits, '0');
}

/** The passcode in what somebody typed: people copy codes with what stands around and in them; full-width digits are digits. */
export function typedPasscode(text: string): string {
  return text.normalize('NFKC').replaceAll(/[\s\p{Dash_Punctuation}]/gu, '');
}
