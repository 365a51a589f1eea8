import { refusalOf, type RefusalReason } from '@signet/domain/message-state';
import { clock, type OrganizationScope, type OrganizationTransaction, type SystemScope } from './database.ts';
import type { RecipientSession } from './recipient-session.ts';
import { recordingColumns, recordingJoins, recordingOf, type CurrentRecording, type RecordingRow } from './recording.ts';

/** Why content is refused. `SignedOut`: the session has ended or run out. */
export type ReadingRefusal = RefusalReason | 'SignedOut';

/** What a transaction found of a recipient, with the row's lock held. */
export interface RecipientCheck {
  /** The time that the transaction's event carries. */
  readonly at: Date;
  readonly refusal: RefusalReason | null;
  /** Whether steps of the message are recorded now. */
  readonly tracked: boolean;
}

interface CheckedRow extends RecordingRow {
  revoked_at: Date | null;
  expires_at: Date | null;
  erased_at: Date | null;
  tracked: boolean;
  signed_in: boolean;
  now: Date;
}

/**
 * Locks the recipient's row and looks whether content may leave. A revocation, which takes the row FOR UPDATE, comes
 * wholly before or wholly after; the time is read once the lock is held, in the same statement: the lock is taken by the
 * inner query, whose rows the outer one only gets afterwards. Expiry and erasure stand in the message's row: it is looked at
 * once the lock is held too, since whoever changes them holds the recipients' rows.
 */
async function lockRow(
  tx: OrganizationTransaction,
  recipientId: string,
  lock: 'share' | 'update',
  sessionId: string | null,
): Promise<CheckedRow | undefined> {
  const [row] = await tx.query<CheckedRow>(
    `with locked as materialized (
       select message_uid, address_key, revoked_at from recipient where organization_id = $1 and id = $2 for ${lock}
     )
     select locked.revoked_at, state.expires_at, state.erased_at, o.enable_portal_tracking_logs and not m.uses_default_template as tracked, ${recordingColumns},
       s.id is not null as signed_in, date_trunc('milliseconds', clock_timestamp()) as now
     from locked
     cross join lateral message_state_now($1, locked.message_uid) state
     join message m on m.organization_id = $1 and m.id = locked.message_uid
     join organization o on o.id = $1
     ${recordingJoins}
     left join recipient_session s on s.organization_id = $1 and s.id = $3 and s.address_key = locked.address_key
       and s.ended_at is null and s.expires_at > clock_timestamp()`,
    [tx.organizationId, recipientId, sessionId],
  );
  return row;
}

function stateOf(row: Pick<CheckedRow, 'revoked_at' | 'expires_at' | 'erased_at' | 'now'>): RefusalReason | null {
  return refusalOf({ revokedAt: row.revoked_at, expiresAt: row.expires_at, erasedAt: row.erased_at }, row.now);
}

/**
 * Takes the recipient's row and says whether anything stands against the recipient.
 * @param lock `share` beside other readers; `update` where requests at once must be counted one by one.
 */
export async function checkRecipient(tx: OrganizationTransaction, recipientId: string, lock: 'share' | 'update'): Promise<RecipientCheck> {
  const row = await lockRow(tx, recipientId, lock, null);
  if (!row) return { at: await clock(tx), refusal: 'NotAvailable', tracked: false };
  return { at: row.now, refusal: stateOf(row), tracked: row.tracked };
}

/** What a reading transaction found: the same, and whether the session is alive. */
export type ReadingCheck = Omit<RecipientCheck, 'refusal'> & {
  readonly refusal: ReadingRefusal | null;
  readonly recording?: CurrentRecording;
};

/** Takes the recipient's row FOR SHARE and says whether content may leave to this session. */
export async function checkReading(
  tx: OrganizationTransaction,
  recipientId: string,
  session: Pick<RecipientSession, 'id'>,
): Promise<ReadingCheck> {
  const row = await lockRow(tx, recipientId, 'share', session.id);
  if (!row) return { at: await clock(tx), refusal: 'NotAvailable', tracked: false };
  const recording = await recordingOf(tx, row);
  return { at: row.now, refusal: row.signed_in ? stateOf(row) : 'SignedOut', tracked: row.tracked, recording };
}

/**
 * The same look without a lock and without an event, for the parts of a message that an opening already covers.
 * @returns why not; `NotOpened` where the opening is unknown, over, or another session's; null where content may leave.
 */
export async function checkOpened(
  scope: OrganizationScope,
  recipientId: string,
  sessionId: string,
  accessId: string,
): Promise<ReadingRefusal | 'NotOpened' | null> {
  const [row] = await scope.query<Omit<CheckedRow, 'tracked'> & { opened: boolean }>(
    `select r.revoked_at, m.expires_at, m.erased_at, s.id is not null as signed_in, clock_timestamp() as now,
       exists (
         select 1 from message_access a where a.organization_id = $1 and a.id = $4 and a.recipient_id = r.id and a.session_id = $3
           and a.expires_at > clock_timestamp()
       ) as opened
     from recipient r
     join message m on m.organization_id = r.organization_id and m.id = r.message_uid
     left join recipient_session s on s.organization_id = $1 and s.id = $3 and s.address_key = r.address_key
       and s.ended_at is null and s.expires_at > clock_timestamp()
     where r.organization_id = $1 and r.id = $2`,
    [scope.organizationId, recipientId, sessionId, accessId],
  );
  if (!row) return 'NotAvailable';
  if (!row.signed_in) return 'SignedOut';
  return stateOf(row) ?? (row.opened ? null : 'NotOpened');
}

/** A recipient that a process is streaming content to. */
export interface StreamingReader {
  readonly organizationId: string;
  readonly recipientId: string;
  readonly sessionId: string;
}

/** One of the readers that were asked about, by its place in the list, and why it gets no more. */
export interface RefusedReader {
  readonly position: number;
  readonly reason: ReadingRefusal;
}

/**
 * Which of the readers may no longer get content, asked of the primary in one statement: every process asks it twice a
 * second about the streams it has in flight.
 */
export async function refusedReaders(system: SystemScope, readers: readonly StreamingReader[]): Promise<RefusedReader[]> {
  if (readers.length === 0) return [];
  const rows = await system.query<{ position: number; reason: ReadingRefusal }>(
    `select position, reason from (
       select reader.position,
         case when r.id is null or m.erased_at is not null then 'NotAvailable'
           when r.revoked_at is not null then 'Revoked'
           when m.expires_at <= clock_timestamp() then 'Expired'
           when s.id is null then 'SignedOut' end as reason
       from unnest($1::uuid[], $2::uuid[], $3::uuid[]) with ordinality as reader(organization_id, recipient_id, session_id, position)
       left join recipient r on r.organization_id = reader.organization_id and r.id = reader.recipient_id
       left join message m on m.organization_id = r.organization_id and m.id = r.message_uid
       left join recipient_session s on s.organization_id = reader.organization_id and s.id = reader.session_id
         and s.ended_at is null and s.expires_at > clock_timestamp()
     ) looked where reason is not null`,
    [
      readers.map((reader) => reader.organizationId),
      readers.map((reader) => reader.recipientId),
      readers.map((reader) => reader.sessionId),
    ],
  );
  return rows.map((row) => ({ position: row.position - 1, reason: row.reason }));
}
