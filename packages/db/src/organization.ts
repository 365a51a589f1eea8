import type { BrandingTemplate } from '@signet/domain/branding-template';
import type { MailRule } from '@signet/domain/mail-rule';
import { mailLanguages, type MailLanguages } from '@signet/domain/recipient-language';
import type { Role } from '@signet/domain/role';
import { appendAdminRecord, type AdminAct } from './admin-record.ts';
import { clock, newId, type AdministrationTransaction, type OrganizationScope, type SystemScope } from './database.ts';
import type { Queryable } from './queryable.ts';

/** Everything an organization begins with. */
export interface NewOrganization {
  readonly name: string;
  readonly domains: readonly string[];
  readonly tracking: boolean;
  /** Whether members must have a second factor; they must where it is not said. */
  readonly requireSecondFactor?: boolean;
  /** Where what cannot be delivered comes back to; to the senders where it is not said. */
  readonly bounceDomain?: string;
  /** Made by the vault for this organization's id. */
  readonly key: { readonly keyId: string; readonly providerKeyId: string; readonly wrappedKey: Uint8Array };
  /** Exactly one of them is the default. */
  readonly templates: readonly BrandingTemplate[];
  /** In the order in which they are evaluated. */
  readonly rules: readonly MailRule[];
}

/** The organization that sends for a domain; null where there is none. */
export async function findOrganizationByDomain(system: SystemScope, domain: string): Promise<string | null> {
  const [row] = await system.query<{ organization_id: string }>(
    'select organization_id from organization_domain where domain = lower($1)',
    [domain],
  );
  return row?.organization_id ?? null;
}

/** What an organization is to those it writes to. */
export interface OrganizationIdentity {
  readonly name: string;
  /** One of its domains. */
  readonly domain: string;
  readonly mailLanguages: MailLanguages;
}

/** The organization's identity; null where there is no such organization. */
export async function findOrganizationIdentity(db: Queryable, organizationId: string): Promise<OrganizationIdentity | null> {
  const [row] = await db.query<{ name: string; languages: string[]; domain: string | null }>(
    `select name, mail_languages as languages, (select min(domain) from organization_domain where organization_id = organization.id) as domain
     from organization where id = $1::uuid`,
    [organizationId],
  );
  return row?.domain == null ? null : { name: row.name, domain: row.domain, mailLanguages: mailLanguages.parse(row.languages) };
}

/** Makes an organization with its key, domains, templates and rules, and the record of it, in one transaction. */
export async function createOrganization(scope: OrganizationScope, organization: NewOrganization): Promise<void> {
  await scope.administer((tx) => addOrganization(tx, organization, { actor: { kind: 'system', id: null, address: null } }));
}

/** The same in a transaction that does more. @param by who makes it, as its record says. */
export async function addOrganization(
  tx: AdministrationTransaction,
  organization: NewOrganization,
  by: Pick<AdminAct, 'actor' | 'clientIp' | 'userAgent'>,
): Promise<void> {
  const { organizationId, prisma } = tx;
  const at = await clock(tx);
  await prisma.organization.create({
    data: {
      id: organizationId,
      name: organization.name,
      activeKeyId: organization.key.keyId,
      enablePortalTrackingLogs: organization.tracking,
      requireSecondFactor: organization.requireSecondFactor ?? true,
      bounceDomain: organization.bounceDomain ?? null,
    },
  });
  const { keyId: id, providerKeyId, wrappedKey } = organization.key;
  await prisma.organizationKey.create({ data: { organizationId, id, providerKeyId, wrappedKey: Uint8Array.from(wrappedKey) } });
  await prisma.organizationDomain.createMany({
    data: organization.domains.map((domain) => ({ organizationId, domain: domain.toLowerCase() })),
  });
  if (organization.tracking) await prisma.trackingPeriod.create({ data: { organizationId, startedAt: at } });
  for (const template of organization.templates) await addTemplate(tx, template);
  for (const [position, { enabled, ...rule }] of organization.rules.entries()) {
    await prisma.mailRule.create({ data: { organizationId, id: newId(), position, rule, enabled } });
  }
  await appendAdminRecord(tx, {
    ...by,
    action: 'OrganizationCreate',
    target: { kind: 'organization', id: organizationId },
    after: {
      name: organization.name,
      domains: [...organization.domains],
      enablePortalTrackingLogs: organization.tracking,
      requireSecondFactor: organization.requireSecondFactor ?? true,
      bounceDomain: organization.bounceDomain ?? null,
      templates: organization.templates.map((template) => template.name),
      rules: organization.rules.map((rule) => rule.name),
    },
    at,
  });
}

async function addTemplate({ organizationId, prisma }: AdministrationTransaction, template: BrandingTemplate): Promise<void> {
  const revisionId = newId();
  await prisma.brandingTemplateRevision.create({ data: { organizationId, id: revisionId, name: template.name, content: template } });
  await prisma.brandingTemplate.create({ data: { organizationId, name: template.name, isDefault: template.isDefault, revisionId } });
}

/** Adds a member, or gives the one with this address another password and role. @param passwordHash argon2id. @returns its id. */
export async function setMember(
  tx: AdministrationTransaction,
  member: { email: string; role: Role; passwordHash: string },
): Promise<string> {
  const email = member.email.toLowerCase();
  const row = await tx.prisma.member.upsert({
    where: { email, organizationId: tx.organizationId },
    create: { organizationId: tx.organizationId, id: newId(), email, role: member.role, passwordHash: member.passwordHash },
    update: { role: member.role, passwordHash: member.passwordHash },
    select: { id: true },
  });
  return row.id;
}
