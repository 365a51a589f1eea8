import { z } from 'zod';

/** Mails to members about their account: links that they use, and notices of what changed about how they sign in (ASVS 6.3.7). */
export const memberMails = [
  'invitation',
  'password-reset',
  'password-changed',
  'authenticator-app-added',
  'authenticator-app-removed',
  'recovery-codes-created',
  'recovery-code-used',
  'passkey-added',
  'passkey-removed',
  'second-factors-reset',
] as const;
export const memberMail = z.enum(memberMails);
export type MemberMail = z.infer<typeof memberMail>;
