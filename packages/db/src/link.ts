import { brandingTemplate, type BrandingTemplate } from '@signet/domain/branding-template';
import type { SystemScope } from './database.ts';
import type { TrackedMessage } from './tracking.ts';

/** A recipient's link with all that stands behind it, content excepted. */
export interface Link {
  readonly organizationId: string;
  readonly organizationName: string;
  readonly recipientId: string;
  readonly address: string;
  readonly addressKey: string;
  readonly passcodesSent: number;
  readonly revokedAt: Date | null;
  readonly expiresAt: Date | null;
  readonly erasedAt: Date | null;
  readonly acceptedAt: Date;
  /** Whether steps are recorded at the moment of the look. */
  readonly tracked: boolean;
  readonly message: TrackedMessage;
  /** As the message was sent with. */
  readonly template: BrandingTemplate;
}

/** What a link token names, or null. The token is compared by the database's unique index; it alone opens nothing. */
export async function findLink(system: SystemScope, token: string): Promise<Link | null> {
  const [row] = await system.query<{
    organization_id: string;
    organization_name: string;
    enable_portal_tracking_logs: boolean;
    recipient_id: string;
    address: string;
    address_key: string;
    passcodes_sent: number;
    revoked_at: Date | null;
    expires_at: Date | null;
    erased_at: Date | null;
    accepted_at: Date;
    message_uid: string;
    message_id: string;
    sender: string;
    subject: string | null;
    uses_default_template: boolean;
    template: unknown;
  }>(
    `select r.organization_id, o.name as organization_name, o.enable_portal_tracking_logs, r.id as recipient_id, r.address, r.address_key,
       r.passcodes_sent, r.revoked_at, m.expires_at, m.erased_at, m.accepted_at, m.id as message_uid, m.message_id, m.sender, m.subject,
       m.uses_default_template, t.content as template
     from recipient r
     join message m on m.organization_id = r.organization_id and m.id = r.message_uid
     join organization o on o.id = r.organization_id
     join branding_template_revision t on t.organization_id = m.organization_id and t.id = m.template_revision_id
     where r.link_token = $1`,
    [token],
  );
  if (!row) return null;
  return {
    organizationId: row.organization_id,
    organizationName: row.organization_name,
    recipientId: row.recipient_id,
    address: row.address,
    addressKey: row.address_key,
    passcodesSent: row.passcodes_sent,
    revokedAt: row.revoked_at,
    expiresAt: row.expires_at,
    erasedAt: row.erased_at,
    acceptedAt: row.accepted_at,
    tracked: row.enable_portal_tracking_logs && !row.uses_default_template,
    message: {
      messageUid: row.message_uid,
      messageId: row.message_id,
      sender: row.sender,
      subject: row.subject,
      usesDefaultTemplate: row.uses_default_template,
    },
    template: brandingTemplate.parse(row.template),
  };
}
