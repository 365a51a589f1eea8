import { passcodePolicy } from '@signet/domain/passcode';

const shape = new RegExp(`^\\d{${passcodePolicy.digits}}$`);

/** The passcode in what somebody typed or pasted, with spaces and dashes wherever they like; null where there is none. */
export function passcodeIn(text: string): string | null {
  const digits = text.normalize('NFKC').replaceAll(/[\s\p{Pd}]/gu, '');
  return shape.test(digits) ? digits : null;
}
