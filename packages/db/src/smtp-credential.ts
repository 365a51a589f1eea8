import { newId, type AdministrationTransaction, type OrganizationScope } from './database.ts';
import { nameOfDoer, type Doer } from './message-detail.ts';

/** An SMTP credential as its owners see it: everything but its password. */
export interface StoredSmtpCredential {
  readonly id: string;
  readonly name: string;
  readonly username: string;
  readonly createdAt: Date;
  /** Name of who made it; null where that was not kept. */
  readonly createdBy: string | null;
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
}

const shown = { id: true, name: true, username: true, createdAt: true, createdBy: true, lastUsedAt: true, revokedAt: true } as const;

/** All SMTP credentials of the organization, revoked ones included, the oldest first. */
export async function listSmtpCredentials(scope: OrganizationScope): Promise<StoredSmtpCredential[]> {
  const rows = await scope.prisma.smtpCredential.findMany({
    where: { organizationId: scope.organizationId },
    select: shown,
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
  });
  return rows.map((row) => ({ ...row, createdBy: nameOfDoer(row.createdBy) }));
}

/** Stores a new SMTP credential; its record is the caller's to append. @param secretHash SHA-256 of the generated password. */
export async function createSmtpCredential(
  tx: AdministrationTransaction,
  credential: { name: string; username: string; secretHash: Uint8Array; createdBy: Doer },
): Promise<StoredSmtpCredential> {
  const { name, username } = credential;
  const secretHash = Uint8Array.from(credential.secretHash);
  const row = await tx.prisma.smtpCredential.create({
    data: { organizationId: tx.organizationId, id: newId(), name, username, secretHash, createdBy: { ...credential.createdBy } },
    select: shown,
  });
  return { ...row, createdBy: nameOfDoer(row.createdBy) };
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
