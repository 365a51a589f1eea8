import { DatabaseUnavailableError } from './database-unavailable-error.ts';
import type { Queryable } from './queryable.ts';

/** Where whatever happens is written: without these nothing can be accepted or shown. */
const INDISPENSABLE_TABLES = ['message', 'outbox', 'audit_receipt', 'message_access', 'attachment_download'];

/**
 * Asks whether the database takes what is written: that it answers alone does not say so.
 * @throws {DatabaseUnavailableError} saying why it does not.
 */
export async function checkWritable(system: Queryable): Promise<void> {
  const [found] = await system.query<{ standby: boolean; read_only: string; refused: string[] | null }>(
    `select pg_is_in_recovery() as standby, current_setting('transaction_read_only') as read_only,
       (select array_agg(name) from unnest($1::text[]) name where not has_table_privilege(current_user, name, 'insert')) as refused`,
    [INDISPENSABLE_TABLES],
  );
  if (found?.standby === true) throw new DatabaseUnavailableError('The database is a standby: it takes no changes.');
  if (found?.read_only === 'on') throw new DatabaseUnavailableError('The database is set to read only: it takes no changes.');
  if (!found?.refused) return;
  const tables = found.refused.join(', ');
  throw new DatabaseUnavailableError(`The database account may not insert into ${tables}. Run the migrate command, or grant it.`);
}
