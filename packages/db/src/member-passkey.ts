import { newId, type OrganizationTransaction, type SystemScope } from './database.ts';
import type { Queryable } from './queryable.ts';

/** A passkey with what verifying its answers needs. */
export interface StoredPasskey {
  readonly organizationId: string;
  readonly id: string;
  readonly memberId: string;
  /** As WebAuthn writes it: base64url. */
  readonly credentialId: string;
  readonly publicKey: Buffer;
  readonly counter: number;
  readonly transports: string[];
}

/** A passkey as its member sees it. */
export interface ListedPasskey {
  readonly id: string;
  readonly name: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
  readonly backedUp: boolean;
}

/** A member's passkeys with what is asked of browsers about them. */
export async function listPasskeys(
  db: Queryable,
  organizationId: string,
  memberId: string,
): Promise<(ListedPasskey & Pick<StoredPasskey, 'credentialId' | 'transports'>)[]> {
  return db.query(
    `select id, name, created_at as "createdAt", last_used_at as "lastUsedAt", backed_up as "backedUp",
       credential_id as "credentialId", transports
     from member_passkey where organization_id = $1 and member_id = $2 order by created_at, id`,
    [organizationId, memberId],
  );
}

/** The passkey that a browser named, whosever it is; null where there is none. */
export async function findPasskey(system: SystemScope, credentialId: string): Promise<StoredPasskey | null> {
  const [row] = await system.query<StoredPasskey>(
    `select organization_id as "organizationId", id, member_id as "memberId", credential_id as "credentialId",
       public_key as "publicKey", counter, transports
     from member_passkey where credential_id = $1`,
    [credentialId],
  );
  return row ?? null;
}

/** Stores a passkey. @returns null where one with this credential id is known. */
export async function addPasskey(
  tx: OrganizationTransaction,
  passkey: Omit<StoredPasskey, 'organizationId' | 'id' | 'publicKey'> & { publicKey: Uint8Array; name: string; backedUp: boolean },
): Promise<ListedPasskey | null> {
  const [row] = await tx.query<ListedPasskey>(
    `insert into member_passkey (organization_id, id, member_id, credential_id, public_key, counter, transports, name, backed_up, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, clock_timestamp()) on conflict (credential_id) do nothing
     returning id, name, created_at as "createdAt", last_used_at as "lastUsedAt", backed_up as "backedUp"`,
    [
      tx.organizationId,
      newId(),
      passkey.memberId,
      passkey.credentialId,
      passkey.publicKey,
      passkey.counter,
      passkey.transports,
      passkey.name,
      passkey.backedUp,
    ],
  );
  return row ?? null;
}

/**
 * Books that a passkey was used. Its counter only grows, as far as it counts at all: of two answers of which one was made by a
 * copy, the later one fails.
 * @returns whether it was.
 */
export async function bookPasskeyUse(
  tx: OrganizationTransaction,
  id: string,
  use: { counter: number; backedUp: boolean },
): Promise<boolean> {
  const booked = await tx.query(
    `update member_passkey set counter = $3, backed_up = $4, last_used_at = clock_timestamp()
     where organization_id = $1 and id = $2 and (counter < $3 or (counter = 0 and $3 = 0)) returning id`,
    [tx.organizationId, id, use.counter, use.backedUp],
  );
  return booked.length > 0;
}

/** Gives one of a member's passkeys another name. @returns it and its name before; null where they have none with this id. */
export async function renamePasskey(
  tx: OrganizationTransaction,
  memberId: string,
  id: string,
  name: string,
): Promise<(ListedPasskey & { readonly nameBefore: string }) | null> {
  const [row] = await tx.query<ListedPasskey & { readonly nameBefore: string }>(
    `update member_passkey set name = $4
     from (select id, name from member_passkey where organization_id = $1 and member_id = $2 and id = $3 for update) before
     where member_passkey.organization_id = $1 and member_passkey.id = before.id
     returning member_passkey.id, member_passkey.name, created_at as "createdAt", last_used_at as "lastUsedAt", backed_up as "backedUp",
       before.name as "nameBefore"`,
    [tx.organizationId, memberId, id, name],
  );
  return row ?? null;
}

/** Removes one of a member's passkeys. @returns its name; null where they have none with this id. */
export async function removePasskey(tx: OrganizationTransaction, memberId: string, id: string): Promise<string | null> {
  const [row] = await tx.query<{ name: string }>(
    'delete from member_passkey where organization_id = $1 and member_id = $2 and id = $3 returning name',
    [tx.organizationId, memberId, id],
  );
  return row?.name ?? null;
}

/** Removes all of a member's passkeys. @returns how many. */
export async function removePasskeys(tx: OrganizationTransaction, memberId: string): Promise<number> {
  const removed = await tx.query('delete from member_passkey where organization_id = $1 and member_id = $2 returning id', [
    tx.organizationId,
    memberId,
  ]);
  return removed.length;
}
