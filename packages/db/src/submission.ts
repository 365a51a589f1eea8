import { domainToUnicode } from 'node:url';
import { brandingTemplate, type BrandingTemplate } from '@signet/domain/branding-template';
import { mailRuleSchema, type MailRule } from '@signet/domain/mail-rule';
import type { SenderExpiryPolicy } from '@signet/domain/message-expiry';
import type { SubmissionLimits } from '@signet/domain/submission-limits';
import type { z } from 'zod';
import type { OrganizationScope, SystemScope } from './database.ts';

/** An SMTP credential as submission compares it. */
export interface Submitter {
  readonly organizationId: string;
  readonly credentialId: string;
  /** SHA-256 of the generated password. */
  readonly secretHash: Buffer;
  /** Whether its last use is to be booked again: a minute has passed. */
  readonly isStale: boolean;
}

/** The credential of a user name that still counts, or null. */
export async function findSubmitter(system: SystemScope, username: string): Promise<Submitter | null> {
  const [row] = await system.query<{ organization_id: string; id: string; secret_hash: Buffer; stale: boolean }>(
    `select organization_id, id, secret_hash,
       last_used_at is null or last_used_at < statement_timestamp() - interval '1 minute' as stale
     from smtp_credential where username = $1 and revoked_at is null`,
    [username],
  );
  return row ? { organizationId: row.organization_id, credentialId: row.id, secretHash: row.secret_hash, isStale: row.stale } : null;
}

/** Books that a credential was used now, where that is not known of the last minute: a busy mail system writes no row at each sign-in. */
export async function bookUse(system: SystemScope, { organizationId, credentialId, isStale }: Submitter): Promise<void> {
  if (!isStale) return;
  await system.query('update smtp_credential set last_used_at = statement_timestamp() where organization_id = $1 and id = $2', [
    organizationId,
    credentialId,
  ]);
}

/** Whether an organization sends for a domain. */
export async function ownsDomain(scope: OrganizationScope, domain: string): Promise<boolean> {
  const rows = await scope.query('select 1 from organization_domain where organization_id = $1 and domain = lower($2)', [
    scope.organizationId,
    domain,
  ]);
  return rows.length > 0;
}

/** What the organization allows of one message. @throws when there is no such organization. */
export async function readSubmissionLimits(scope: OrganizationScope): Promise<SubmissionLimits> {
  const [row] = await scope.query<SubmissionLimits>(
    'select max_message_bytes as "maxMessageBytes", max_recipients as "maxRecipients" from organization where id = $1',
    [scope.organizationId],
  );
  if (!row) throw new UnreadableSettingsError('The organization is gone');
  return row;
}

/** A branding template as it is now: its content is copied by reference to the revision. */
export interface CurrentTemplate {
  readonly revisionId: string;
  readonly content: BrandingTemplate;
}

/** What intake must know of an organization to take a message in. */
export interface SubmissionSettings extends Pick<SubmissionLimits, 'maxMessageBytes'> {
  readonly rules: readonly (MailRule & { readonly id: string })[];
  /** Names of the sender groups that the sender is in. */
  readonly senderGroups: readonly string[];
  /** Domains that the organization sends for, in each of their spellings. */
  readonly ownDomains: readonly string[];
  readonly templates: readonly CurrentTemplate[];
  readonly sendersMayChangeExpiry: SenderExpiryPolicy;
  readonly organizationKey: { readonly keyId: string; readonly providerKeyId: string; readonly wrappedKey: Buffer };
}

/** Thrown where an organization's rules, templates or key are not as they must be: nothing may pass without them. */
export class UnreadableSettingsError extends Error {
  override readonly name = 'UnreadableSettingsError';
}

/**
 * Rules in their order, the sender's groups, templates and the key of new messages, in one look: they belong together.
 * @throws {UnreadableSettingsError} when the organization is not complete or a rule cannot be read: then nothing may be accepted.
 */
export async function loadSubmissionSettings(scope: OrganizationScope, sender: string): Promise<SubmissionSettings> {
  const [row] = await scope.query<{
    rules: { id: string; rule: unknown }[];
    sender_groups: string[];
    own_domains: string[];
    templates: { revisionId: string; content: unknown }[];
    key_id: string;
    provider_key_id: string;
    wrapped_key: Buffer;
    max_message_bytes: number | null;
    expiry_policy: SenderExpiryPolicy;
  }>(
    `select k.id as key_id, k.provider_key_id, k.wrapped_key, o.max_message_bytes, o.senders_may_change_expiry as expiry_policy,
       (select coalesce(json_agg(json_build_object('id', id, 'rule', rule || jsonb_build_object('enabled', enabled))
          order by position, id), '[]')
        from mail_rule where organization_id = o.id) as rules,
       array(select g.name from sender_group_address a join sender_group g on g.organization_id = a.organization_id and g.id = a.group_id
        where a.organization_id = o.id and a.address_key = lower($2)) as sender_groups,
       array(select domain from organization_domain where organization_id = o.id) as own_domains,
       (select coalesce(json_agg(json_build_object('revisionId', r.id, 'content', r.content)), '[]')
        from branding_template t join branding_template_revision r on r.organization_id = t.organization_id and r.id = t.revision_id
        where t.organization_id = o.id) as templates
     from organization o join organization_key k on k.organization_id = o.id and k.id = o.active_key_id where o.id = $1`,
    [scope.organizationId, sender],
  );
  if (!row) throw new UnreadableSettingsError('The organization has no active key');
  const rules = row.rules.map(({ id, rule }) => ({ ...readable(mailRuleSchema, rule, `The mail rule ${id}`), id }));
  const templates = row.templates.map(({ revisionId, content }) => ({
    revisionId,
    content: readable(brandingTemplate, content, `The template of revision ${revisionId}`),
  }));
  if (!templates.some(({ content }) => content.isDefault)) throw new UnreadableSettingsError('The organization has no default template');
  return {
    rules,
    senderGroups: row.sender_groups,
    // Mail by SMTP spells a domain as people read it, a program may spell it as the DNS does.
    ownDomains: row.own_domains.flatMap((domain) => [...new Set([domain, domainToUnicode(domain)])]),
    templates,
    maxMessageBytes: row.max_message_bytes,
    sendersMayChangeExpiry: row.expiry_policy,
    organizationKey: { keyId: row.key_id, providerKeyId: row.provider_key_id, wrappedKey: row.wrapped_key },
  };
}

function readable<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const read = schema.safeParse(value);
  if (!read.success) throw new UnreadableSettingsError(`${what} cannot be read`);
  return read.data;
}
