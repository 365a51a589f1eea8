import { newId } from '@signet/db/database';
import { putNextHop, type StoredNextHop } from '@signet/db/next-hop';
import { findActiveKey } from '@signet/db/organization-key';
import type { TestWorker } from './test-worker.ts';

/** Has an organization's mail go to a server, as the api does; by its URL's host and port where nothing else is said. */
export async function nameNextHop(
  { database, vault, organization }: TestWorker,
  { url, password, ...hop }: Partial<StoredNextHop> & { readonly url: string; readonly password?: string },
): Promise<StoredNextHop> {
  const { hostname, port } = new URL(url);
  const named = { id: newId(), domain: null, host: hostname, port: Number(port), tls: 'opportunistic', username: null, ...hop } as const;
  const scope = database.forOrganization(organization.id);
  const key = await findActiveKey(scope);
  const context = { organizationId: organization.id, purpose: 'next-hop-password', id: named.id } as const;
  const sealed = password === undefined ? null : await vault.sealSecret(key, context, Buffer.from(password));
  await scope.transaction((tx) => putNextHop(tx, named, sealed && { sealed, organizationKeyId: key.keyId }));
  return named;
}
