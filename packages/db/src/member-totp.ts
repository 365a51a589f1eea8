import type { OrganizationTransaction } from './database.ts';
import type { Queryable } from './queryable.ts';

/** An authenticator app's secret, sealed under one of the organization's keys. */
export interface StoredTotp {
  readonly id: string;
  readonly sealedSecret: Buffer;
  readonly organizationKey: { readonly keyId: string; readonly providerKeyId: string; readonly wrappedKey: Buffer };
  readonly lastStep: number | null;
  readonly createdAt: Date;
}

/** Keeps a secret that is yet to be confirmed, in the place of an earlier one. @returns until when it can be. */
export async function putPendingTotp(
  tx: OrganizationTransaction,
  totp: { id: string; memberId: string; organizationKeyId: string; sealedSecret: Uint8Array; seconds: number },
): Promise<Date> {
  const [row] = await tx.query<{ expires_at: Date }>(
    `insert into member_totp (organization_id, member_id, state, id, organization_key_id, sealed_secret, created_at, expires_at)
     values ($1, $2, 'pending', $3, $4, $5, clock_timestamp(), clock_timestamp() + make_interval(secs => $6::int))
     on conflict (organization_id, member_id, state) do update
       set id = excluded.id, organization_key_id = excluded.organization_key_id, sealed_secret = excluded.sealed_secret,
         created_at = excluded.created_at, expires_at = excluded.expires_at
     returning expires_at`,
    [tx.organizationId, totp.memberId, totp.id, totp.organizationKeyId, totp.sealedSecret, totp.seconds],
  );
  if (!row) throw new Error('The secret was not stored');
  return row.expires_at;
}

/** A member's authenticator app, or the one that is yet to be confirmed; null where there is none, or that took too long. */
export async function findTotp(
  db: Queryable,
  organizationId: string,
  memberId: string,
  state: 'pending' | 'confirmed',
): Promise<StoredTotp | null> {
  const [row] = await db.query<Omit<StoredTotp, 'organizationKey'> & { keyId: string; providerKeyId: string; wrappedKey: Buffer }>(
    `select totp.id, totp.sealed_secret as "sealedSecret", totp.last_step as "lastStep", totp.created_at as "createdAt",
       key.id as "keyId", key.provider_key_id as "providerKeyId", key.wrapped_key as "wrappedKey"
     from member_totp totp
     join organization_key key on key.organization_id = totp.organization_id and key.id = totp.organization_key_id
     where totp.organization_id = $1 and totp.member_id = $2 and totp.state = $3
       and (totp.expires_at is null or totp.expires_at > statement_timestamp())`,
    [organizationId, memberId, state],
  );
  if (!row) return null;
  const { keyId, providerKeyId, wrappedKey, ...totp } = row;
  return { ...totp, organizationKey: { keyId, providerKeyId, wrappedKey } };
}

/** Books a code's time step as used: of any number of tries with one code, one wins. @returns whether it was this one. */
export async function useTotpStep(tx: OrganizationTransaction, id: string, step: number): Promise<boolean> {
  const used = await tx.query(
    `update member_totp set last_step = $3 where organization_id = $1 and id = $2 and state = 'confirmed'
       and (last_step is null or last_step < $3) returning id`,
    [tx.organizationId, id, step],
  );
  return used.length > 0;
}

/** Puts a confirmed secret in the place of the one before. @param step of the code that confirmed it. @returns false where it was done already. */
export async function confirmTotp(tx: OrganizationTransaction, memberId: string, id: string, step: number): Promise<boolean> {
  const [pending] = await tx.query(
    `select from member_totp where organization_id = $1 and member_id = $2 and id = $3 and state = 'pending'
       and expires_at > clock_timestamp() for update`,
    [tx.organizationId, memberId, id],
  );
  if (!pending) return false;
  await tx.query(`delete from member_totp where organization_id = $1 and member_id = $2 and state = 'confirmed'`, [
    tx.organizationId,
    memberId,
  ]);
  await tx.query(
    `update member_totp set state = 'confirmed', expires_at = null, last_step = $3, created_at = clock_timestamp()
     where organization_id = $1 and id = $2 and state = 'pending'`,
    [tx.organizationId, id, step],
  );
  return true;
}

/** Removes a member's authenticator app, and one that is yet to be confirmed. @returns whether there was a confirmed one. */
export async function removeTotp(tx: OrganizationTransaction, memberId: string): Promise<boolean> {
  const removed = await tx.query<{ state: string }>(
    'delete from member_totp where organization_id = $1 and member_id = $2 returning state',
    [tx.organizationId, memberId],
  );
  return removed.some(({ state }) => state === 'confirmed');
}
