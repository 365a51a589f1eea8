import type { Queryable } from './queryable.ts';

/** The key under which an organization's new secrets and messages are sealed. @throws when the organization has none. */
export async function findActiveKey(
  scope: Queryable & { readonly organizationId: string },
): Promise<{ readonly keyId: string; readonly providerKeyId: string; readonly wrappedKey: Buffer }> {
  const [row] = await scope.query<{ id: string; provider_key_id: string; wrapped_key: Buffer }>(
    `select k.id, k.provider_key_id, k.wrapped_key from organization o
     join organization_key k on k.organization_id = o.id and k.id = o.active_key_id where o.id = $1`,
    [scope.organizationId],
  );
  if (!row) throw new Error('The organization has no active key');
  return { keyId: row.id, providerKeyId: row.provider_key_id, wrappedKey: row.wrapped_key };
}
