import type { Actor } from '@signet/domain/audit/entry';
import { mailDecision, type MailDecision } from '@signet/domain/mail-decision';
import {
  expiryFreedomOf,
  latestExpiry,
  type ExpiryFreedom,
  type ExpirySetter,
  type SenderExpiryPolicy,
} from '@signet/domain/message-expiry';
import type { RecordedForm } from '@signet/domain/privacy-policy';
import { bracketed } from '@signet/domain/message-id';
import { accessStateOf, isRevocable, type AccessState, type DeliveryState } from '@signet/domain/message-state';
import { trackingStatusOf, type TrackingPeriod, type TrackingStatus } from '@signet/domain/tracking';
import { z } from 'zod';
import type { Queryable } from './queryable.ts';
import { subjectTold, subjectToldSql } from './tracking.ts';

/** Who did something, as it is kept beside what was done; `name` is what people recognise. */
export interface Doer extends Actor {
  readonly name: string;
}

const namedDoer = z.object({ name: z.string() });

/** The name of who did something, as it is kept beside what was done. */
export function nameOfDoer(kept: unknown): string | null {
  return namedDoer.safeParse(kept).data?.name ?? null;
}

export interface RecipientDetail {
  readonly id: string;
  readonly address: string;
  readonly deliveryState: DeliveryState;
  /** Gets the message as it came, without the portal. */
  readonly unwrapped: boolean;
  readonly accessState: AccessState;
  readonly isRevocable: boolean;
  readonly revokedAt: Date | null;
  readonly revokedBy: Doer | null;
  readonly reason: string | null;
  /** How often the wrapper mail was handed to the next hop. */
  readonly attempts: number;
  readonly sentAt: Date | null;
  readonly lastResponse: string | null;
  readonly openedAt: Date | null;
}

/** A message in full: everything about it but its content. */
export interface MessageDetail {
  readonly id: string;
  readonly messageId: string;
  /** Empty where it has none, null where the privacy policy hid it. */
  readonly subject: string | null;
  readonly subjectRecorded: RecordedForm;
  readonly sender: string;
  readonly template: string;
  readonly acceptedAt: Date;
  readonly expiresAt: Date | null;
  readonly size: number;
  readonly originalOnly: boolean;
  /** Whether both the template and the rules that decided at acceptance let recipients forward, print and copy out. */
  readonly forwardingAllowed: boolean;
  /** What the rules decided at acceptance; null where that was not kept. */
  readonly decision: MailDecision | null;
  /** In the order in which they were added. */
  readonly recipients: readonly RecipientDetail[];
  readonly tracking: TrackingStatus;
  /** What the organization and the sender may do with the expiry, and how late it may be. */
  readonly expiryChange: { readonly organization: ExpiryFreedom; readonly sender: ExpiryFreedom; readonly latest: Date };
  readonly attachments: readonly { name: string | null; contentType: string | null; size: number; sha256: string }[];
}

/** One of the messages that a reference names. */
export interface NamedMessage {
  readonly id: string;
  readonly sender: string;
  readonly subject: string | null;
  readonly acceptedAt: Date;
}

/** Whose messages somebody may see: all of the organization's, or those that one address has sent. */
export type MessageSight = 'organization' | { readonly sender: string };

/** The address whose messages alone may be seen, as a statement's parameter: null means all of them. */
export function ownSender(sight: MessageSight): string | null {
  return sight === 'organization' ? null : sight.sender;
}

interface OrganizationQueryable extends Queryable {
  readonly organizationId: string;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * The messages within somebody's sight that a reference names, the oldest first: one by Signet's id, one or several by a
 * Message-ID with or without angle brackets. What lies outside it is not there.
 */
export async function findMessages(db: OrganizationQueryable, sight: MessageSight, reference: string): Promise<NamedMessage[]> {
  // PostgreSQL holds no NUL in a text; no message has one in its Message-ID.
  if (reference.includes('\0')) return [];
  return db.query<{ id: string; sender: string; subject: string | null; acceptedAt: Date }>(
    `select id, sender, ${subjectToldSql('message')} as subject, accepted_at as "acceptedAt" from message
     where organization_id = $1 and (id = $2::uuid or message_id = $3) and ($4::text is null or lower(sender) = lower($4))
     order by accepted_at, id`,
    [db.organizationId, uuid.test(reference) ? reference : null, bracketed(reference), ownSender(sight)],
  );
}

/** Spans in which the organization's tracking was on, in order of time. */
async function trackingPeriods(db: OrganizationQueryable): Promise<TrackingPeriod[]> {
  return db.query<{ from: Date; to: Date | null }>(
    'select started_at as "from", ended_at as "to" from tracking_period where organization_id = $1 order by started_at',
    [db.organizationId],
  );
}

interface RecipientRow {
  id: string;
  address: string;
  deliveryState: DeliveryState;
  unwrapped: boolean;
  revokedAt: string | null;
  revokedBy: Doer | null;
  reason: string | null;
  attempts: number;
  sentAt: string | null;
  lastResponse: string | null;
  openedAt: string | null;
}

interface MessageRow {
  id: string;
  message_id: string;
  subject: string | null;
  subject_recorded: RecordedForm;
  sender: string;
  template_name: string;
  uses_default_template: boolean;
  accepted_at: Date;
  expires_at: Date | null;
  expiry_set_by: ExpirySetter;
  expiry_policy: SenderExpiryPolicy;
  erased_at: Date | null;
  size: number;
  original_only: string | null;
  decision: unknown;
  template_allows_forwarding: boolean;
  now: Date;
  recipients: RecipientRow[] | null;
  attachments: MessageDetail['attachments'] | null;
}

/** Messages in full, in the order of `ids`; ids that the organization has no message of are left out. */
export async function loadMessages(db: OrganizationQueryable, ids: readonly string[]): Promise<MessageDetail[]> {
  if (ids.length === 0) return [];
  const rows = await db.query<MessageRow>(
    `select m.id, m.message_id, m.subject, m.subject_recorded, m.sender, m.template_name, m.uses_default_template, m.accepted_at, m.expires_at,
       m.expiry_set_by, (select o.senders_may_change_expiry from organization o where o.id = m.organization_id) as expiry_policy,
       m.erased_at, m.size, m.original_only, m.decision, clock_timestamp() as now,
       (select coalesce((t.content ->> 'forwardingAllowed')::boolean, true) from branding_template_revision t
        where t.organization_id = m.organization_id and t.id = m.template_revision_id) as template_allows_forwarding,
       (select json_agg(json_build_object('id', r.id, 'address', r.address, 'deliveryState', r.delivery_state, 'unwrapped', r.unwrapped,
          'revokedAt', r.revoked_at, 'revokedBy', r.revoked_by, 'reason', r.revoke_reason, 'attempts', r.wrapper_attempts, 'sentAt', r.sent_at,
          'lastResponse', r.last_response, 'openedAt', r.opened_at) order by r.id)
        from recipient r where r.organization_id = m.organization_id and r.message_uid = m.id) as recipients,
       (select json_agg(json_build_object('name', p.name, 'contentType', p.content_type, 'size', p.size, 'sha256', p.sha256)
          order by p.position)
        from message_part p where p.organization_id = m.organization_id and p.message_uid = m.id and p.kind = 'attachment') as attachments
     from message m where m.organization_id = $1 and m.id = any($2::uuid[])
     order by array_position($2::uuid[], m.id)`,
    [db.organizationId, ids],
  );
  const periods = await trackingPeriods(db);
  return rows.map((row) => messageDetail(row, periods));
}

function messageDetail(row: MessageRow, periods: readonly TrackingPeriod[]): MessageDetail {
  const tracking = trackingStatusOf({ acceptedAt: row.accepted_at, usesDefaultTemplate: row.uses_default_template }, periods);
  const decision = mailDecision.safeParse(row.decision).data ?? null;
  return {
    id: row.id,
    messageId: row.message_id,
    subject: subjectTold(row.subject, row.subject_recorded),
    subjectRecorded: row.subject_recorded,
    sender: row.sender,
    template: row.template_name,
    acceptedAt: row.accepted_at,
    expiresAt: row.expires_at,
    size: row.size,
    originalOnly: row.original_only !== null,
    forwardingAllowed: row.template_allows_forwarding && decision?.forwardingForbiddenBy == null,
    decision,
    tracking,
    recipients: (row.recipients ?? []).map((recipient) => recipientDetail(recipient, row, isWholeRecord(tracking))),
    expiryChange: expiryChangeOf(row),
    attachments: row.attachments ?? [],
  };
}

function expiryChangeOf(row: MessageRow): MessageDetail['expiryChange'] {
  const facts = {
    acceptedAt: row.accepted_at,
    expiresAt: row.expires_at,
    expirySetBy: row.expiry_set_by,
    erasedAt: row.erased_at,
    allPassed: (row.recipients ?? []).every(({ unwrapped }) => unwrapped),
  };
  const freedomOf = (by: 'organization' | 'sender') => expiryFreedomOf(facts, by, row.expiry_policy, row.now);
  return { organization: freedomOf('organization'), sender: freedomOf('sender'), latest: latestExpiry(row.accepted_at) };
}

/** Whether nothing can have happened to a message without being recorded: only then may be said that nobody opened it. */
export function isWholeRecord(tracking: Pick<TrackingStatus, 'state' | 'gaps'>): boolean {
  return tracking.state === 'on' && tracking.gaps.length === 0;
}

function recipientDetail(recipient: RecipientRow, message: MessageRow, tracked: boolean): RecipientDetail {
  const { expires_at: expiresAt, erased_at: erasedAt } = message;
  const revokedAt = dateOrNull(recipient.revokedAt);
  const openedAt = dateOrNull(recipient.openedAt);
  return {
    ...recipient,
    revokedAt,
    openedAt,
    sentAt: dateOrNull(recipient.sentAt),
    accessState: accessStateOf({ revokedAt, openedAt, expiresAt, erasedAt, tracked, unwrapped: recipient.unwrapped }, message.now),
    isRevocable: isRevocable({ unwrapped: recipient.unwrapped, erasedAt }),
  };
}

function dateOrNull(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}
