import type { AuthenticationMethod } from '@signet/domain/audit/entry';
import type { operations } from '@signet/domain/audit/operation';
import { signetEvent, type SignetStep } from '@signet/domain/audit/signet-event';
import { appendAuditEvents } from './audit.ts';
import type { RecordedForm } from '@signet/domain/privacy-policy';
import { clock, newId, type Database, type OrganizationScope, type OrganizationTransaction } from './database.ts';
import { DatabaseUnavailableError } from './database-unavailable-error.ts';
import { readRecording } from './recording.ts';
import { subjectTold } from './tracking.ts';

/** Rows that become events in one transaction. */
const BATCH = 500;

/**
 * Makes one event of each finished minute's touches of a link by one agent from one network, and removes them in the same
 * transaction: a touch is counted once, whoever flushes, and however often. Rows that another process is at are left to it.
 * Whether a touch is recorded was decided when it was counted; tracking that was switched off since changes nothing about it.
 * @returns how many events were appended.
 * @throws once every organization has had its turn: what is wrong with one's touches holds up nobody else's.
 */
export async function flushLinkTouches(database: Database): Promise<number> {
  const waiting = await database.system.query<{ organization_id: string }>(
    "select distinct organization_id from link_touch where minute < date_trunc('minute', clock_timestamp()) order by organization_id",
  );
  let total = 0;
  const broken: unknown[] = [];
  for (const { organization_id } of waiting) {
    try {
      total += await flushOrganization(database.forOrganization(organization_id));
    } catch (error) {
      if (error instanceof DatabaseUnavailableError) throw error;
      broken.push(error);
    }
  }
  if (broken.length > 0) throw broken[0];
  return total;
}

async function flushOrganization(scope: OrganizationScope): Promise<number> {
  let total = 0;
  for (;;) {
    const recorded = await scope.transaction(flushBatch);
    total += recorded;
    if (recorded < BATCH) return total;
  }
}

interface TouchRow {
  kind: string;
  method: string;
  reason: string | null;
  client_ip: string | null;
  client_ip_recorded: RecordedForm;
  user_agent: string | null;
  user_agent_recorded: RecordedForm;
  authentication: AuthenticationMethod | null;
  count: number;
  first_seen: Date;
  last_seen: Date;
  recipient_id: string;
  address: string;
  message_uid: string;
  message_id: string;
  sender: string;
  subject: string | null;
  subject_recorded: RecordedForm;
  signals: Partial<Record<SignalName, string | number>>;
  seconds_after_delivery: number | null;
  head_before: boolean;
}

type SignalName = (typeof operations)['LinkTouch']['properties'][number];

async function flushBatch(tx: OrganizationTransaction): Promise<number> {
  const touches = await tx.query<TouchRow>(
    `with due as (
       select organization_id, recipient_id, minute, kind, signature from link_touch
       where organization_id = $1 and minute < date_trunc('minute', clock_timestamp())
       order by minute limit $2 for update skip locked
     ), removed as (
       delete from link_touch using due
       where link_touch.organization_id = due.organization_id and link_touch.recipient_id = due.recipient_id
         and link_touch.minute = due.minute and link_touch.kind = due.kind and link_touch.signature = due.signature
       returning link_touch.*
     )
     select removed.kind, removed.method, removed.reason, removed.client_ip, removed.client_ip_recorded, removed.user_agent,
       removed.user_agent_recorded, removed.authentication, removed.count,
       removed.first_seen, removed.last_seen, removed.recipient_id, removed.signals,
       -- Mail systems look at links while they take the mail, before their answer is known.
       case when removed.first_seen > r.sent_at - interval '1 minute'
         then greatest(0, extract(epoch from removed.first_seen - r.sent_at))::int end as seconds_after_delivery,
       exists (
         select from link_touch h
         where h.organization_id = removed.organization_id and h.recipient_id = removed.recipient_id and h.kind = 'touch'
           and h.client_ip = removed.client_ip and h.signature <> removed.signature and h.method like 'HEAD%'
           and h.first_seen between removed.first_seen - interval '1 minute' and removed.first_seen
       ) as head_before,
       r.address, m.id as message_uid, m.message_id, m.sender, m.subject,
       m.subject_recorded
     from removed
     join recipient r on r.organization_id = removed.organization_id and r.id = removed.recipient_id
     join message m on m.organization_id = r.organization_id and m.id = r.message_uid
     order by removed.first_seen`,
    [tx.organizationId, BATCH],
  );
  if (touches.length === 0) return 0;
  // The time of the event, not of the touches, which its properties tell: whoever asks for what is newer than what they have misses none.
  const at = await clock(tx);
  const recording = await readRecording(tx);
  await appendAuditEvents(
    tx,
    touches.map((touch) => {
      const about = {
        id: newId(),
        organizationId: tx.organizationId,
        messageUid: touch.message_uid,
        messageId: touch.message_id,
        sender: touch.sender,
        mailSubject: subjectTold(touch.subject, touch.subject_recorded),
        mailSubjectRecorded: touch.subject_recorded,
        creationTime: at,
      };
      return touch.kind === 'access'
        ? signetEvent({ ...refusedOpening(touch), ...about }, recording)
        : signetEvent({ ...linkTouch(touch), ...about }, recording);
    }),
  );
  return touches.length;
}

type About = 'id' | 'organizationId' | 'messageUid' | 'messageId' | 'sender' | 'mailSubject' | 'mailSubjectRecorded' | 'creationTime';

/** Nobody signed in: who touched the link is unknown, and no method or status of a sign-in is claimed. */
function linkTouch(touch: TouchRow): Omit<SignetStep<'LinkTouch'>, About> {
  return {
    operation: 'LinkTouch',
    operationStatus: touch.reason === null ? 'Success' : 'Failure',
    recipients: [touch.address],
    actor: { kind: 'unknown', id: null, address: null },
    clientIp: touch.client_ip,
    clientIpRecorded: touch.client_ip_recorded,
    userAgent: touch.user_agent,
    userAgentRecorded: touch.user_agent_recorded,
    properties: {
      ...gathered(touch),
      Method: touch.method,
      Reason: touch.reason,
      ...touch.signals,
      SecondsAfterDelivery: touch.seconds_after_delivery,
      HeadBefore: touch.head_before ? true : null,
    },
  };
}

/** The recipient, with a live session, was refused. */
function refusedOpening(touch: TouchRow): Omit<SignetStep<'MessageAccess'>, About> {
  return {
    operation: 'MessageAccess',
    operationStatus: 'Failure',
    authenticationMethod: touch.authentication,
    authenticationStatus: touch.authentication === null ? null : 'Success',
    recipients: [touch.address],
    actor: { kind: 'recipient', id: touch.recipient_id, address: touch.address },
    clientIp: touch.client_ip,
    clientIpRecorded: touch.client_ip_recorded,
    userAgent: touch.user_agent,
    userAgentRecorded: touch.user_agent_recorded,
    properties: { ...gathered(touch), Reason: touch.reason },
  };
}

function gathered({ count, first_seen, last_seen }: TouchRow) {
  return { Count: count, FirstSeen: first_seen.toISOString(), LastSeen: last_seen.toISOString() };
}
