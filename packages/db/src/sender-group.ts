import { newId, type OrganizationScope, type OrganizationTransaction } from './database.ts';
import type { Queryable } from './queryable.ts';

/** A group of senders that mail rules ask about. */
export interface SenderGroup {
  readonly name: string;
  /** In lower case, in their order. */
  readonly addresses: readonly string[];
}

/** The organization's sender groups by name, with how many addresses each has. */
export async function listSenderGroups(scope: OrganizationScope): Promise<{ name: string; addressCount: number }[]> {
  return scope.query<{ name: string; addressCount: number }>(
    `select name, (select count(*) from sender_group_address a where a.organization_id = g.organization_id and a.group_id = g.id)
       as "addressCount"
     from sender_group g where organization_id = $1::uuid order by lower(name)`,
    [scope.organizationId],
  );
}

/** A group by its name, in whatever case; null where there is none. */
export async function findSenderGroup(db: Queryable & { readonly organizationId: string }, name: string): Promise<SenderGroup | null> {
  const [group] = await db.query<SenderGroup>(
    `select name, array(select address_key from sender_group_address a
       where a.organization_id = g.organization_id and a.group_id = g.id order by address_key) as addresses
     from sender_group g where organization_id = $1::uuid and lower(name) = lower($2)`,
    [db.organizationId, name],
  );
  return group ?? null;
}

/** Makes a group, or gives the one of this name other addresses; it keeps its name as it was first written. */
export async function putSenderGroup(tx: OrganizationTransaction, { name, addresses }: SenderGroup): Promise<void> {
  const [group] = await tx.query<{ id: string }>(
    `insert into sender_group (organization_id, id, name) values ($1::uuid, $2::uuid, $3)
     on conflict (organization_id, lower(name)) do update set name = sender_group.name returning id`,
    [tx.organizationId, newId(), name],
  );
  if (!group) throw new Error('The group was not written');
  await tx.query('delete from sender_group_address where organization_id = $1::uuid and group_id = $2::uuid', [
    tx.organizationId,
    group.id,
  ]);
  await tx.query(
    `insert into sender_group_address (organization_id, group_id, address_key)
     select $1::uuid, $2::uuid, lower(address) from unnest($3::text[]) as address on conflict do nothing`,
    [tx.organizationId, group.id, addresses],
  );
}

export async function removeSenderGroup(tx: OrganizationTransaction, name: string): Promise<void> {
  await tx.query('delete from sender_group where organization_id = $1::uuid and lower(name) = lower($2)', [tx.organizationId, name]);
}
