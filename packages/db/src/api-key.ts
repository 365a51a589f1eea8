import { shareSource } from '@signet/domain/audit/source-name';
import { permission, type Permission } from '@signet/domain/role';
import { z } from 'zod';
import type { AdministrationTransaction, OrganizationScope, SystemScope } from './database.ts';
import { newId } from './database.ts';
import { nameOfDoer, type Doer } from './message-detail.ts';

/** An API key as its owners see it: everything but its secret. */
export interface StoredApiKey {
  readonly id: string;
  readonly name: string;
  readonly hint: string;
  readonly scopes: Permission[];
  readonly createdAt: Date;
  /** Name of who made it; null where that was not kept. */
  readonly createdBy: string | null;
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
}

/** Who an API key stands for. */
export interface ApiKeyIdentity {
  readonly organizationId: string;
  readonly id: string;
  readonly name: string;
  readonly scopes: Permission[];
}

/**
 * The key with this secret's SHA-256, null where there is none or it is revoked. Books its use, at most once a minute.
 */
export async function findApiKey(system: SystemScope, secretHash: Uint8Array): Promise<ApiKeyIdentity | null> {
  const [row] = await system.query<{ organization_id: string; id: string; name: string; scopes: Permission[]; stale: boolean }>(
    `select organization_id, id, name, scopes,
       last_used_at is null or last_used_at < statement_timestamp() - interval '1 minute' as stale
     from api_key where secret_hash = $1 and revoked_at is null`,
    [secretHash],
  );
  if (!row) return null;
  if (row.stale) {
    await system.query('update api_key set last_used_at = statement_timestamp() where organization_id = $1 and id = $2', [
      row.organization_id,
      row.id,
    ]);
  }
  return { organizationId: row.organization_id, id: row.id, name: row.name, scopes: row.scopes };
}

const scopes = z.array(permission);

const shown = {
  id: true,
  name: true,
  hint: true,
  scopes: true,
  createdAt: true,
  createdBy: true,
  lastUsedAt: true,
  revokedAt: true,
} as const;

/** All API keys of the organization, revoked ones included, the oldest first. */
export async function listApiKeys(scope: Pick<OrganizationScope, 'organizationId' | 'prisma'>): Promise<StoredApiKey[]> {
  const rows = await scope.prisma.apiKey.findMany({
    where: { organizationId: scope.organizationId },
    select: shown,
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
  });
  return rows.map(storedKey);
}

/** Has keys made one after the other, so that no two take a name at the same time. */
export async function lockKeyNames(tx: AdministrationTransaction): Promise<void> {
  await tx.query('select id from organization where id = $1::uuid for no key update', [tx.organizationId]);
}

/** A new key has the name of another one, and the trail would not tell the two apart. */
export class KeyNameTakenError extends Error {
  override readonly name = 'KeyNameTakenError';
  readonly by: StoredApiKey;

  constructor(by: StoredApiKey) {
    super(`There is an API key ${by.name} already`);
    this.by = by;
  }
}

/**
 * Stores a new API key; its record is the caller's to append. No name is taken twice where a key of that name adds to the trail, which knows
 * keys by their names; nor once that key is revoked, since its entries stay.
 * @throws {KeyNameTakenError}
 */
export async function createApiKey(
  tx: AdministrationTransaction,
  key: { name: string; hint: string; secretHash: Uint8Array; scopes: readonly Permission[]; createdBy: Doer },
): Promise<StoredApiKey> {
  await lockKeyNames(tx);
  const taken = (await listApiKeys(tx)).find((known) => shareSource(known, key));
  if (taken) throw new KeyNameTakenError(taken);
  const row = await tx.prisma.apiKey.create({
    data: {
      organizationId: tx.organizationId,
      id: newId(),
      name: key.name,
      hint: key.hint,
      secretHash: Uint8Array.from(key.secretHash),
      scopes: [...key.scopes],
      createdBy: { ...key.createdBy },
    },
    select: shown,
  });
  return storedKey(row);
}

function storedKey<Row extends { readonly scopes: string[]; readonly createdBy: unknown }>(row: Row) {
  return { ...row, scopes: scopes.parse(row.scopes), createdBy: nameOfDoer(row.createdBy) };
}

/** Revokes an API key for good. @returns the key, null where there is none; `changed` false where it was revoked before. */
export async function revokeApiKey(
  tx: AdministrationTransaction,
  id: string,
  at: Date,
): Promise<{ name: string; changed: boolean } | null> {
  const where = { organizationId_id: { organizationId: tx.organizationId, id } };
  const key = await tx.prisma.apiKey.findUnique({ where, select: { name: true } });
  if (!key) return null;
  const { count } = await tx.prisma.apiKey.updateMany({
    where: { organizationId: tx.organizationId, id, revokedAt: null },
    data: { revokedAt: at },
  });
  return { name: key.name, changed: count === 1 };
}
