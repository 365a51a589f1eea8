import { expect, it } from 'vitest';
import { recipientReference, recipientReferenceOf } from './recipient-reference.ts';

it('is the first 48 bits of the SHA-256 of the identifier’s bytes, however it is spelled', () => {
  // printf '\x01\x99\x00…' | sha256sum: 16 bytes of zeros begin with 374708fff771.
  expect(recipientReferenceOf('00000000-0000-0000-0000-000000000000')).toBe('3747-08FF-F771');
  expect(recipientReferenceOf('0199F3A0-0000-7000-8000-00000000000A')).toBe(recipientReferenceOf('0199f3a0-0000-7000-8000-00000000000a'));
});

it('has the form that mails show', () => {
  expect(recipientReference.safeParse(recipientReferenceOf('0199f3a0-0000-7000-8000-00000000000a')).success).toBe(true);
  expect(recipientReference.safeParse('4F7A09C2E1B8').success).toBe(false);
});
