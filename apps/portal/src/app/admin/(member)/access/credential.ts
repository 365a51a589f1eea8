import type { Permission } from '@signet/domain/role';

/** What opens Signet to a program by a secret of its own: an API key, or an SMTP credential. */
export type SecretKind = 'apiKey' | 'smtp';

/** What opens Signet to a program, those that are trusted without a secret among them. */
export type CredentialKind = SecretKind | 'trust';

/** A credential as the list has it; its secret is nowhere. */
export interface ListedCredential {
  readonly id: string;
  readonly name: string;
  /** What it is recognised by: the beginning of a key, a user name, a network or certificate. */
  readonly mark: string;
  readonly scopes: readonly Permission[] | null;
  readonly createdAt: string;
  readonly createdBy: string | null;
  readonly lastUsedAt: string | null;
  readonly revokedAt: string | null;
}

/** Scopes with which a program changes what others see or may do. */
export const dangerousScopes: readonly Permission[] = [
  'configuration:write',
  'messages:write',
  'messages:resend',
  'messages:revoke',
  'audit:write',
  'audit:erase',
  'holds:write',
  'members:write',
];
