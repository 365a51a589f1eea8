import { z } from 'zod';

/** How long an authentication counts as recent for acts that ask for one, a sign-in included. */
export const RECENT_SECONDS = 15 * 60;

/**
 * How long a chosen password may be: at least so many characters (code points), at most so many UTF-16 units. With ten, the list of
 * common passwords that is at hand has more than the 3,000 of that length that ASVS 6.2.4 asks for.
 */
export const newPasswordLength = { min: 10, max: 256 } as const;

/** When members' sessions end (ASVS 7.3; NIST SP 800-63B-4, AAL2: an hour of inactivity, a day in all). */
export const memberSessionPolicy = {
  idleSeconds: 60 * 60,
  absoluteSeconds: 12 * 3600,
  /** Sessions of one member at once; one more ends the one that was seen longest ago. */
  atOnce: 20,
} as const;

/** Lifetimes in seconds of what is sent or given out once, and used once. */
export const memberLifetimes = {
  invitation: 7 * 86_400,
  passwordReset: 3600,
  /** From the password to the second factor. */
  signInStep: 600,
  /** From the challenge to the passkey's answer, and from a new secret to the first code of the authenticator app. */
  challenge: 600,
} as const;

/** How a session came to be, or was strengthened: kept with it and shown to its member. */
export const authenticationFactor = z.enum(['password', 'totp', 'passkey', 'recovery_code', 'invitation']);
export type AuthenticationFactor = z.infer<typeof authenticationFactor>;

/** What can stand as the second step of a sign-in that began with a password. */
export const secondFactors = ['totp', 'passkey', 'recovery_code'] as const;
export type SecondFactor = (typeof secondFactors)[number];

/** What a member has besides a password. */
export interface EnrolledFactors {
  readonly totp: boolean;
  readonly passkeys: number;
  readonly recoveryCodes: number;
}

/** The second steps that a member can take; none where the password is all there is. Recovery codes stand in for another factor. */
export function secondFactorsOf(enrolled: EnrolledFactors): SecondFactor[] {
  const own: SecondFactor[] = [...(enrolled.totp ? (['totp'] as const) : []), ...(enrolled.passkeys > 0 ? (['passkey'] as const) : [])];
  return own.length > 0 && enrolled.recoveryCodes > 0 ? [...own, 'recovery_code'] : own;
}

/** Whether a member must set up a second factor before anything else. */
export function lacksSecondFactor(member: Pick<EnrolledFactors, 'totp' | 'passkeys'> & { readonly requireSecondFactor: boolean }): boolean {
  return member.requireSecondFactor && !member.totp && member.passkeys === 0;
}

/** Ways in which a signed-in member proves once more who they are. */
export const reauthenticationMethods = ['password', 'password_and_code', 'passkey'] as const;
export type ReauthenticationMethod = (typeof reauthenticationMethods)[number];

/**
 * The ways that are as strong as the member's sign-in: a stolen session and one stolen factor must not be enough to change the
 * others (ASVS 7.5.1). A passkey is two factors by itself.
 */
export function reauthenticationMethodsOf({ totp, passkeys }: Pick<EnrolledFactors, 'totp' | 'passkeys'>): ReauthenticationMethod[] {
  if (!totp && passkeys === 0) return ['password'];
  return [...(passkeys > 0 ? (['passkey'] as const) : []), ...(totp ? (['password_and_code'] as const) : [])];
}
