import { instant } from '@signet/domain/audit/entry';
import { memberSessionPolicy, secondFactors } from '@signet/domain/member-authentication';
import { z } from 'zod';
import { isSecure, secureName, type CookieReader, type CookieWriter } from '../../cookie.ts';

/** A sign-in between its two steps, as the api names it. */
const signInStep = z.strictObject({ challenge: z.string().min(1), expiresAt: instant, methods: z.array(z.enum(secondFactors)).min(1) });
export type SignInStep = z.infer<typeof signInStep>;

/** A day longer than any session: by what is left of it the sign-in page knows that one has ended. */
const TOKEN_SECONDS = memberSessionPolicy.absoluteSeconds + 86_400;

/** Strict: no other site can make the browser send it. The path keeps it away from the recipients' pages, which show what strangers wrote. */
function attributes() {
  return { httpOnly: true, secure: isSecure(), sameSite: 'strict', path: '/admin' } as const;
}

/** The session token of the signed-in member. */
export function memberToken(cookies: CookieReader): string | undefined {
  return cookies.get(secureName('signet-member'))?.value || undefined;
}

/** Keeps a member's session; when it ends the api says. */
export function keepMember(cookies: CookieWriter, token: string): void {
  cookies.set(secureName('signet-member'), token, { ...attributes(), maxAge: TOKEN_SECONDS });
}

/** Forgets the member's session in this browser. */
export function forgetMember(cookies: CookieWriter): void {
  cookies.set(secureName('signet-member'), '', { ...attributes(), maxAge: 0 });
}

/** The sign-in whose second step is due in this browser, null for none. */
export function readSignInStep(cookies: CookieReader): SignInStep | null {
  const value = cookies.get(secureName('signet-sign-in'))?.value;
  try {
    return signInStep.safeParse(JSON.parse(value ?? '')).data ?? null;
  } catch {
    return null;
  }
}

/** Keeps a sign-in until its second step, for as long as the api takes one. */
export function keepSignInStep(cookies: CookieWriter, step: SignInStep): void {
  cookies.set(secureName('signet-sign-in'), JSON.stringify(step), { ...attributes(), expires: new Date(step.expiresAt) });
}

/** Forgets a sign-in between its steps. */
export function forgetSignInStep(cookies: CookieWriter): void {
  cookies.set(secureName('signet-sign-in'), '', { ...attributes(), maxAge: 0 });
}
