import { refusalOf, type RefusalReason } from '@signet/domain/message-state';
import { clock, type OrganizationScope, type OrganizationTransaction, type SystemScope } from './database.ts';
import type { RecipientSession } from './recipient-session.ts';

/** What a reading transaction found, with its locks held: whether content may leave, and the time that its event carries. */
export interface ReadingCheck {
  readonly at: Date;
  readonly refusal: RefusalReason | 'SignedOut' | null;
}

/**
 * Takes the recipient's row FOR SHARE and the session's, and looks whether content may leave. A revocation, which takes
 * the row FOR UPDATE, comes wholly before or wholly after; the time is read once the locks are held.
 */
export async function checkReading(
  tx: OrganizationTransaction,
  recipientId: string,
  session: Pick<RecipientSession, 'id'>,
): Promise<ReadingCheck> {
  const [row] = await tx.query<{ revoked_at: Date | null; expires_at: Date | null; erased_at: Date | null; signed_in: boolean }>(
    `select r.revoked_at, m.expires_at, m.erased_at, s.id is not null as signed_in
     from recipient r
     join message m on m.organization_id = r.organization_id and m.id = r.message_uid
     left join recipient_session s on s.organization_id = r.organization_id and s.id = $3 and s.address_key = r.address_key
       and s.ended_at is null and s.expires_at > clock_timestamp()
     where r.organization_id = $1 and r.id = $2 for share of r`,
    [tx.organizationId, recipientId, session.id],
  );
  const at = await clock(tx);
  if (!row) return { at, refusal: 'NotAvailable' };
  if (!row.signed_in) return { at, refusal: 'SignedOut' };
  return { at, refusal: refusalOf({ revokedAt: row.revoked_at, expiresAt: row.expires_at, erasedAt: row.erased_at }, at) };
}

/** The same look without a lock and without an event: for the parts of a message that an opening already covers. */
export async function mayStillRead(scope: OrganizationScope, recipientId: string, sessionId: string, accessId: string): Promise<boolean> {
  const rows = await scope.query(
    `select 1 from recipient r
     join message m on m.organization_id = r.organization_id and m.id = r.message_uid
     join recipient_session s on s.organization_id = r.organization_id and s.id = $3 and s.address_key = r.address_key
     join message_access a on a.organization_id = r.organization_id and a.id = $4 and a.recipient_id = r.id and a.session_id = s.id
     where r.organization_id = $1 and r.id = $2 and r.revoked_at is null and m.erased_at is null
       and (m.expires_at is null or m.expires_at > clock_timestamp())
       and s.ended_at is null and s.expires_at > clock_timestamp() and a.expires_at > clock_timestamp()`,
    [scope.organizationId, recipientId, sessionId, accessId],
  );
  return rows.length === 1;
}

/** A recipient that a process is streaming content to. */
export interface StreamingReader {
  readonly organizationId: string;
  readonly recipientId: string;
  readonly sessionId: string;
}

/**
 * Which of the readers may no longer get content (revoked, expired, erased, signed out, gone), asked of the primary in
 * one statement: every process asks it twice a second about the streams it has in flight.
 * @returns positions in the list that was given.
 */
export async function refusedReaders(system: SystemScope, readers: readonly StreamingReader[]): Promise<number[]> {
  if (readers.length === 0) return [];
  const rows = await system.query<{ position: number }>(
    `select reader.position from unnest($1::uuid[], $2::uuid[], $3::uuid[]) with ordinality
       as reader(organization_id, recipient_id, session_id, position)
     where not exists (
       select 1 from recipient r
       join message m on m.organization_id = r.organization_id and m.id = r.message_uid
       join recipient_session s on s.organization_id = r.organization_id and s.id = reader.session_id
       where r.organization_id = reader.organization_id and r.id = reader.recipient_id and r.revoked_at is null
         and m.erased_at is null and (m.expires_at is null or m.expires_at > clock_timestamp())
         and s.ended_at is null and s.expires_at > clock_timestamp()
     )`,
    [
      readers.map((reader) => reader.organizationId),
      readers.map((reader) => reader.recipientId),
      readers.map((reader) => reader.sessionId),
    ],
  );
  return rows.map((row) => row.position - 1);
}
