import type { Client } from '@signet/api-contract/client';
import { routes } from '@signet/api-contract/routes';
import { roleMay } from '@signet/domain/role';
import type { Role } from '@signet/domain/role';

/** Names of the API keys, by id, as far as the role may know them. */
export async function keyNames(api: Client, role: Role): Promise<ReadonlyMap<string, string>> {
  if (!roleMay(role, 'members:write')) return new Map();
  const { items } = await api.call(routes.listApiKeys);
  return new Map(items.map(({ id, name }) => [id, name]));
}
