import { brandingTemplate, type BrandingTemplate } from '@signet/domain/branding-template';
import type { NextHopAnswer } from '@signet/domain/delivery';
import { sendTemplateTestPayload } from '@signet/domain/jobs';
import { mailLanguages, type MailLanguages } from '@signet/domain/recipient-language';
import { findShownLogo, type ShownLogo } from './branding-image.ts';
import type { Database } from './database.ts';
import { claimRow, failRow, lockClaimed, removeRows, type OutboxRow } from './outbox.ts';

/** A sample of a template that is to be sent now, and what it is made of. */
export interface TemplateTestOrder {
  readonly row: OutboxRow;
  readonly template: BrandingTemplate;
  readonly logo: ShownLogo | null;
  readonly memberId: string;
  readonly email: string;
  readonly organization: { readonly name: string; readonly mailLanguages: MailLanguages };
  /** One of the organization's domains: the mail comes from there. */
  readonly domain: string;
  /** When it was asked for. */
  readonly at: Date;
}

/**
 * Claims an outbox row of kind `send-template-test` and reads what its mail is made of. A row whose member is gone is removed instead.
 * @returns null when there is nothing to send.
 */
export async function beginTemplateTest(database: Database, outboxId: string, claimSeconds: number): Promise<TemplateTestOrder | null> {
  return database.system.transaction(async (tx) => {
    const row = await claimRow(tx, outboxId, claimSeconds);
    if (!row) return null;
    const { memberId, revisionId } = sendTemplateTestPayload.parse(row.payload);
    const [found] = await tx.query<{ content: unknown; email: string; name: string; languages: string[]; domain: string; at: Date }>(
      `select revision.content, member.email, organization.name, organization.mail_languages as languages, domain.domain, outbox.event_time as at
       from outbox
       join organization on organization.id = outbox.organization_id
       join member on member.organization_id = organization.id and member.id = $2 and member.disabled_at is null
       join branding_template_revision revision on revision.organization_id = organization.id and revision.id = $3
       join lateral (select min(domain) as domain from organization_domain where organization_id = organization.id) domain
         on domain.domain is not null
       where outbox.id = $1`,
      [row.id, memberId, revisionId],
    );
    if (!found) {
      await removeRows(tx, [row.id]);
      return null;
    }
    const { content, name, languages, ...facts } = found;
    const template = brandingTemplate.parse(content);
    const organization = { name, mailLanguages: mailLanguages.parse(languages) };
    return { ...facts, organization, row, memberId, template, logo: await findShownLogo(tx, row.organizationId, template.imageSha256) };
  });
}

/**
 * Records the next hop's answer: the row goes with a mail that was sent, else it is tried again and dead in the end.
 * @returns whether it is dead now.
 */
export async function finishTemplateTest(database: Database, { row }: TemplateTestOrder, answer: NextHopAnswer): Promise<boolean> {
  return database.forOrganization(row.organizationId).transaction(async (tx) => {
    if (!(await lockClaimed(tx, row))) return false;
    if (answer.delivery !== 'Sent') return failRow(tx, row, answer.response);
    await removeRows(tx, [row.id]);
    return false;
  });
}
