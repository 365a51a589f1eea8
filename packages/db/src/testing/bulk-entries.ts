import { asSuperuser } from './test-database.ts';

/**
 * Adds entries to an organization's trail as a worker would have added them, but in one statement, and without their addresses and words: each of about 1,000 bytes. Their log entries are random bytes, which no verifier would take.
 * @param databaseUrl of the database, whosever it is.
 * @param like Message-ID of an entry that they are like in all else; they have `<bulk-0@acme.example>` to `<bulk-9@acme.example>`, in turn.
 * @param time when they are, an SQL expression of their `number` from 0 on.
 */
export async function addBulkEntries(
  databaseUrl: string,
  organizationId: string,
  { count, like, time }: { readonly count: number; readonly like: string; readonly time: string },
): Promise<void> {
  await asSuperuser(
    databaseUrl,
    `with head as (
         update log_head set size = size + ${count} where organization_id = '${organizationId}' and stream = 'audit' returning size - ${count} as first
       ), sample as (
         select e.* from audit_entry e where e.organization_id = '${organizationId}' and e.message_id = '${like}' limit 1
       ), added as (
         insert into audit_entry select organization_id, ${time}, gen_random_uuid(), first + number,
           recorded_at, version, source, operation, '<bulk-' || number % 10 || '@acme.example>', message_uid, recipients, sender, authentication_method,
           authentication_status, operation_status, attachment_name, json_build_array(json_build_object('name', 'MailSubject', 'value', repeat('x', 400))),
           actor, client_ip, user_agent, salt
         from sample, head, generate_series(0, ${count - 1}) as number
       )
       insert into log_entry select organization_id, 'audit', first + number, salt from sample, head, generate_series(0, ${count - 1}) as number`,
  );
  // As PostgreSQL does by itself a minute later, which looks at partitions and never at what they are part of.
  await asSuperuser(
    databaseUrl,
    `do $$ declare part regclass; begin
       for part in select relid from pg_partition_tree('audit_entry') where isleaf union all select relid from pg_partition_tree('log_entry') where isleaf loop
         execute 'analyze ' || part;
       end loop;
     end $$`,
  );
}
