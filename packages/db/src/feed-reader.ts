import type { OrganizationScope } from './database.ts';

/**
 * Notes that a key asked for the log from a place on: what lies before it was taken. A key that asks again and again is written once a
 * minute.
 */
export async function noteFeedReader(scope: OrganizationScope, apiKeyId: string, nextIndex: number): Promise<void> {
  await scope.query(
    `insert into feed_reader as r (organization_id, api_key_id, next_index) values ($1::uuid, $2::uuid, $3::bigint)
     on conflict (organization_id, api_key_id) do update set next_index = excluded.next_index, read_at = clock_timestamp(),
       moved_at = case when r.next_index = excluded.next_index then r.moved_at else clock_timestamp() end
     where r.next_index <> excluded.next_index or r.read_at < clock_timestamp() - interval '1 minute'`,
    [scope.organizationId, apiKeyId, nextIndex],
  );
}
