import type { Client } from 'pg';
import { withoutIndexes } from './table-indexes.ts';

/** Organizations that have entries. The first has most, and each further one less, by Zipf's law with this exponent. */
export const trailOrganizations = 1_000;
const EXPONENT = 1.3;
/** Entries that one statement adds: what it makes of them fits into its memory. */
const SLICE = 100_000;

/** What an entry leaves rows in: the entry itself, and what its search, its log and its repetition are answered from. */
const trailTables = ['audit_entry', 'audit_entry_address', 'audit_entry_word', 'log_entry', 'audit_receipt'] as const;

/** How much of the trail there is to be. */
export interface TrailGrowth {
  /** The organization that has most; the others are made up, and have entries alone. */
  readonly first: string;
  /** Number of entries that were made before, and that there are to be then. */
  readonly from: number;
  readonly to: number;
  readonly say: (line: string) => void;
}

/**
 * Adds entries to the trail by SQL, each with the rows that ingest leaves of it: its words, addresses, log entry and receipt. A message has
 * six entries within an hour, spread with the others over the year before now. Of 500 senders, 100,000 recipients at 50 domains and
 * 20,000 words the first are as much more frequent as in texts, and each message has a word that no other has; four of five who sign in do it
 * with a passcode, and one of ten thousand by the rarest way; three of a hundred entries are failures, one of twenty is another system's.
 * Heads of logs stay as they are, so that nothing is sealed meanwhile. All indexes are made anew afterwards, and the planner knows the tables.
 * @param database as superuser: who is held by row-level security is asked about each row.
 */
export async function fillTrail(database: Client, { first, from, to, say }: TrailGrowth): Promise<void> {
  await database.query("select ensure_audit_partition(now() - months * interval '1 month') from generate_series(0, 13) as months");
  const bounds = shareBounds();
  const begin = performance.now();
  // Else the server is at writing what it has in memory all the time.
  await database.query("alter system set max_wal_size = '8GB'");
  await database.query('select pg_reload_conf()');
  await withoutIndexes(database, trailTables, say, async () => {
    for (let next = from; next < to; next += SLICE) {
      const end = Math.min(next + SLICE, to);
      await database.query(fillSql, [next, end - 1, first, bounds, from, to]);
      if (end % 1_000_000 === 0 || end === to) say(`  ${end.toLocaleString('en')} entries after ${minutesSince(begin)}`);
    }
  });
  say(`  indexes after ${minutesSince(begin)}`);
  await database.query('alter system reset max_wal_size');
  await database.query('select pg_reload_conf()');
  for (const table of trailTables) await database.query(`vacuum (freeze, analyze) ${table}`);
  say(`  looked through after ${minutesSince(begin)}`);
}

/** Bytes of each table of the trail, its indexes by themselves. */
export async function trailBytes(database: Client): Promise<{ table: string; rows: number; indexes: number }[]> {
  const { rows } = await database.query<{ table: string; rows: number; indexes: number }>(
    `select name as table, sum(pg_table_size(part.relid))::float8 as rows, sum(pg_indexes_size(part.relid))::float8 as indexes
     from unnest($1::text[]) with ordinality as given(name, position),
       lateral (select relid from pg_partition_tree(name::regclass) union select name::regclass) as part
     group by name, position order by position`,
    [trailTables],
  );
  return rows;
}

function minutesSince(begin: number): string {
  return `${((performance.now() - begin) / 60_000).toFixed(1)} min`;
}

/** Where each organization's share of all entries ends, from 0 to 1. */
function shareBounds(): number[] {
  const shares = Array.from({ length: trailOrganizations }, (_, index) => (index + 1) ** -EXPONENT);
  const whole = shares.reduce((sum, share) => sum + share, 0);
  let sum = 0;
  return shares.slice(0, -1).map((share) => (sum += share / whole));
}

/** A number from 0 to 1 that a seed and a number make, always the same. */
const share = (number: string, seed: number) => `((hashint8extended(${number}, ${seed}) & 2147483647) / 2147483648.0::float8)`;
/** One of so many, the first ones most often. */
const skewed = (seed: number, count: number) => `floor(exp(${share('message', seed)} * ln(${count}::float8)))::int`;

/** Logs of the made-up entries begin where no log that is there has come to. */
const FIRST_PLACE = 1_000_000_000;

const fillSql = `
  with event as materialized (
    select n, n / 6 as message, n % 6 as step from generate_series($1::bigint, $2::bigint) as n
  ), told as materialized (
    select n, message, step, 1 + width_bucket(${share('message', 1)}, $4::float8[]) as rank,
      date_trunc('milliseconds', now() - interval '1 year' * (1 - (n - $5::bigint)::float8 / ($6::bigint - $5::bigint)) - interval '1 hour' * ${share('n', 2)}) as at,
      ${share('n', 3)} as way, ${share('n', 4)} as turn, ${share('n', 5)} as outcome, ${share('n', 6)} as origin,
      'author' || ${skewed(7, 500)} as author,
      'reader' || ${skewed(8, 100_000)} || '@d' || ${skewed(9, 50)} || '.example' as recipient,
      'colleague' || ${skewed(10, 20_000)} || '@d' || ${skewed(9, 50)} || '.example' as other,
      concat_ws(' ', 'w' || ${skewed(11, 20_000)}, 'w' || ${skewed(12, 20_000)}, 'w' || ${skewed(13, 20_000)}, 'w' || ${skewed(14, 20_000)}, 'r' || message) as subject
    from event
  ), entry as materialized (
    select n, at, message, recipient, subject, case rank when 1 then $3::uuid else md5('bench ' || rank)::uuid end as organization_id,
      uuidv7(at - clock_timestamp()) as id, author || '@o' || rank || '.example' as sender,
      '<' || message || '@o' || rank || '.example>' as message_id, md5('message ' || message)::uuid as message_uid,
      case step when 0 then array[recipient, other] else array[recipient] end as recipients,
      case when step < 3 or turn < 0.3
          then (array['MessageSend', 'WrapperDelivery', 'LinkTouch', 'AuthenticateRequest', 'MessageAccess', 'AttachmentDownload'])[step + 1]
        when turn < 0.6 then 'MessageAccess' when turn < 0.8 then 'PasscodeSend' when turn < 0.9 then 'AttachmentReview'
        when turn < 0.97 then 'MessageDownload' when turn < 0.999 then 'MessageForward' else 'ContentHold' end as operation,
      case when step < 3 then null when way < 0.8 then 'OTP' when way < 0.95 then 'Microsoft' when way < 0.999 then 'Google'
        when way < 0.9999 then 'Yahoo' else 'Passkey' end as method,
      case when outcome < 0.97 then 'Success' else 'Failure' end as status,
      case when origin < 0.95 then 'signet' when origin < 0.999 then 'Mail client' else 'm365-import' end as source,
      case step when 5 then 'Offer for the new office, final.pdf' end as attachment,
      sha256(int8send(n) || uuid_send(gen_random_uuid())) as salt
    from told
  ), words as (
    insert into audit_entry_word (organization_id, word, creation_time, entry_id)
    select organization_id, word, at, id from entry cross join unnest(tsvector_to_array(to_tsvector('simple', subject))) as word
  ), addresses as (
    insert into audit_entry_address (organization_id, role, address, creation_time, entry_id)
    select organization_id, 'sender', sender, at, id from entry
    union all select organization_id, 'recipient', address, at, id from entry cross join unnest(recipients) as address
  ), logged as (
    insert into log_entry (organization_id, stream, log_index, hash) select organization_id, 'audit', ${FIRST_PLACE} + n, salt from entry
  ), received as (
    insert into audit_receipt (organization_id, event_id, content_hash) select organization_id, id, salt from entry
  )
  insert into audit_entry (organization_id, creation_time, id, log_index, recorded_at, version, source, operation, message_id, message_uid, recipients,
    sender, authentication_method, authentication_status, operation_status, attachment_name, operation_properties, actor, client_ip, user_agent, salt)
  select organization_id, at, id, ${FIRST_PLACE} + n, at + interval '300 milliseconds', 1, source, operation, message_id, message_uid, recipients, sender,
    method, case when method is null then null else status end, status, attachment,
    json_build_array(json_build_object('name', 'MailSubject', 'value', subject), json_build_object('name', 'Response', 'value', '250 2.0.0 taken as 4gRk2x')),
    json_build_object('kind', 'recipient', 'id', md5(recipient)::uuid, 'address', recipient), '198.51.100.' || n % 250,
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0', salt
  from entry`;
