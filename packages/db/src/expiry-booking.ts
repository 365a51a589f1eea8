import { setTimeout as sleep } from 'node:timers/promises';
import { appendAuditEvents } from './audit.ts';
import type { RecordedForm } from '@signet/domain/privacy-policy';
import type { Database, OrganizationTransaction, SystemScope } from './database.ts';
import { readRecording } from './recording.ts';
import { noteExpiredUnread } from './sender-fact.ts';
import { stepEvent, type Step } from './tracking.ts';

/** Who does what nobody asks for at the time. */
export const signetItself = { kind: 'system', id: null, address: null } as const;

/** Messages that are booked in one transaction. */
const BATCH = 500;

/** As many as an entry holds: one that held more would keep the whole batch from being booked. */
export const NAMED_RECIPIENTS = 5000;

const isDue = `erased_at is null and expiry_booked_for is distinct from expires_at and expires_at <= statement_timestamp()`;

/** That a message has expired: dated with the instant at which it did, whenever it is booked. */
export function expireStep(expiresAt: Date, recipients: readonly string[]): Step {
  return {
    operation: 'MessageExpire',
    creationTime: expiresAt,
    recipients,
    operationStatus: 'Success',
    actor: signetItself,
    properties: { ExpiresAt: expiresAt.toISOString() },
  };
}

/**
 * Books expiries that were reached: one `MessageExpire` for each message and instant, where steps were recorded at that instant.
 * Nobody's reading waits for it: whether a message has expired is asked of the clock. Rows that somebody else holds (another
 * worker, or whoever is changing the expiry) are passed over and looked at again the next time.
 * @returns how many messages were booked.
 */
export async function bookExpiries(database: Database, stopping: AbortSignal): Promise<number> {
  let total = 0;
  for (const organizationId of await organizationsWithDue(database.system)) {
    for (let booked = BATCH; booked === BATCH && !stopping.aborted; total += booked) {
      const begin = performance.now();
      booked = await database.forOrganization(organizationId).transaction(bookBatch);
      // Half of the time belongs to those who read meanwhile: they wait for their message, and nobody waits for this.
      await sleep(performance.now() - begin, undefined, { signal: stopping }).catch(() => undefined);
    }
  }
  return total;
}

async function organizationsWithDue(system: SystemScope): Promise<string[]> {
  const rows = await system.query<{ id: string }>(
    `select id from organization o where exists (select from message where organization_id = o.id and ${isDue}) order by id`,
  );
  return rows.map((row) => row.id);
}

interface DueMessage {
  messageUid: string;
  messageId: string;
  sender: string;
  subject: string | null;
  subjectRecorded: RecordedForm;
  usesDefaultTemplate: boolean;
  expiresAt: Date;
  tracked: boolean;
  recipients: string[];
}

async function bookBatch(tx: OrganizationTransaction): Promise<number> {
  const due = await tx.query<DueMessage>(
    `with due as materialized (
       select id, message_id, sender, subject, subject_recorded, uses_default_template, expires_at from message
       where organization_id = $1 and ${isDue} order by expires_at limit $2 for no key update skip locked
     ), booked as (
       update message set expiry_booked_for = message.expires_at from due where message.organization_id = $1 and message.id = due.id
     )
     select id as "messageUid", message_id as "messageId", sender, subject, subject_recorded as "subjectRecorded", uses_default_template as "usesDefaultTemplate",
       expires_at as "expiresAt", not uses_default_template and ${trackedAt('due.expires_at')} as tracked,
       array(select address from recipient where organization_id = $1 and message_uid = due.id and not unwrapped
         order by id limit $3) as recipients
     from due order by expires_at, id`,
    [tx.organizationId, BATCH, NAMED_RECIPIENTS],
  );
  const recording = await readRecording(tx);
  await appendAuditEvents(
    tx,
    due
      // What left unwrapped to everybody cannot expire.
      .filter(({ tracked, recipients }) => tracked && recipients.length > 0)
      .map(({ expiresAt, recipients, ...message }) => stepEvent(tx, message, expireStep(expiresAt, recipients), recording)),
  );
  await noteExpiredUnread(
    tx,
    due.map(({ messageUid }) => messageUid),
  );
  return due.length;
}

/** Whether the organization's tracking was on at an instant, in SQL. */
function trackedAt(instant: string): string {
  return `exists (select from tracking_period where organization_id = $1 and started_at <= ${instant}
    and (ended_at is null or ended_at > ${instant}))`;
}

/** Whether steps of a message were recorded at an instant that has passed. */
export async function wasTracked(
  tx: OrganizationTransaction,
  { usesDefaultTemplate }: { usesDefaultTemplate: boolean },
  instant: Date,
): Promise<boolean> {
  if (usesDefaultTemplate) return false;
  const [row] = await tx.query<{ tracked: boolean }>(`select ${trackedAt('$2::timestamptz')} as tracked`, [tx.organizationId, instant]);
  return row?.tracked === true;
}
