import type { PasscodeStep } from '../../components/passcode-form.tsx';

/** Where a sender stands on the way to their messages. All texts are ready to be shown. */
export type SignInStep =
  | { readonly at: 'email'; readonly email: string; readonly error?: string; readonly notice?: string; readonly wait?: number }
  | (PasscodeStep & { readonly at: 'passcode'; readonly email: string; readonly expiresAt: string });

/** What a form asks for; the value of its field `intent`. `other`: another address. */
export const intents = ['requestPasscode', 'signIn', 'other'] as const;
