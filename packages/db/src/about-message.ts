import type { Transaction } from './database.ts';

/** A mail about a message to its sender, and how the message may be named in it. */
export interface AboutMessage {
  readonly messageId: string;
  readonly acceptedAt: Date;
  readonly sender: string;
  readonly subject: string | null;
  /** Whether the message's template shows the subject in mails, and there is something of it that a sender would know again. */
  readonly subjectShown: boolean;
  readonly organizationName: string;
  /** Of the organization's default template. */
  readonly backgroundColor: string | null;
}

/**
 * What a mail about a message to its sender says of it; null where the sender's domain has left the organization: nobody would show
 * them the message.
 */
export async function aboutMessage(tx: Transaction, organizationId: string, messageUid: string): Promise<AboutMessage | null> {
  const [about] = await tx.query<AboutMessage>(
    `select m.message_id as "messageId", m.accepted_at as "acceptedAt", m.sender, m.subject,
       coalesce((t.content ->> 'subjectShown')::boolean, true) and m.subject_recorded in ('full', 'truncated') as "subjectShown", o.name as "organizationName",
       (select d.content ->> 'backgroundColor' from branding_template b
        join branding_template_revision d on d.organization_id = b.organization_id and d.id = b.revision_id
        where b.organization_id = m.organization_id and b.is_default) as "backgroundColor"
     from message m
     join organization o on o.id = m.organization_id
     join branding_template_revision t on t.organization_id = m.organization_id and t.id = m.template_revision_id
     join organization_domain n on n.organization_id = m.organization_id and n.domain = substring(lower(m.sender) from '[^@]*$')
     where m.organization_id = $1 and m.id = $2`,
    [organizationId, messageUid],
  );
  return about ?? null;
}
