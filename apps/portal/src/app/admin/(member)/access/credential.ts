import type { Permission } from '@signet/domain/role';

/** What opens Signet to a program: an API key, or an SMTP credential. */
export type CredentialKind = 'apiKey' | 'smtp';

/** A credential as the list has it; its secret is nowhere. */
export interface ListedCredential {
  readonly id: string;
  readonly name: string;
  /** What it is recognised by: the beginning of a key, a user name. */
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
  'members:write',
];
