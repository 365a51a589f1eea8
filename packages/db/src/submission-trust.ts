import { isIP } from 'node:net';
import type { SubmissionTrustKind } from '@signet/domain/submission-trust';
import { newId, type AdministrationTransaction, type OrganizationScope, type SystemScope } from './database.ts';
import { nameOfDoer, type Doer } from './message-detail.ts';

/** A field that every message must carry, with one value. */
export interface RequiredHeader {
  /** In lower case. */
  readonly name: string;
  /** SHA-256 of the value. */
  readonly valueHash: Buffer;
}

/** A mail system that is trusted without signing in, as its owners see it. */
export interface StoredSubmissionTrust {
  readonly id: string;
  readonly name: string;
  readonly kind: SubmissionTrustKind;
  readonly value: string;
  /** Name of the field that its messages must carry. */
  readonly requiredHeader: string | null;
  readonly createdAt: Date;
  readonly createdBy: string | null;
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
}

interface Row extends Omit<StoredSubmissionTrust, 'createdBy'> {
  readonly createdBy: unknown;
}

const SHOWN = `id, name, kind, value, required_header as "requiredHeader", created_at as "createdAt", created_by as "createdBy",
  last_used_at as "lastUsedAt", revoked_at as "revokedAt"`;

function shown({ createdBy, ...row }: Row): StoredSubmissionTrust {
  return { ...row, createdBy: nameOfDoer(createdBy) };
}

/** All that the organization trusts or trusted, the oldest first. */
export async function listSubmissionTrusts(scope: OrganizationScope): Promise<StoredSubmissionTrust[]> {
  const rows = await scope.query<Row>(`select ${SHOWN} from submission_trust where organization_id = $1::uuid order by created_at, id`, [
    scope.organizationId,
  ]);
  return rows.map(shown);
}

/** What PostgreSQL makes of a text that should be a network (CIDR). */
export interface ReadNetwork {
  /** The network that the text lies in, in its one spelling. */
  readonly network: string;
  readonly family: 4 | 6;
  readonly prefixLength: number;
  /** Whether the text names the network itself, and no address within it. */
  readonly isWhole: boolean;
  /** An IPv4 address within IPv6: nobody comes from one, for they are all taken for the IPv4 address. */
  readonly isMapped: boolean;
}

/** Reads a network or a single address, IPv4 or IPv6; null where it is neither. */
export async function readNetwork(scope: OrganizationScope, text: string): Promise<ReadNetwork | null> {
  if (!isNetwork(text)) return null;
  const [read] = await scope.query<ReadNetwork>(
    `select network(given)::text as network, family(given) as family, masklen(given) as "prefixLength",
       host(given) = host(network(given)) as "isWhole", given <<= '::ffff:0:0/96' as "isMapped"
     from (select $1::text::inet as given) one`,
    [text],
  );
  return read ?? null;
}

/** Whether a text is an address, with or without the length of a prefix. Asked here: PostgreSQL may make the text an inet before it looks whether it is one. */
function isNetwork(text: string): boolean {
  const [address = '', length = '0', ...more] = text.split('/');
  const family = isIP(address);
  return (
    family !== 0 && !address.includes('%') && more.length === 0 && /^\d{1,3}$/.test(length) && Number(length) <= (family === 4 ? 32 : 128)
  );
}

/** Stores a trust; its record is the caller's to append. @returns null where the organization has the same one already. */
export async function createSubmissionTrust(
  tx: AdministrationTransaction,
  trust: { name: string; kind: SubmissionTrustKind; value: string; requiredHeader: RequiredHeader | null; createdBy: Doer },
): Promise<StoredSubmissionTrust | null> {
  const [row] = await tx.query<Row>(
    `insert into submission_trust (organization_id, id, name, kind, value, required_header, required_value_hash, created_by)
     values ($1::uuid, $2::uuid, $3, $4, $5, $6, decode($7, 'hex'), $8::jsonb) on conflict do nothing returning ${SHOWN}`,
    [
      tx.organizationId,
      newId(),
      trust.name,
      trust.kind,
      trust.value,
      trust.requiredHeader?.name ?? null,
      trust.requiredHeader?.valueHash.toString('hex') ?? null,
      JSON.stringify(trust.createdBy),
    ],
  );
  return row ? shown(row) : null;
}

/** Ends a trust for good. @returns it as it was, null where there is none; `changed` false where it had ended before. */
export async function revokeSubmissionTrust(
  tx: AdministrationTransaction,
  id: string,
  at: Date,
): Promise<(StoredSubmissionTrust & { changed: boolean }) | null> {
  const [row] = await tx.query<Row>(`select ${SHOWN} from submission_trust where organization_id = $1::uuid and id = $2::uuid for update`, [
    tx.organizationId,
    id,
  ]);
  if (!row) return null;
  await tx.query('update submission_trust set revoked_at = $3 where organization_id = $1::uuid and id = $2::uuid and revoked_at is null', [
    tx.organizationId,
    id,
    at,
  ]);
  return { ...shown(row), changed: row.revokedAt === null };
}

/** What a mail system shows of itself. */
export interface SubmissionPeer {
  /** Its address; an IPv4 address within IPv6 is given as that IPv4 address. */
  readonly address: string;
  /** What its certificate may be known by: its SHA-256 fingerprint and, where a known authority vouches for them, its host names. */
  readonly certificateMarks: readonly string[];
}

/** A trust that holds for a peer. */
export interface HeldTrust {
  readonly organizationId: string;
  readonly id: string;
  readonly requiredHeader: RequiredHeader | null;
  /** Whether its last use is to be booked again: a minute has passed. */
  readonly isStale: boolean;
}

/** `$1` is the peer's address, `$2` its certificate's marks. A mark with a wildcard covers one label, the leftmost (RFC 6125, 6.4.3). */
const HOLDS = `t.revoked_at is null and case t.kind when 'network' then $1::inet <<= t.value::cidr
  else t.value = any($2::text[]) or regexp_replace(t.value, '^[^.]+\\.', '*.') = any($2::text[]) end`;

/**
 * What lets a peer send for a domain: the trusts of the organization that the domain belongs to, those without a condition first.
 * @param domain in ASCII.
 */
export async function findSubmissionTrusts(
  system: SystemScope,
  { address, certificateMarks }: SubmissionPeer,
  domain: string,
): Promise<HeldTrust[]> {
  const rows = await system.query<{ organization_id: string; id: string; header: string | null; hash: Buffer | null; stale: boolean }>(
    `select t.organization_id, t.id, t.required_header as header, t.required_value_hash as hash,
       t.last_used_at is null or t.last_used_at < statement_timestamp() - interval '1 minute' as stale
     from organization_domain d join submission_trust t on t.organization_id = d.organization_id
     where d.domain = lower($3) and ${HOLDS} order by t.required_header nulls first, t.created_at, t.id`,
    [address, certificateMarks, domain],
  );
  return rows.map(({ organization_id: organizationId, id, header, hash, stale }) => ({
    organizationId,
    id,
    requiredHeader: header === null || hash === null ? null : { name: header, valueHash: hash },
    isStale: stale,
  }));
}

/** Whether any organization trusts a peer. */
export async function isTrustedPeer(system: SystemScope, { address, certificateMarks }: SubmissionPeer): Promise<boolean> {
  const rows = await system.query(`select 1 from submission_trust t where ${HOLDS} limit 1`, [address, certificateMarks]);
  return rows.length > 0;
}

/** Books that a trust let a message in now, where that is not known of the last minute. */
export async function bookTrustUse(system: SystemScope, { organizationId, id, isStale }: HeldTrust): Promise<void> {
  if (!isStale) return;
  await system.query('update submission_trust set last_used_at = statement_timestamp() where organization_id = $1 and id = $2', [
    organizationId,
    id,
  ]);
}
