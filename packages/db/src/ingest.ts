import { randomBytes } from 'node:crypto';
import { adminEvent, type AdminEvent } from '@signet/domain/audit/admin-record';
import { logEntryOf, SALT_LENGTH } from '@signet/domain/audit/canonical-form';
import { auditEvent, type AuditEvent } from '@signet/domain/audit/entry';
import { makeAuditPartitionsFor } from './audit-partition.ts';
import { noteTries } from './alert-of-event.ts';
import { clock, type SystemScope, type Transaction } from './database.ts';
import { DatabaseUnavailableError } from './database-unavailable-error.ts';
import { failRow, removeRows, takeRows, type OutboxRow } from './outbox.ts';
import { noteFactsSql, noteRefusedTries, type RefusedTry } from './sender-fact.ts';

/** What became of a batch of outbox rows. */
export interface IngestResult {
  readonly recorded: number;
  /** The ids of those that cannot become entries now. */
  readonly failed: readonly string[];
}

/**
 * Makes audit entries of events in the outbox, with their salts, log entries and the states they move, and removes the
 * rows: all in one transaction, so that a repeat of the job changes nothing. A row that cannot become an entry is left
 * with its error and does not hold up the others.
 */
export function ingestAuditEvents(system: SystemScope, ids: readonly string[]): Promise<IngestResult> {
  return ingest(system, ids, (tx, rows) => recordAuditEvents(system, tx, rows));
}

/** The same for administrative acts. */
export function ingestAdminEvents(system: SystemScope, ids: readonly string[]): Promise<IngestResult> {
  return ingest(system, ids, recordAdminEvents);
}

type Recorder = (tx: Transaction, rows: readonly OutboxRow[]) => Promise<void>;

async function ingest(system: SystemScope, ids: readonly string[], record: Recorder): Promise<IngestResult> {
  if (ids.length === 0) return { recorded: 0, failed: [] };
  let taken: OutboxRow[] = [];
  try {
    await system.transaction(async (tx) => {
      taken = await takeRows(tx, ids);
      if (taken.length === 0) return;
      await record(tx, taken);
      await removeRows(
        tx,
        taken.map((row) => row.id),
      );
    });
    return { recorded: taken.length, failed: [] };
  } catch (error) {
    // Without rows at hand there is none to blame: whoever gave the job hands it on again.
    if (error instanceof DatabaseUnavailableError || taken.length === 0) throw error;
    const [only] = taken;
    if (taken.length === 1 && only) {
      await failRow(system, only, error instanceof Error ? error.message : String(error));
      return { recorded: 0, failed: [only.id] };
    }
    // One of them is bad: halves find it in a few steps, and the others get through.
    const middle = Math.ceil(ids.length / 2);
    const first = await ingest(system, ids.slice(0, middle), record);
    const second = await ingest(system, ids.slice(middle), record);
    return { recorded: first.recorded + second.recorded, failed: [...first.failed, ...second.failed] };
  }
}

/** A record with its salt and hash, at its place in its organization's log. */
interface Sealed<E> {
  readonly record: E & { readonly recordedAt: string; readonly logIndex: number };
  readonly salt: Buffer;
  readonly hash: Uint8Array;
}

async function recordAuditEvents(system: SystemScope, tx: Transaction, rows: readonly OutboxRow[]): Promise<void> {
  const events = rows.map((row) => auditEvent.parse(row.payload));
  // On another connection, before this transaction locks anything of the trail: a partition is there at once, for all who add to its month.
  await makeAuditPartitionsFor(
    system,
    events.map((event) => event.creationTime),
  );
  const sealed = await seal(tx, 'audit', events);
  await tx.query(insertAuditEntries, [JSON.stringify(sealed.map(({ record, salt }) => ({ ...record, salt: salt.toString('hex') })))]);
  await moveStates(tx, events);
  await noteRefusedTries(tx, events.flatMap(refusedTryOf));
  await noteTries(tx, events);
}

async function recordAdminEvents(tx: Transaction, rows: readonly OutboxRow[]): Promise<void> {
  const events = rows.map((row) => adminEvent.parse(row.payload));
  const sealed = await seal(tx, 'admin', events);
  await tx.query(
    `insert into admin_record (organization_id, log_index, id, creation_time, action, actor_id, target_kind, target_id, record, salt)
     select (r.record ->> 'organizationId')::uuid, (r.record ->> 'logIndex')::bigint, (r.record ->> 'id')::uuid,
       (r.record ->> 'creationTime')::timestamptz, r.record ->> 'action', r.record -> 'actor' ->> 'id',
       r.record -> 'target' ->> 'kind', r.record -> 'target' ->> 'id', r.record, decode(r.salt, 'hex')
     from json_to_recordset($1::json) as r(record json, salt text)`,
    [JSON.stringify(sealed.map(({ record, salt }) => ({ record, salt: salt.toString('hex') })))],
  );
}

/**
 * Gives events their places at the end of their organizations' logs, and writes the log entries. The heads are locked in
 * the order of the organizations' ids, so that two ingests never wait for each other in a circle.
 */
async function seal<E extends AuditEvent | AdminEvent>(
  tx: Transaction,
  stream: 'audit' | 'admin',
  events: readonly E[],
): Promise<Sealed<E>[]> {
  const counts = new Map<string, number>();
  for (const event of events) counts.set(event.organizationId, (counts.get(event.organizationId) ?? 0) + 1);
  const organizations = [...counts.keys()].toSorted();
  const heads = await tx.query<{ organization_id: string; size: number }>(
    `insert into log_head (organization_id, stream, size)
     select added.organization_id, $1, added.size from unnest($2::uuid[], $3::bigint[]) as added(organization_id, size)
     order by added.organization_id
     on conflict (organization_id, stream) do update set size = log_head.size + excluded.size
     returning organization_id, size`,
    [stream, organizations, organizations.map((id) => counts.get(id))],
  );
  const next = new Map(heads.map((head) => [head.organization_id, head.size - (counts.get(head.organization_id) ?? 0)]));
  const recordedAt = (await clock(tx)).toISOString();
  const salts = randomBytes(SALT_LENGTH * events.length);
  const sealed = events.map((event, index): Sealed<E> => {
    const logIndex = next.get(event.organizationId) ?? 0;
    next.set(event.organizationId, logIndex + 1);
    const record = { ...event, recordedAt, logIndex };
    const salt = salts.subarray(index * SALT_LENGTH, (index + 1) * SALT_LENGTH);
    return { record, salt, hash: logEntryOf(record, salt) };
  });
  await tx.query(
    `insert into log_entry (organization_id, stream, log_index, hash)
     select entry.organization_id, $1, entry.log_index, entry.hash
     from unnest($2::uuid[], $3::bigint[], $4::bytea[]) as entry(organization_id, log_index, hash)`,
    [
      stream,
      sealed.map(({ record }) => record.organizationId),
      sealed.map(({ record }) => record.logIndex),
      sealed.map(({ hash }) => Buffer.from(hash)),
    ],
  );
  return sealed;
}

const insertAuditEntries = `
  with entry as materialized (
    select * from json_to_recordset($1::json) as e(
      "organizationId" uuid, "creationTime" timestamptz, id uuid, "logIndex" bigint, "recordedAt" timestamptz, version smallint,
      source text, operation text, "messageId" text, "messageUid" uuid, recipients text[], sender text,
      "authenticationMethod" text, "authenticationStatus" text, "operationStatus" text, "attachmentName" text,
      "operationProperties" json, actor json, "clientIp" text, "userAgent" text, salt text)
  ), inserted as (
    insert into audit_entry (organization_id, creation_time, id, log_index, recorded_at, version, source, operation, message_id,
      message_uid, recipients, sender, authentication_method, authentication_status, operation_status, attachment_name,
      operation_properties, actor, client_ip, user_agent, salt)
    select "organizationId", "creationTime", id, "logIndex", "recordedAt", version, source, operation, "messageId", "messageUid",
      recipients, sender, "authenticationMethod", "authenticationStatus", "operationStatus", "attachmentName",
      "operationProperties", actor, "clientIp", "userAgent", decode(salt, 'hex')
    from entry
  ), words as (
    insert into audit_entry_word (organization_id, word, creation_time, entry_id)
    select "organizationId", word, "creationTime", id
    from entry cross join json_array_elements("operationProperties") as property
      cross join unnest(tsvector_to_array(to_tsvector('simple', property ->> 'value'))) as word
    where property ->> 'name' = 'MailSubject'
    on conflict do nothing
  )
  insert into audit_entry_address (organization_id, role, address, creation_time, entry_id)
  select "organizationId", 'sender', lower(sender), "creationTime", id from entry
  union
  select "organizationId", 'recipient', lower(address), "creationTime", id from entry cross join unnest(recipients) as address
  on conflict do nothing`;

/** What Signet's own events change of a recipient: a first successful opening, which the sender may be told. Rows are locked in id order, as revoking does. */
async function moveStates(tx: Transaction, events: readonly AuditEvent[]): Promise<void> {
  const openings = events.filter(
    (event) =>
      event.source === 'signet' &&
      event.operation === 'MessageAccess' &&
      event.operationStatus === 'Success' &&
      event.actor.kind === 'recipient',
  );
  if (openings.length === 0) return;
  await tx.query(
    `with opening as (
       select organization_id, recipient_id, min(at) as at
       from unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) as o(organization_id, recipient_id, at) group by 1, 2
     ), locked as (
       select r.organization_id, r.id, opening.at, r.opened_at from recipient r
       join opening on opening.organization_id = r.organization_id and opening.recipient_id = r.id
       order by r.id for update of r
     ), moved as (
       update recipient set opened_at = least(recipient.opened_at, locked.at) from locked
       where recipient.organization_id = locked.organization_id and recipient.id = locked.id
     )
     ${noteFactsSql('firstOpening', '(select organization_id, id as recipient_id, at from locked where opened_at is null)')}`,
    [openings.map((event) => event.organizationId), openings.map((event) => event.actor.id), openings.map((event) => event.creationTime)],
  );
}

/** A try to get at a message that was taken back, with a live session: gathered tries count from the first of them. */
function refusedTryOf({ source, operationStatus, operationProperties, actor, organizationId, creationTime }: AuditEvent): RefusedTry[] {
  if (source !== 'signet' || operationStatus !== 'Failure' || actor.kind !== 'recipient' || actor.id === null) return [];
  const valueOf = (wanted: string) => operationProperties.find(({ name }) => name === wanted)?.value;
  if (valueOf('Reason') !== 'Revoked') return [];
  return [{ organizationId, recipientId: actor.id, at: valueOf('FirstSeen') ?? creationTime }];
}
