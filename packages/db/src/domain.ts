import type { AdministrationTransaction } from './database.ts';
import type { Queryable } from './queryable.ts';

/** A key that signs a domain's mails, without its private half. */
export interface DkimKey {
  readonly id: string;
  readonly selector: string;
  /** SPKI, base64. */
  readonly publicKey: string;
  readonly createdAt: Date;
  readonly active: boolean;
}

/** A domain of an organization, or one that it says is its own. */
export interface OrganizationDomain {
  readonly domain: string;
  /** Since when it counts; null until the DNS proves it. */
  readonly verifiedAt: Date | null;
  /** What the DNS has to say; null once it did. */
  readonly challenge: string | null;
  /** The oldest first. */
  readonly dkimKeys: readonly DkimKey[];
}

interface DomainRow {
  readonly domain: string;
  readonly verifiedAt: Date | null;
  readonly challenge: string | null;
  readonly dkimKeys: readonly (Omit<DkimKey, 'createdAt'> & { readonly createdAt: string })[];
}

/** So many domains and so many claims an organization may have. */
export const DOMAIN_LIMIT = 200;
/** So many keys a domain may have: one that signs, one to come, and some whose signatures are still out. */
export const DKIM_KEY_LIMIT = 5;

const all = `
  select d.domain, d.verified_at as "verifiedAt", null as challenge,
    (select coalesce(json_agg(json_build_object('id', k.id, 'selector', k.selector, 'publicKey', k.public_key, 'createdAt', k.created_at,
       'active', k.active) order by k.created_at, k.id), '[]') from dkim_key k where k.organization_id = $1 and k.domain = d.domain) as "dkimKeys"
  from organization_domain d where d.organization_id = $1
  union all
  select c.domain, null, c.challenge, '[]' from domain_claim c where c.organization_id = $1`;

/** Every domain of the organization, proved or not, by name. */
export async function listOrganizationDomains(db: Queryable & { readonly organizationId: string }): Promise<OrganizationDomain[]> {
  const rows = await db.query<DomainRow>(`select * from (${all}) as domains order by domain`, [db.organizationId]);
  return rows.map(fromRow);
}

/** One of them; null where there is none. */
export async function findOrganizationDomain(
  db: Queryable & { readonly organizationId: string },
  domain: string,
): Promise<OrganizationDomain | null> {
  const [row] = await db.query<DomainRow>(`select * from (${all}) as domains where domain = $2`, [db.organizationId, domain]);
  return row ? fromRow(row) : null;
}

function fromRow(row: DomainRow): OrganizationDomain {
  return { ...row, dkimKeys: row.dkimKeys.map((key) => ({ ...key, createdAt: new Date(key.createdAt) })) };
}

/** Holds the organization's row, so that its domains change one after the other. */
async function lockDomains(tx: AdministrationTransaction): Promise<void> {
  await tx.query('select from organization where id = $1 for no key update', [tx.organizationId]);
}

/** Notes that the organization says a domain is its own. @returns why not, where it cannot. */
export async function claimDomain(
  tx: AdministrationTransaction,
  { domain, challenge }: { domain: string; challenge: string },
): Promise<'claimed' | 'known' | 'too_many'> {
  await lockDomains(tx);
  const known = await listOrganizationDomains(tx);
  if (known.some((each) => each.domain === domain)) return 'known';
  if (known.length >= DOMAIN_LIMIT) return 'too_many';
  await tx.query('insert into domain_claim (organization_id, domain, challenge) values ($1, $2, $3)', [
    tx.organizationId,
    domain,
    challenge,
  ]);
  return 'claimed';
}

/** Makes a claim that the DNS has proved the organization's domain. @returns `taken` where another organization proved it before. */
export async function proveDomain(tx: AdministrationTransaction, domain: string): Promise<'proved' | 'gone' | 'taken'> {
  await lockDomains(tx);
  const claims = await tx.query('delete from domain_claim where organization_id = $1 and domain = $2 returning domain', [
    tx.organizationId,
    domain,
  ]);
  if (claims.length === 0) return 'gone';
  const rows = await tx.query(
    'insert into organization_domain (organization_id, domain) values ($1, $2) on conflict (domain) do nothing returning domain',
    [tx.organizationId, domain],
  );
  return rows.length === 1 ? 'proved' : 'taken';
}

/** Takes a domain, or a claim, from the organization, with its keys. The last domain stays, and one that bounces come back to. */
export async function removeDomain(tx: AdministrationTransaction, domain: string): Promise<'removed' | 'not_found' | 'last' | 'bounces'> {
  await lockDomains(tx);
  const known = await listOrganizationDomains(tx);
  const found = known.find((each) => each.domain === domain);
  if (!found) return 'not_found';
  if (found.verifiedAt !== null) {
    if (known.filter(({ verifiedAt }) => verifiedAt !== null).length === 1) return 'last';
    const [bounces] = await tx.query(
      `select from organization where id = $1 and (bounce_domain = $2 or right(bounce_domain, length($2) + 1) = '.' || $2)`,
      [tx.organizationId, domain],
    );
    if (bounces) return 'bounces';
  }
  await tx.query('delete from domain_claim where organization_id = $1 and domain = $2', [tx.organizationId, domain]);
  await tx.query('delete from organization_domain where organization_id = $1 and domain = $2', [tx.organizationId, domain]);
  return 'removed';
}

/** A new key pair, its private half sealed. */
export interface NewDkimKey {
  readonly id: string;
  readonly domain: string;
  readonly selector: string;
  readonly publicKey: string;
  readonly sealedPrivateKey: Uint8Array;
  readonly organizationKeyId: string;
}

/** Keeps a new key of a proved domain, which signs nothing yet. */
export async function addDkimKey(tx: AdministrationTransaction, key: NewDkimKey): Promise<'added' | 'not_found' | 'too_many'> {
  await lockDomains(tx);
  const found = await findOrganizationDomain(tx, key.domain);
  if (found?.verifiedAt == null) return 'not_found';
  if (found.dkimKeys.length >= DKIM_KEY_LIMIT) return 'too_many';
  await tx.query(
    `insert into dkim_key (organization_id, id, domain, selector, public_key, sealed_private_key, organization_key_id)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [tx.organizationId, key.id, key.domain, key.selector, key.publicKey, Buffer.from(key.sealedPrivateKey), key.organizationKeyId],
  );
  return 'added';
}

/** Lets one key of a domain sign from now on, instead of the one that did. @returns whether there is such a key. */
export async function activateDkimKey(tx: AdministrationTransaction, domain: string, id: string): Promise<boolean> {
  await lockDomains(tx);
  const [key] = await tx.query('select from dkim_key where organization_id = $1 and domain = $2 and id = $3', [
    tx.organizationId,
    domain,
    id,
  ]);
  if (!key) return false;
  await tx.query('update dkim_key set active = false where organization_id = $1 and domain = $2 and active and id <> $3', [
    tx.organizationId,
    domain,
    id,
  ]);
  await tx.query('update dkim_key set active = true where organization_id = $1 and id = $2', [tx.organizationId, id]);
  return true;
}

/** Removes a key of a domain: what it signed cannot be checked any more once its record is gone from the DNS. @returns it, null where there is none. */
export async function removeDkimKey(
  tx: AdministrationTransaction,
  domain: string,
  id: string,
): Promise<{ readonly selector: string; readonly active: boolean } | null> {
  const [key] = await tx.query<{ selector: string; active: boolean }>(
    'delete from dkim_key where organization_id = $1 and domain = $2 and id = $3 returning selector, active',
    [tx.organizationId, domain, id],
  );
  return key ?? null;
}

/** What signs the mails of a domain. */
export interface SigningKey {
  readonly organizationId: string;
  readonly id: string;
  readonly selector: string;
  readonly sealedPrivateKey: Buffer;
  readonly organizationKey: { readonly keyId: string; readonly providerKeyId: string; readonly wrappedKey: Buffer };
}

/** The active key of a domain, whoever's it is; null where its mails are not signed. */
export async function findSigningKey(system: Queryable, domain: string): Promise<SigningKey | null> {
  const [row] = await system.query<{
    organization_id: string;
    id: string;
    selector: string;
    sealed_private_key: Buffer;
    key_id: string;
    provider_key_id: string;
    wrapped_key: Buffer;
  }>(
    `select d.organization_id, d.id, d.selector, d.sealed_private_key, k.id as key_id, k.provider_key_id, k.wrapped_key
     from dkim_key d join organization_key k on k.organization_id = d.organization_id and k.id = d.organization_key_id
     where d.domain = $1 and d.active`,
    [domain],
  );
  if (!row) return null;
  return {
    organizationId: row.organization_id,
    id: row.id,
    selector: row.selector,
    sealedPrivateKey: row.sealed_private_key,
    organizationKey: { keyId: row.key_id, providerKeyId: row.provider_key_id, wrappedKey: row.wrapped_key },
  };
}
