import { createHash, randomBytes } from 'node:crypto';
import { blankTemplate, DEFAULT_TEMPLATE_NAME, type BrandingTemplate } from '@signet/domain/branding-template';
import type { MailRule } from '@signet/domain/mail-rule';
import { newId, type Database, type OrganizationTransaction } from '../database.ts';

/** An organization's key as the vault makes it: `(id) => vault.createOrganizationKey(id)`. */
type CreateKey = (
  organizationId: string,
) => Promise<{ readonly keyId: string; readonly providerKeyId: string; readonly wrappedKey: Uint8Array }>;

export interface SeedOptions {
  readonly createKey: CreateKey;
  readonly domain: string;
  /** Name of the custom template that every message gets. */
  readonly customTemplate?: string;
  readonly tracking?: boolean;
  /** Days after which messages under the custom template expire; 0, the default: never. */
  readonly expiryInDays?: number;
}

export interface SeededOrganization {
  readonly id: string;
  readonly domain: string;
  readonly credentialId: string;
  readonly smtp: { readonly username: string; readonly password: string };
}

function rulesOf(customTemplate: string): MailRule[] {
  const removeHeader = { kind: 'removeHeader', header: 'X-Signet-Template' } as const;
  const always = { enabled: true, stop: true };
  return [
    {
      ...always,
      exceptions: [],
      name: 'Template by header',
      conditions: [{ kind: 'headerPresent', header: 'X-Signet-Template' }],
      actions: [{ kind: 'applyTemplateFromHeader', header: 'X-Signet-Template' }, removeHeader],
    },
    {
      ...always,
      exceptions: [],
      name: 'Everything',
      conditions: [{ kind: 'always' }],
      actions: [{ kind: 'applyTemplate', templateName: customTemplate }],
    },
  ];
}

/**
 * An organization for tests, straight into the database: its domain, key, default template and one custom template, rules as
 * the demo has them, and a credential for submission. Nobody is told: no admin records.
 */
export async function seedOrganization(database: Database, options: SeedOptions): Promise<SeededOrganization> {
  const { domain, customTemplate = 'Acme', tracking = true, expiryInDays = 0 } = options;
  const id = newId();
  const key = await options.createKey(id);
  const smtp = { username: `test-${randomBytes(6).toString('hex')}`, password: randomBytes(24).toString('base64url') };
  const credentialId = newId();
  await database.forOrganization(id).transaction(async (tx) => {
    await tx.query('insert into organization (id, name, enable_portal_tracking_logs, active_key_id) values ($1, $2, $3, $4)', [
      id,
      domain,
      tracking,
      key.keyId,
    ]);
    if (tracking) await tx.query('insert into tracking_period (organization_id, started_at) values ($1, statement_timestamp())', [id]);
    await tx.query('insert into organization_domain (organization_id, domain) values ($1, $2)', [id, domain]);
    await tx.query('insert into organization_key (organization_id, id, provider_key_id, wrapped_key) values ($1, $2, $3, $4)', [
      id,
      key.keyId,
      key.providerKeyId,
      key.wrappedKey,
    ]);
    await insertTemplate(tx, { ...blankTemplate(DEFAULT_TEMPLATE_NAME), isDefault: true });
    await insertTemplate(tx, { ...blankTemplate(customTemplate), externalMailExpiryInDays: expiryInDays });
    for (const [position, rule] of rulesOf(customTemplate).entries()) {
      await tx.query('insert into mail_rule (organization_id, id, position, rule) values ($1, $2, $3, $4)', [
        id,
        newId(),
        position,
        JSON.stringify(rule),
      ]);
    }
    await tx.query('insert into smtp_credential (organization_id, id, username, secret_hash) values ($1, $2, $3, $4)', [
      id,
      credentialId,
      smtp.username,
      createHash('sha256').update(smtp.password).digest(),
    ]);
  });
  return { id, domain, credentialId, smtp };
}

async function insertTemplate(tx: OrganizationTransaction, content: BrandingTemplate): Promise<void> {
  const revisionId = newId();
  await tx.query('insert into branding_template_revision (organization_id, id, name, content) values ($1, $2, $3, $4)', [
    tx.organizationId,
    revisionId,
    content.name,
    JSON.stringify(content),
  ]);
  await tx.query('insert into branding_template (organization_id, name, is_default, revision_id) values ($1, $2, $3, $4)', [
    tx.organizationId,
    content.name,
    content.isDefault,
    revisionId,
  ]);
}
