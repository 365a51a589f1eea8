import type { AuthenticationMethod } from '@signet/domain/audit/entry';
import { brandingTemplate, type BrandingTemplate } from '@signet/domain/branding-template';
import type { SystemScope } from './database.ts';
import type { RecordedForm } from '@signet/domain/privacy-policy';
import type { RecipientSession } from './recipient-session.ts';
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
  /** Whether both the template and the rules that decided at acceptance let recipients forward, print and copy out. */
  readonly forwardingAllowed: boolean;
  /** The database's clock at the look. */
  readonly lookedAt: Date;
  /** The visitor's live session for this address in this organization; null without one. */
  readonly session: RecipientSession | null;
}

/** The form of every token that was ever made. Anything else is unknown without asking the database, which takes not every text. */
const LINK_TOKEN = /^[\w-]{1,200}$/;

/**
 * What a link token names, with the visitor's session, or null; one statement. The token is compared by the database's
 * unique index; it alone opens nothing. A session counts only for the organization and the address that it was begun for.
 * @param sessionTokenHash SHA-256 of the session token that the visitor's browser holds.
 */
export async function findLink(system: SystemScope, token: string, sessionTokenHash: Uint8Array | null): Promise<Link | null> {
  if (!LINK_TOKEN.test(token)) return null;
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
    subject_recorded: RecordedForm;
    uses_default_template: boolean;
    template: unknown;
    forwarding_forbidden: boolean;
    now: Date;
    session_id: string | null;
    session_method: AuthenticationMethod;
    session_expires_at: Date;
  }>(
    `select r.organization_id, o.name as organization_name, o.enable_portal_tracking_logs, r.id as recipient_id, r.address, r.address_key,
       r.passcodes_sent, r.revoked_at, m.expires_at, m.erased_at, m.accepted_at, m.id as message_uid, m.message_id, m.sender, m.subject, m.subject_recorded,
       m.uses_default_template, t.content as template, m.decision ->> 'forwardingForbiddenBy' is not null as forwarding_forbidden,
       clock_timestamp() as now,
       s.id as session_id, s.method as session_method, s.expires_at as session_expires_at
     from recipient r
     join message m on m.organization_id = r.organization_id and m.id = r.message_uid
     join organization o on o.id = r.organization_id
     join branding_template_revision t on t.organization_id = m.organization_id and t.id = m.template_revision_id
     left join recipient_session s on s.token_hash = $2 and s.organization_id = r.organization_id and s.address_key = r.address_key
       and s.ended_at is null and s.expires_at > clock_timestamp()
     where r.link_token = $1 and not r.unwrapped`,
    [token, sessionTokenHash],
  );
  if (!row) return null;
  const template = brandingTemplate.parse(row.template);
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
      subjectRecorded: row.subject_recorded,
      usesDefaultTemplate: row.uses_default_template,
    },
    template,
    forwardingAllowed: template.forwardingAllowed && !row.forwarding_forbidden,
    lookedAt: row.now,
    session:
      row.session_id === null
        ? null
        : { id: row.session_id, addressKey: row.address_key, method: row.session_method, expiresAt: row.session_expires_at },
  };
}
