import type { LogStream } from '@signet/domain/log/checkpoint';
import type { OrganizationTransaction, SystemScope } from './database.ts';

/** One log of one organization. */
export interface LogName {
  readonly organizationId: string;
  readonly stream: LogStream;
}

/** How far a log is signed, as its row says, and how many entries it has. */
export interface LogSeal {
  readonly origin: string;
  /** Entries recorded. */
  readonly entries: number;
  /** Entries of the last checkpoint that was signed; 0 before the first one. */
  readonly size: number;
  readonly note: string | null;
  readonly publishedNote: string | null;
  readonly refusal: string | null;
  readonly acceptedNote: string | null;
}

/** Seconds until a log that was refused is looked at again. */
const REFUSED_SECONDS = 60;

/**
 * Logs in which something is not signed and published yet (entries, a checkpoint, a key that has not signed), or that were refused a minute ago.
 * @param all every log that there is, since one may be refused though nothing in it is new.
 */
export function logsToSeal(system: SystemScope, { all = false }: { readonly all?: boolean } = {}): Promise<LogName[]> {
  return system.query<LogName>(
    `select h.organization_id as "organizationId", h.stream from log_head h
     left join log_seal s on s.organization_id = h.organization_id and s.stream = h.stream
     where $1 or ((s.refused_at is null or s.refused_at < clock_timestamp() - make_interval(secs => $2)) and
       (h.size <> coalesce(s.size, 0) or s.note is distinct from s.published_note or s.refusal is not null
         or exists (select from log_key k where k.organization_id = h.organization_id and k.created_at > s.signed_at)))
     order by h.organization_id, h.stream`,
    [all, REFUSED_SECONDS],
  );
}

/**
 * Holds a log until the transaction ends: only who holds it signs, publishes, or says that nothing is signed.
 * @param origin its name, if it has none yet.
 * @returns null while another sealer holds it.
 */
export async function holdLog(tx: OrganizationTransaction, stream: LogStream, origin: string): Promise<LogSeal | null> {
  await tx.query('insert into log_seal (organization_id, stream, origin) values ($1::uuid, $2, $3) on conflict do nothing', [
    tx.organizationId,
    stream,
    origin,
  ]);
  const [row] = await tx.query<Omit<LogSeal, 'entries'>>(
    `select origin, size, note, published_note as "publishedNote", refusal, accepted_note as "acceptedNote"
     from log_seal where organization_id = $1::uuid and stream = $2 for no key update skip locked`,
    [tx.organizationId, stream],
  );
  if (!row) return null;
  // In a statement of its own: what was recorded before the log was held is seen, what another sealer signed of it too.
  const [head] = await tx.query<{ size: number }>('select size from log_head where organization_id = $1::uuid and stream = $2', [
    tx.organizationId,
    stream,
  ]);
  return { ...row, entries: head?.size ?? 0 };
}

/** Notes the checkpoint that was signed. */
export async function noteSigned(
  tx: OrganizationTransaction,
  stream: LogStream,
  { size, note }: { readonly size: number; readonly note: string },
): Promise<void> {
  await tx.query(
    'update log_seal set size = $3::bigint, note = $4, signed_at = clock_timestamp() where organization_id = $1::uuid and stream = $2',
    [tx.organizationId, stream, size, note],
  );
}

/** Lets the checkpoint that was signed be served. */
export async function notePublished(tx: OrganizationTransaction, stream: LogStream): Promise<void> {
  await tx.query(
    `update log_seal set published_size = size, published_note = note, published_at = clock_timestamp(), accepted_note = null
     where organization_id = $1::uuid and stream = $2`,
    [tx.organizationId, stream],
  );
}

/** Notes why nothing is signed, or, by null, that all is well again. */
export async function noteRefusal(tx: OrganizationTransaction, stream: LogStream, refusal: string | null): Promise<void> {
  await tx.query(
    `update log_seal set refusal = $3, refused_at = case when $3::text is null then null else clock_timestamp() end
     where organization_id = $1::uuid and stream = $2`,
    [tx.organizationId, stream, refusal],
  );
}

/**
 * Gives up the checkpoint that blob storage has: the database's own takes its place when the log is sealed next.
 * @param note empty where blob storage has none.
 */
export async function acceptLog(tx: OrganizationTransaction, stream: LogStream, note: string): Promise<void> {
  await tx.query(
    `update log_seal set accepted_note = $3, published_note = null, refusal = null, refused_at = null
     where organization_id = $1::uuid and stream = $2`,
    [tx.organizationId, stream, note],
  );
}

/** How many logs are not signed since something is wrong with them, and in how many the last check found a difference. */
export async function countLogTroubles(system: SystemScope): Promise<{ readonly refused: number; readonly differing: number }> {
  const [row] = await system.query<{ refused: number; differing: number }>(
    'select count(refusal) as refused, count(difference) as differing from log_seal where refusal is not null or difference is not null',
  );
  return row ?? { refused: 0, differing: 0 };
}
