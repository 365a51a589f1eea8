import type { PasskeyCreationOptions, PasskeyRequestOptions } from '@signet/api-contract/passkeys';
import { startAuthentication, startRegistration, WebAuthnError } from '@simplewebauthn/browser';

/** Has the browser's window ask for one of the passkeys that are wanted. */
export function askForPasskey(options: PasskeyRequestOptions) {
  return startAuthentication({ optionsJSON: options });
}

/** Has the browser's window make a passkey. */
export function makePasskey(options: PasskeyCreationOptions) {
  return startRegistration({ optionsJSON: options });
}

/** Why a browser made or gave no passkey. */
export type PasskeyFailure = 'cancelled' | 'alreadyThere' | 'failed';

/** What an error of the browser's passkey window means to who sees it (WebAuthn level 3, 5.1.3 and 5.1.4). */
export function passkeyFailureOf(error: unknown): PasskeyFailure {
  if (error instanceof WebAuthnError && error.code === 'ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED') return 'alreadyThere';
  // Browsers do not tell "cancelled" from "no passkey here" and "took too long", so that pages learn nothing of the device.
  return error instanceof Error && (error.name === 'NotAllowedError' || error.name === 'AbortError') ? 'cancelled' : 'failed';
}
