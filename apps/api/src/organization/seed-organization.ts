import { appendAdminRecord } from '@signet/db/admin-record';
import { createApiKey, listApiKeys, lockKeyNames, type StoredApiKey } from '@signet/db/api-key';
import { newId, type Database } from '@signet/db/database';
import { createOrganization, findOrganizationByDomain, setMember, type NewOrganization } from '@signet/db/organization';
import { createSmtpCredential } from '@signet/db/smtp-credential';
import { shareSource } from '@signet/domain/audit/source-name';
import { permissions } from '@signet/domain/role';
import type { Vault } from '@signet/vault/vault';
import { z } from 'zod';
import { hashPassword } from '../authentication/password.ts';
import { hashOfSecret, hintOf, newApiKeySecret, newSmtpUsername, newToken } from '../authentication/secret.ts';

/** What opens an organization: an API key with every scope, an SMTP credential, an administrator. */
export const organizationAccess = z.strictObject({
  organizationDomain: z.string(),
  apiKey: z.string(),
  smtp: z.strictObject({ username: z.string(), password: z.string() }),
  admin: z.strictObject({ email: z.string(), password: z.string() }),
});
export type OrganizationAccess = z.infer<typeof organizationAccess>;

/** Makes an organization if none has its first domain. @returns its id. */
export async function ensureOrganization(
  { database, vault }: { database: Database; vault: Vault },
  organization: Omit<NewOrganization, 'key'>,
): Promise<string> {
  const [domain = ''] = organization.domains;
  const known = await findOrganizationByDomain(database.system, domain);
  if (known !== null) return known;
  const organizationId = newId();
  const key = await vault.createOrganizationKey(organizationId);
  await createOrganization(database.forOrganization(organizationId), { ...organization, key });
  return organizationId;
}

/** Gives an organization new credentials of every kind, with their records. Older API keys and SMTP credentials stay good. */
export async function issueAccess(database: Database, organizationId: string, organizationDomain: string): Promise<OrganizationAccess> {
  const access: OrganizationAccess = {
    organizationDomain,
    apiKey: newApiKeySecret(),
    smtp: { username: newSmtpUsername(), password: newToken() },
    admin: { email: `admin@${organizationDomain}`, password: newToken().slice(0, 24) },
  };
  const passwordHash = await hashPassword(access.admin.password);
  await database.forOrganization(organizationId).administer(async (tx) => {
    const system = { actor: { kind: 'system', id: null, address: null } } as const;
    const createdBy = { ...system.actor, name: 'Signet' };
    await lockKeyNames(tx);
    const key = await createApiKey(tx, {
      name: freeName(await listApiKeys(tx)),
      hint: hintOf(access.apiKey),
      secretHash: hashOfSecret(access.apiKey),
      scopes: permissions,
      createdBy,
    });
    await appendAdminRecord(tx, { ...system, action: 'ApiKeyCreate', target: { kind: 'api-key', id: key.id }, after: { name: key.name } });
    const { username, password } = access.smtp;
    const credential = await createSmtpCredential(tx, {
      name: 'First credential',
      username,
      secretHash: hashOfSecret(password),
      createdBy,
    });
    await appendAdminRecord(tx, {
      ...system,
      action: 'SmtpCredentialCreate',
      target: { kind: 'smtp-credential', id: credential.id },
      after: { username },
    });
    const memberId = await setMember(tx, { email: access.admin.email, role: 'admin', passwordHash });
    await appendAdminRecord(tx, {
      ...system,
      action: 'MemberCreate',
      target: { kind: 'member', id: memberId },
      after: { email: access.admin.email, role: 'admin' },
    });
  });
  return access;
}

/** What a key with every scope is called: its name is its own, as the source of what it adds to the trail. */
function freeName(keys: readonly StoredApiKey[]): string {
  let name = 'First key';
  for (let number = 2; keys.some((key) => shareSource(key, { name, scopes: permissions })); number += 1) name = `First key ${number}`;
  return name;
}
