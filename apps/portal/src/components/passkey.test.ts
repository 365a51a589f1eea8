import { WebAuthnError } from '@simplewebauthn/browser';
import { expect, test } from 'vitest';
import { passkeyFailureOf } from './passkey.ts';

const named = (name: string) => Object.assign(new Error('x'), { name });

test.each([
  ['a window that was closed is no fault', named('NotAllowedError'), 'cancelled'],
  ['a question that another one replaced is no fault', named('AbortError'), 'cancelled'],
  [
    'a device that has a passkey for the account is told from one that cannot make any',
    new WebAuthnError({ message: 'x', code: 'ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED', cause: named('InvalidStateError') }),
    'alreadyThere',
  ],
  ['anything else is a failure', named('SecurityError'), 'failed'],
  ['what is no error is a failure', 'x', 'failed'],
] as const)('%s', (_, error, failure) => {
  expect(passkeyFailureOf(error)).toBe(failure);
});
