import type { Queryable } from './queryable.ts';

/** Thrown where the account would make the second wall void, and others than this machine are served (decision 0007). */
export class VoidWallError extends Error {
  override readonly name = 'VoidWallError';
}

/**
 * What lets the account of this connection see behind the second wall, or take it down, itself or as a role that it may
 * become: one sentence for each, none where the wall holds.
 */
export async function accountFindings(db: Queryable): Promise<string[]> {
  const [account] = await db.query<{ name: string; superuser: boolean; bypasses: boolean; owns: boolean }>(
    `select current_user as name,
       exists (select from pg_roles r where r.rolsuper and pg_has_role(current_user, r.oid, 'member')) as superuser,
       exists (select from pg_roles r where r.rolbypassrls and pg_has_role(current_user, r.oid, 'member')) as bypasses,
       exists (
         select from pg_policy p join pg_class c on c.oid = p.polrelid
         where p.polname = 'organization_wall' and pg_has_role(current_user, c.relowner, 'member')
       ) as owns`,
  );
  if (!account) return [];
  if (account.superuser) return [`The database account ${account.name} is a superuser, whom no row-level security holds`];
  return [
    ...(account.bypasses ? [`The database account ${account.name} may bypass row-level security`] : []),
    ...(account.owns ? [`The database account ${account.name} owns the tables, and could change the audit trail and its protection`] : []),
  ];
}
