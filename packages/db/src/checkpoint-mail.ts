import { recordTextOf } from '@signet/domain/audit/record-text';
import type { NextHopAnswer } from '@signet/domain/delivery';
import { sendCheckpointMailPayload } from '@signet/domain/jobs';
import type { LogStream } from '@signet/domain/log/checkpoint';
import type { Database } from './database.ts';
import { claimRow, failRow, lockClaimed, removeRows, type OutboxRow } from './outbox.ts';

/** A mail with checkpoints that is to be sent now, and what it is made of. */
export interface CheckpointMailOrder {
  readonly row: OutboxRow;
  readonly mailId: string;
  readonly address: string;
  readonly organizationName: string;
  /** One of the organization's domains: the mail comes from there. */
  readonly domain: string;
  /** When the checkpoints left. */
  readonly at: Date;
  readonly logs: readonly { readonly stream: LogStream; readonly origin: string; readonly size: number; readonly note: string }[];
  /** Of the keys that sign now, Ed25519, 32 bytes each. */
  readonly publicKeys: readonly Buffer[];
}

interface Found extends Pick<CheckpointMailOrder, 'mailId' | 'address' | 'organizationName' | 'at'> {
  readonly domain: string | null;
  readonly auditNote: string | null;
  readonly auditSize: number | null;
  readonly adminNote: string | null;
  readonly adminSize: number | null;
}

/**
 * Claims an outbox row of kind `send-checkpoint-mail` and reads what its mail is made of. A row whose sending is no longer kept is removed.
 * @returns null when there is nothing to send.
 */
export async function beginCheckpointMail(database: Database, outboxId: string, claimSeconds: number): Promise<CheckpointMailOrder | null> {
  return database.system.transaction(async (tx) => {
    const row = await claimRow(tx, outboxId, claimSeconds);
    if (!row) return null;
    const { checkpointMailId } = sendCheckpointMailPayload.parse(row.payload);
    const [found] = await tx.query<Found>(
      `select m.id as "mailId", m.address, o.name as "organizationName", s.created_at as at,
         (select min(domain) from organization_domain domain where domain.organization_id = o.id) as domain,
         s.audit_note as "auditNote", s.audit_size as "auditSize", s.admin_note as "adminNote", s.admin_size as "adminSize"
       from checkpoint_mail m
       join checkpoint_sending s on s.organization_id = m.organization_id and s.id = m.sending_id
       join organization o on o.id = m.organization_id
       where m.organization_id = $1::uuid and m.id = $2::uuid`,
      [row.organizationId, checkpointMailId],
    );
    if (!found || found.domain === null) {
      await removeRows(tx, [row.id]);
      return null;
    }
    const keys = await tx.query<{ key: Buffer }>(
      `select public_key as key from log_key where organization_id = $1::uuid and (signs_until is null or signs_until > clock_timestamp())
       order by signs_until desc nulls first, id desc`,
      [row.organizationId],
    );
    const { auditNote, auditSize, adminNote, adminSize, domain, ...facts } = found;
    const logs = [logOf('audit', auditNote, auditSize), logOf('admin', adminNote, adminSize)].filter((log) => log !== null);
    return { ...facts, domain, row, logs, publicKeys: keys.map(({ key }) => key) };
  });
}

/** The log's name is the first line of its checkpoints. */
function logOf(stream: LogStream, note: string | null, size: number | null): CheckpointMailOrder['logs'][number] | null {
  return note === null || size === null ? null : { stream, origin: note.slice(0, note.indexOf('\n')), size, note };
}

/**
 * Records the next hop's answer: the row goes with a mail that was sent, else it is tried again and dead in the end.
 * @returns whether it is dead now.
 */
export async function finishCheckpointMail(
  database: Database,
  { row, mailId }: CheckpointMailOrder,
  answer: NextHopAnswer,
): Promise<boolean> {
  return database.forOrganization(row.organizationId).transaction(async (tx) => {
    if (!(await lockClaimed(tx, row))) return false;
    const isSent = answer.delivery === 'Sent';
    await tx.query(
      `update checkpoint_mail set sent_at = case when $3 then clock_timestamp() end, error = $4 where organization_id = $1::uuid and id = $2::uuid`,
      [row.organizationId, mailId, isSent, isSent ? null : recordTextOf(answer.response, 500)],
    );
    if (!isSent) return failRow(tx, row, answer.response);
    await removeRows(tx, [row.id]);
    return false;
  });
}
