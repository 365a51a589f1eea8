import { newId, type AdministrationTransaction, type OrganizationScope } from './database.ts';

/** An SMTP credential as its owners see it: everything but its password. */
export interface StoredSmtpCredential {
  readonly id: string;
  readonly name: string;
  readonly username: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
}

const shown = { id: true, name: true, username: true, createdAt: true, lastUsedAt: true, revokedAt: true } as const;

/** All SMTP credentials of the organization, revoked ones included, the oldest first. */
export async function listSmtpCredentials(scope: OrganizationScope): Promise<StoredSmtpCredential[]> {
  return scope.prisma.smtpCredential.findMany({
    where: { organizationId: scope.organizationId },
    select: shown,
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
  });
}

/** Stores a new SMTP credential; its record is the caller's to append. @param secretHash SHA-256 of the generated password. */
export async function createSmtpCredential(
  tx: AdministrationTransaction,
  credential: { name: string; username: string; secretHash: Uint8Array },
): Promise<StoredSmtpCredential> {
  const { name, username } = credential;
  const secretHash = Uint8Array.from(credential.secretHash);
  return tx.prisma.smtpCredential.create({
    data: { organizationId: tx.organizationId, id: newId(), name, username, secretHash },
    select: shown,
  });
}

/** Revokes an SMTP credential for good. @returns it, null where there is none; `changed` false where it was revoked before. */
export async function revokeSmtpCredential(
  tx: AdministrationTransaction,
  id: string,
  at: Date,
): Promise<{ username: string; changed: boolean } | null> {
  const where = { organizationId_id: { organizationId: tx.organizationId, id } };
  const credential = await tx.prisma.smtpCredential.findUnique({ where, select: { username: true } });
  if (!credential) return null;
  const { count } = await tx.prisma.smtpCredential.updateMany({
    where: { organizationId: tx.organizationId, id, revokedAt: null },
    data: { revokedAt: at },
  });
  return { username: credential.username, changed: count === 1 };
}
