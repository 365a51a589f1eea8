import type { Queryable } from './queryable.ts';

/** Days for which the key before goes on signing beside a new one, so that whoever holds its public half has the time to change. */
const OVERLAP_DAYS = 30;
/** So many keys sign a log at once; more are rotated away no faster than they run out. */
export const LOG_KEY_LIMIT = 5;

type Db = Queryable & { readonly organizationId: string };

/** A key of an organization's logs, without its private half. */
export interface LogKey {
  readonly id: string;
  /** Ed25519, 32 bytes. */
  readonly publicKey: Buffer;
  readonly createdAt: Date;
  /** Null for the organization's own key; others sign, or signed, beside it until then. */
  readonly signsUntil: Date | null;
  readonly isSigning: boolean;
}

/** A new key pair, its private half sealed by the vault. */
export interface NewLogKey {
  readonly id: string;
  readonly publicKey: Uint8Array;
  readonly sealedPrivateKey: Uint8Array;
  readonly organizationKeyId: string;
}

/** One that signs now, with what opens it. */
export interface SigningLogKey {
  readonly id: string;
  readonly publicKey: Buffer;
  readonly sealedPrivateKey: Buffer;
  readonly organizationKey: { readonly keyId: string; readonly providerKeyId: string; readonly wrappedKey: Buffer };
}

/** Every key that the organization's logs ever had, the newest first. */
export function listLogKeys(db: Db): Promise<LogKey[]> {
  return db.query<LogKey>(
    `select id, public_key as "publicKey", created_at as "createdAt", signs_until as "signsUntil",
       signs_until is null or signs_until > clock_timestamp() as "isSigning"
     from log_key where organization_id = $1::uuid order by created_at desc, id desc`,
    [db.organizationId],
  );
}

/** The keys that sign now, the organization's own first. */
export async function signingLogKeys(db: Db): Promise<SigningLogKey[]> {
  const rows = await db.query<{
    id: string;
    public_key: Buffer;
    sealed_private_key: Buffer;
    key_id: string;
    provider_key_id: string;
    wrapped_key: Buffer;
  }>(
    `select l.id, l.public_key, l.sealed_private_key, k.id as key_id, k.provider_key_id, k.wrapped_key
     from log_key l join organization_key k on k.organization_id = l.organization_id and k.id = l.organization_key_id
     where l.organization_id = $1::uuid and (l.signs_until is null or l.signs_until > clock_timestamp())
     order by l.signs_until desc nulls first, l.id desc`,
    [db.organizationId],
  );
  return rows.map((row) => ({
    id: row.id,
    publicKey: row.public_key,
    sealedPrivateKey: row.sealed_private_key,
    organizationKey: { keyId: row.key_id, providerKeyId: row.provider_key_id, wrappedKey: row.wrapped_key },
  }));
}

/** Keeps the organization's first key; where there is one already, that stays. */
export async function keepLogKey(tx: Db, key: NewLogKey): Promise<void> {
  await oneAfterTheOther(tx);
  await tx.query(`${insert} on conflict do nothing`, valuesOf(tx, key));
}

/** Of rotations and of the making of a first key. */
async function oneAfterTheOther(tx: Db): Promise<void> {
  await tx.query('select id from organization where id = $1::uuid for no key update', [tx.organizationId]);
}

/** Lets a new key sign; the one before signs beside it for `OVERLAP_DAYS`. @returns `too_many` where too many do already. */
export async function rotateLogKey(tx: Db, key: NewLogKey): Promise<'rotated' | 'too_many'> {
  await oneAfterTheOther(tx);
  if ((await signingLogKeys(tx)).length >= LOG_KEY_LIMIT) return 'too_many';
  await tx.query(
    `update log_key set signs_until = clock_timestamp() + make_interval(days => $2::int) where organization_id = $1::uuid and signs_until is null`,
    [tx.organizationId, OVERLAP_DAYS],
  );
  await tx.query(insert, valuesOf(tx, key));
  return 'rotated';
}

const insert = `insert into log_key (organization_id, id, public_key, sealed_private_key, organization_key_id)
  values ($1::uuid, $2::uuid, $3, $4, $5::uuid)`;

function valuesOf(tx: Db, { id, publicKey, sealedPrivateKey, organizationKeyId }: NewLogKey): unknown[] {
  return [tx.organizationId, id, Buffer.from(publicKey), Buffer.from(sealedPrivateKey), organizationKeyId];
}
