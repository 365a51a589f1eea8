import type { Client } from 'pg';

/** Messages that the bench put into the database: told from others by their sender. */
export interface PlantedMessages {
  readonly sender: string;
  readonly count: number;
}

/**
 * Puts messages into the database by set-based SQL, each a copy of one that the gateway took, to one recipient who has not opened it. As
 * with messages of long ago, the planner knows them.
 * @param expired they have all expired within the last minute; or else they never do. It counts from the moment that this resolves.
 */
export async function plantMessages(client: Client, { sender, count }: PlantedMessages, { expired }: { expired: boolean }): Promise<void> {
  await client.query('begin');
  // The oldest may be one of an earlier round: what was booked of it is not booked of its copies.
  await client.query(
    `with sample as materialized (select message as row from message order by accepted_at limit 1)
     insert into message select planted.* from sample, generate_series(1, $2::int) number,
       jsonb_populate_record(sample.row, jsonb_build_object('id', uuidv7(), 'message_id', format('<%s-%s>', number, $1::text), 'sender', $1::text,
         'fingerprint', sha256(number::text::bytea),
         'expires_at', case when $3 then ${expiryOf('number', '$2')} end, 'expiry_booked_for', null)) planted`,
    [sender, count, expired],
  );
  await client.query(
    `with sample as materialized (select recipient as row from recipient order by created_at limit 1)
     insert into recipient select planted.* from sample, (select id from message where sender = $1) of_message,
       jsonb_populate_record(sample.row, jsonb_build_object('id', uuidv7(), 'message_uid', of_message.id, 'link_token', of_message.id,
         'address', format('reader-of-%s', of_message.id), 'address_key', format('reader-of-%s', of_message.id), 'opened_at', null,
         'revoked_at', null, 'revoked_by', null, 'revoke_reason', null)) planted`,
    [sender],
  );
  await client.query('analyze message, recipient');
  await client.query('commit');
}

/** Spread over the last minute. */
function expiryOf(number: string, count: string): string {
  return `statement_timestamp() - ${number} * interval '1 minute' / ${count}`;
}

/** Entries that say that these messages have expired, and how many of the messages have one. */
export async function expiryEntries(client: Client, { sender }: PlantedMessages): Promise<{ entries: number; messages: number }> {
  const { rows } = await client.query<{ entries: number; messages: number }>(
    `select count(*)::int as entries, count(distinct message_uid)::int as messages from audit_entry
     where organization_id = (select organization_id from message where sender = $1 limit 1) and operation = 'MessageExpire' and sender = $1`,
    [sender],
  );
  return rows[0] ?? { entries: 0, messages: 0 };
}

/**
 * The reference: leaves the rows that booking these messages' expiry leaves, in the same tables and of the same width, by one statement
 * of one connection. Hashes are of as many bytes and of nothing; no row goes through the outbox, the queue or a process.
 * @param sample messages whose expiry Signet has booked: what is the same in every entry is as in theirs.
 */
export async function bookBySetBasedSql(client: Client, { sender, count }: PlantedMessages, sample: PlantedMessages): Promise<void> {
  const { rowCount } = await client.query(
    `with sample as (
       select * from audit_entry where operation = 'MessageExpire' and sender = $3 limit 1
     ), due as (
       select organization_id, id, row_number() over (order by id) as number from message where sender = $1
     ), booked as (
       update message set expires_at = ${expiryOf('due.number', '$2::int')}, expiry_booked_for = ${expiryOf('due.number', '$2::int')}
       from due where message.organization_id = due.organization_id and message.id = due.id
       returning message.*, due.number
     ), head as (
       update log_head set size = size + $2::int from sample
       where log_head.organization_id = sample.organization_id and stream = 'audit' returning size - $2::int as first
     ), entry as materialized (
       select booked.*, uuidv7() as entry_id, head.first + booked.number - 1 as log_index, recipient.address
       from booked join recipient on recipient.organization_id = booked.organization_id and recipient.message_uid = booked.id, head
     ), receipt as (
       insert into audit_receipt (organization_id, event_id, content_hash) select organization_id, entry_id, fingerprint from entry
     ), logged as (
       insert into log_entry (organization_id, stream, log_index, hash) select organization_id, 'audit', log_index, fingerprint from entry
     ), addresses as (
       insert into audit_entry_address (organization_id, role, address, creation_time, entry_id)
       select organization_id, 'sender', sender, expires_at, entry_id from entry
       union all select organization_id, 'recipient', address, expires_at, entry_id from entry
     )
     insert into audit_entry (organization_id, creation_time, id, log_index, recorded_at, version, source, operation, message_id, message_uid,
       recipients, sender, operation_status, operation_properties, actor, salt)
     select entry.organization_id, entry.expires_at, entry_id, entry.log_index, statement_timestamp(), sample.version, sample.source,
       sample.operation, entry.message_id, entry.id, array[address], entry.sender, sample.operation_status, sample.operation_properties,
       sample.actor, sample.salt
     from entry, sample`,
    [sender, count, sample.sender],
  );
  if (rowCount !== count) throw new Error(`The reference wrote ${rowCount} entries of ${count}.`);
}
