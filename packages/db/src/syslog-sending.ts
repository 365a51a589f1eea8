import type { AuditEntry } from '@signet/domain/audit/entry';
import { recordTextOf } from '@signet/domain/audit/record-text';
import { SYSLOG_BYTES, SYSLOG_ENTRIES, SYSLOG_LANES } from '@signet/domain/syslog';
import { appendAdminRecord } from './admin-record.ts';
import { auditLogSize, readAuditLog } from './audit-walk.ts';
import type { OrganizationScope, SystemScope } from './database.ts';
import { checkpointsOf, sentCheckpoints, type SendingRow, type SentCheckpoint } from './sent-checkpoint.ts';

/** For so long a destination is in one sender's hands after each step: longer than a batch can take. A killed sender is waited for. */
const LEASE_SECONDS = 60;
/** Seconds within which a receiver that goes away may have had a batch in hand and not yet stored. */
const UNSURE_SECONDS = 60;

/** A destination in the hands of one sender. */
export interface HeldSyslog {
  readonly organizationId: string;
  readonly id: string;
  readonly leaseId: string;
}

/**
 * Takes destinations for which there is something to send now and that nobody has in hand, those that wait longest first, and of an organization
 * no more than its lanes: however many of its receivers are slow, they leave the others room.
 */
export function leaseSyslog(system: SystemScope, limit: number): Promise<HeldSyslog[]> {
  return system.query<HeldSyslog>(
    `with free as (
       select d.organization_id, d.id, d.next_attempt_at,
         row_number() over (partition by d.organization_id order by d.next_attempt_at, d.id) + (
           select count(*) from syslog_destination o where o.organization_id = d.organization_id and o.leased_until >= clock_timestamp()
         ) as lane
       from syslog_destination d
       left join log_head h on h.organization_id = d.organization_id and h.stream = 'audit'
       where d.enabled and (d.leased_until is null or d.leased_until < clock_timestamp())
         and (d.test_id is not null or (d.next_attempt_at <= clock_timestamp() and (h.size > d.next_index or exists (
           select from checkpoint_sending s where s.organization_id = d.organization_id and s.id = d.checkpoint_id))))
     ), due as materialized (
       select d.organization_id, d.id from syslog_destination d
       join free on free.organization_id = d.organization_id and free.id = d.id and free.lane <= ${SYSLOG_LANES}
       where d.leased_until is null or d.leased_until < clock_timestamp()
       order by free.next_attempt_at, free.id limit $1 for update of d skip locked
     )
     update syslog_destination d set lease_id = gen_random_uuid(), leased_until = clock_timestamp() + make_interval(secs => ${LEASE_SECONDS})
     from due
     where d.organization_id = due.organization_id and d.id = due.id
     returning d.organization_id as "organizationId", d.id, d.lease_id as "leaseId"`,
    [limit],
  );
}

/** Gives a destination back: it waits behind the others that are due. */
export async function returnSyslog(scope: OrganizationScope, { id, leaseId }: HeldSyslog): Promise<void> {
  await scope.query(
    `update syslog_destination set lease_id = null, leased_until = null, next_attempt_at = greatest(next_attempt_at, clock_timestamp())
     where organization_id = $1::uuid and id = $2::uuid and lease_id = $3::uuid`,
    [scope.organizationId, id, leaseId],
  );
}

/** What is to be sent, and to whom. */
export interface SyslogBatch {
  readonly host: string;
  readonly port: number;
  readonly maxMessageBytes: number;
  readonly certificateAuthority: string | null;
  readonly client: {
    readonly certificate: string;
    /** Null: it is missing, and nothing can be sent. */
    readonly key: {
      readonly sealed: Buffer;
      readonly organizationKey: { readonly keyId: string; readonly providerKeyId: string; readonly wrappedKey: Buffer };
    } | null;
  } | null;
  /** Failed attempts so far. */
  readonly attempts: number;
  readonly what:
    | { readonly testId: string }
    | { readonly sendingId: string; readonly at: Date; readonly checkpoints: readonly SentCheckpoint[] }
    | { readonly from: number; readonly end: number; readonly entries: readonly AuditEntry[] };
}

interface HeldRow {
  readonly host: string;
  readonly port: number;
  readonly maxMessageBytes: number;
  readonly certificateAuthority: string | null;
  readonly certificate: string | null;
  readonly sealedKey: Buffer | null;
  readonly keyId: string | null;
  readonly providerKeyId: string | null;
  readonly wrappedKey: Buffer | null;
  readonly attempts: number;
  readonly testId: string | null;
  readonly sendingId: string | null;
  readonly sentAt: Date | null;
  readonly checkpoints: SendingRow;
  readonly next: number;
  readonly isDue: boolean;
}

/**
 * What a held destination is sent next: a test, or entries from its place on, as they lie in the log. Places that were erased by law are
 * passed over.
 * @returns null when there is nothing to send, or the destination is in other hands.
 */
export async function nextSyslogBatch(scope: OrganizationScope, held: HeldSyslog): Promise<SyslogBatch | null> {
  const [row] = await scope.query<HeldRow>(
    `with held as (
       update syslog_destination set leased_until = clock_timestamp() + make_interval(secs => ${LEASE_SECONDS})
       where organization_id = $1::uuid and id = $2::uuid and lease_id = $3::uuid and enabled returning *
     )
     select h.host, h.port, h.max_message_bytes as "maxMessageBytes", h.certificate_authority as "certificateAuthority",
       h.client_certificate as certificate, h.sealed_client_key as "sealedKey", k.id as "keyId", k.provider_key_id as "providerKeyId",
       k.wrapped_key as "wrappedKey", h.attempts, h.test_id as "testId", h.next_index as next, h.next_attempt_at <= clock_timestamp() as "isDue",
       s.id as "sendingId", s.created_at as "sentAt", ${checkpointsOf('s')} as checkpoints
     from held h left join checkpoint_sending s on s.organization_id = h.organization_id and s.id = h.checkpoint_id
     left join organization_key k on k.organization_id = h.organization_id and k.id = h.organization_key_id`,
    [scope.organizationId, held.id, held.leaseId],
  );
  if (!row) return null;
  const { host, port, maxMessageBytes, certificateAuthority, attempts, testId, next, isDue } = row;
  const facts = { host, port, maxMessageBytes, certificateAuthority, client: clientOf(row), attempts };
  if (testId !== null) return { ...facts, what: { testId } };
  if (isDue && row.sendingId !== null && row.sentAt)
    return { ...facts, what: { sendingId: row.sendingId, at: row.sentAt, checkpoints: sentCheckpoints(row.checkpoints) } };
  const size = await auditLogSize(scope);
  if (!isDue || next >= size) return null;
  const entries: AuditEntry[] = [];
  let bytes = 0;
  let end = next;
  for (const { logIndex, logged } of await readAuditLog(scope, next, Math.min(size, next + SYSLOG_ENTRIES))) {
    if (logIndex !== end) throw new Error(`The log has a gap at place ${end}`);
    const length = logged === null ? 0 : Math.min(maxMessageBytes, JSON.stringify(logged.entry).length);
    if (entries.length > 0 && bytes + length > SYSLOG_BYTES) break;
    if (logged !== null) entries.push(logged.entry);
    bytes += length;
    end += 1;
  }
  if (end === next) throw new Error(`The log has a gap at place ${end}`);
  return { ...facts, what: { from: next, end, entries } };
}

function clientOf({ certificate, sealedKey, keyId, providerKeyId, wrappedKey }: HeldRow): SyslogBatch['client'] {
  if (certificate === null) return null;
  if (sealedKey === null || keyId === null || providerKeyId === null || wrappedKey === null) return { certificate, key: null };
  return { certificate, key: { sealed: sealedKey, organizationKey: { keyId, providerKeyId, wrappedKey } } };
}

/** What came of a batch. */
export interface SyslogOutcome {
  /** Null: the receiver took it. */
  readonly error: string | null;
  /** Seconds until it is tried again; null where it was taken, or is given up. */
  readonly retrySeconds: number | null;
}

/**
 * Notes what came of a batch, unless the destination was changed meanwhile, or set to another place: that took it out of these hands.
 * A receiver that goes away within a minute after it took a batch may not have stored it: that batch is then sent once more.
 * @returns whether the destination goes on at once.
 */
export async function noteSyslogOutcome(
  scope: OrganizationScope,
  held: HeldSyslog,
  { what }: SyslogBatch,
  { error, retrySeconds }: SyslogOutcome,
): Promise<boolean> {
  return scope.transaction(async (tx) => {
    const key = [tx.organizationId, held.id, held.leaseId];
    const words = error === null ? null : recordTextOf(error, 500);
    if ('testId' in what) {
      // A receiver that answers again need not be waited for, and begins anew: what an administrator tried is no day of failure.
      const noted = await tx.query(
        `update syslog_destination set test_id = nullif(test_id, $4::uuid), tested_id = $4::uuid, tested_at = clock_timestamp(), test_error = $5,
           next_attempt_at = case when $5::text is null then clock_timestamp() else next_attempt_at end,
           attempts = case when $5::text is null then 0 else attempts end
         where organization_id = $1::uuid and id = $2::uuid and lease_id = $3::uuid returning 1`,
        [...key, what.testId, words],
      );
      return noted.length > 0 && error === null;
    }
    if (error === null && 'sendingId' in what) {
      // A later one took its place meanwhile, and is still to be sent.
      const noted = await tx.query(
        `update syslog_destination set checkpoint_id = nullif(checkpoint_id, $4::uuid), attempts = 0, former_index = null, last_sent_at = clock_timestamp()
         where organization_id = $1::uuid and id = $2::uuid and lease_id = $3::uuid returning 1`,
        [...key, what.sendingId],
      );
      return noted.length > 0;
    }
    if (error === null && 'end' in what) {
      const noted = await tx.query(
        `update syslog_destination set next_index = $5::bigint, former_index = $4::bigint, attempts = 0, last_sent_at = clock_timestamp()
         where organization_id = $1::uuid and id = $2::uuid and lease_id = $3::uuid and next_index = $4::bigint returning 1`,
        [...key, what.from, what.end],
      );
      return noted.length > 0;
    }
    const [failed] = await tx.query(
      `update syslog_destination set attempts = attempts + 1, last_error = $4, last_error_at = clock_timestamp(),
         next_attempt_at = clock_timestamp() + make_interval(secs => coalesce($5::float8, 0)),
         next_index = case when last_sent_at > clock_timestamp() - interval '${UNSURE_SECONDS} seconds' then coalesce(former_index, next_index)
           else next_index end, former_index = null,
         enabled = $5::float8 is not null, failure = case when $5::float8 is null then 'failing' end,
         test_id = case when $5::float8 is not null then test_id end
       where organization_id = $1::uuid and id = $2::uuid and lease_id = $3::uuid returning 1`,
      [...key, words, retrySeconds],
    );
    if (failed && retrySeconds === null) {
      await appendAdminRecord(tx, {
        actor: { kind: 'system', id: null, address: null },
        action: 'SyslogDestinationDisable',
        target: { kind: 'syslog-destination', id: held.id },
        reason: `No attempt went well for days: ${error}`,
        before: { enabled: true },
        after: { enabled: false },
      });
    }
    return false;
  });
}
