import type { NextHopTls } from '@signet/domain/next-hop';
import type { OrganizationScope, OrganizationTransaction } from './database.ts';
import type { Queryable } from './queryable.ts';

/** A mail server that an organization's mail goes to, without its password. */
export interface StoredNextHop {
  readonly id: string;
  /** Whose recipients' mail goes there; with a leading `*.` that of the domains below it; null: all that no other next hop names. */
  readonly domain: string | null;
  readonly host: string;
  readonly port: number;
  readonly tls: NextHopTls;
  /** Null: nobody signs in. Where there is one, there is a password. */
  readonly username: string | null;
}

/** A password as it lies in the database. */
export interface SealedPassword {
  readonly sealed: Uint8Array;
  readonly organizationKeyId: string;
}

/** The organization's next hops by domain, the one for all others last. */
export async function listNextHops(db: Queryable & { readonly organizationId: string }): Promise<StoredNextHop[]> {
  return db.query<StoredNextHop>(
    'select id, domain, host, port, tls, username from next_hop where organization_id = $1 order by domain nulls last',
    [db.organizationId],
  );
}

/** The same, held so that they change one after the other. */
export async function lockNextHops(tx: OrganizationTransaction): Promise<StoredNextHop[]> {
  await tx.query('select from organization where id = $1 for no key update', [tx.organizationId]);
  return listNextHops(tx);
}

/** Adds a next hop, or gives the one of this id other values. @param password null: there is none; undefined: it stays. */
export async function putNextHop(
  tx: OrganizationTransaction,
  hop: StoredNextHop,
  password: SealedPassword | null | undefined,
): Promise<void> {
  const { id, domain, host, port, tls, username } = hop;
  const sealed = password ? Buffer.from(password.sealed) : null;
  await tx.query(
    `insert into next_hop as held (organization_id, id, domain, host, port, tls, username, sealed_password, organization_key_id)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict (organization_id, id) do update set domain = $3, host = $4, port = $5, tls = $6, username = $7,
       sealed_password = case when $10 then held.sealed_password else $8 end,
       organization_key_id = case when $10 then held.organization_key_id else $9 end`,
    [tx.organizationId, id, domain, host, port, tls, username, sealed, password?.organizationKeyId ?? null, password === undefined],
  );
}

export async function removeNextHop(tx: OrganizationTransaction, id: string): Promise<void> {
  await tx.query('delete from next_hop where organization_id = $1 and id = $2', [tx.organizationId, id]);
}

/** The next hop of a mail, and what opens its password. */
export interface FoundNextHop extends StoredNextHop {
  readonly password: {
    readonly sealed: Buffer;
    readonly organizationKey: { readonly keyId: string; readonly providerKeyId: string; readonly wrappedKey: Buffer };
  } | null;
}

/**
 * Where an organization's mail to a domain goes: the next hop that names it, else the one of the nearest domain above it, else the one for
 * all others; null where the organization leaves it to the installation's.
 * @param domain in ASCII and lower case.
 */
export async function findNextHop(scope: OrganizationScope, domain: string): Promise<FoundNextHop | null> {
  const [row] = await scope.query<
    StoredNextHop & { sealed: Buffer | null; key_id: string | null; provider_key_id: string | null; wrapped_key: Buffer | null }
  >(
    `select h.id, h.domain, h.host, h.port, h.tls, h.username, h.sealed_password as sealed, k.id as key_id, k.provider_key_id, k.wrapped_key
     from next_hop h left join organization_key k on k.organization_id = h.organization_id and k.id = h.organization_key_id
     where h.organization_id = $1
       and (h.domain is null or h.domain = $2 or (h.domain like '*.%' and right($2, length(h.domain) - 1) = substr(h.domain, 2)))
     order by h.domain = $2 desc nulls last, length(h.domain) desc nulls last limit 1`,
    [scope.organizationId, domain],
  );
  if (!row) return null;
  const { sealed, key_id: keyId, provider_key_id: providerKeyId, wrapped_key: wrappedKey, ...hop } = row;
  if (sealed === null) return { ...hop, password: null };
  if (keyId === null || providerKeyId === null || wrappedKey === null) throw new Error('The key of the next hop’s password is gone');
  return { ...hop, password: { sealed, organizationKey: { keyId, providerKeyId, wrappedKey } } };
}
