import { appendAdminRecords } from './admin-record.ts';
import type { RecordedForm } from '@signet/domain/privacy-policy';
import { appendAuditEvents } from './audit.ts';
import type { Database, OrganizationTransaction } from './database.ts';
import { NAMED_RECIPIENTS, signetItself } from './expiry-booking.ts';
import { timeOfChange } from './message-lock.ts';
import { heldMessageSql } from './held.ts';
import { readRecording } from './recording.ts';
import { stepEvent } from './tracking.ts';

/** Messages that are erased in one transaction. */
const BATCH = 200;

/** By the clock, in hours: a day of an interval has 23 or 25 of them where the session's time zone changes its clocks. */
const isDue = `m.erased_at is null and m.expiry_booked_for = m.expires_at
  and m.expires_at <= statement_timestamp() - make_interval(hours => 24 * $2::int) and not ${heldMessageSql('m')}`;

/**
 * Destroys the keys of messages that expired as many days ago as their organization wants, where it wants it at all. Each is
 * locked and looked at again before: one that is held, or whose expiry is being put off is passed over, and one that was put off is not due. The
 * blob, which nobody can decrypt any more, is the trash's. Only what is booked as expired is erased, so that the trail has both.
 * @returns how many messages were erased.
 */
export async function eraseExpired(database: Database, stopping: AbortSignal): Promise<number> {
  const organizations = await database.system.query<{ id: string }>(
    "select id from organization where content_after_expiry = 'erase' order by id",
  );
  let total = 0;
  for (const { id } of organizations) {
    for (let erased = BATCH; erased === BATCH && !stopping.aborted; total += erased) {
      erased = await database.forOrganization(id).transaction(eraseBatch);
    }
  }
  return total;
}

interface ErasableMessage {
  messageUid: string;
  messageId: string;
  sender: string;
  subject: string | null;
  subjectRecorded: RecordedForm;
  usesDefaultTemplate: boolean;
  expiresAt: Date;
  recipients: string[];
}

async function eraseBatch(tx: OrganizationTransaction): Promise<number> {
  // Held, not only read: once the organization has been told that its content is kept, nothing more is erased.
  const [organization] = await tx.query<{ days: number }>(
    "select erase_after_days as days from organization where id = $1 and content_after_expiry = 'erase' for share",
    [tx.organizationId],
  );
  if (!organization) return 0;
  const due = await tx.query<ErasableMessage>(
    `select m.id as "messageUid", m.message_id as "messageId", m.sender, m.subject, m.subject_recorded as "subjectRecorded", m.uses_default_template as "usesDefaultTemplate",
       m.expires_at as "expiresAt",
       array(select address from recipient where organization_id = $1 and message_uid = m.id order by id limit $4) as recipients
     from message m where m.organization_id = $1 and ${isDue}
     order by m.expires_at limit $3 for no key update of m skip locked`,
    [tx.organizationId, organization.days, BATCH, NAMED_RECIPIENTS],
  );
  if (due.length === 0) return 0;
  const ids = due.map(({ messageUid }) => messageUid);
  const at = await timeOfChange(
    tx,
    ids.map((id) => ({ id })),
  );
  await tx.query(
    `update message set wrapped_key = null, erased_at = $3, content_missing_since = null
     where organization_id = $1 and id = any($2::uuid[])`,
    [tx.organizationId, ids, at],
  );
  const step = { operation: 'MessageErase', creationTime: at, operationStatus: 'Success', actor: signetItself } as const;
  const properties = { Reason: 'Expired', By: 'Signet' };
  const recording = await readRecording(tx);
  await appendAuditEvents(
    tx,
    due
      .filter((message) => recording.tracking && !message.usesDefaultTemplate)
      .map((message) => stepEvent(tx, message, { ...step, recipients: message.recipients, properties }, recording)),
  );
  await appendAdminRecords(
    tx,
    due.map(({ messageUid, messageId, expiresAt }) => ({
      action: 'MessageErase',
      actor: signetItself,
      target: { kind: 'message', id: messageUid },
      reason: 'Expired',
      after: { messageId, expiresAt: expiresAt.toISOString(), eraseAfterDays: organization.days },
      at,
    })),
  );
  return due.length;
}
