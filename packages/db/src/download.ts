import type { RefusalReason } from '@signet/domain/message-state';
import { newId, type OrganizationScope, type OrganizationTransaction } from './database.ts';
import type { Link } from './link.ts';
import type { Visitor } from './passcode.ts';
import type { RecipientSession } from './recipient-session.ts';
import { checkReading } from './recipient-state.ts';
import { recordSteps } from './tracking.ts';

/** A download that has moved no byte for so long is over: its event leaves the outbox with what it has. */
export const DOWNLOAD_IDLE_SECONDS = 15;

/** What is downloaded: one attachment, or the original message. */
export interface Downloadable {
  readonly operation: 'AttachmentDownload' | 'MessageDownload';
  readonly part: string;
  /** Name of the attachment, null for the original. */
  readonly name: string | null;
  readonly size: number;
}

export type DownloadOutcome =
  | { readonly outcome: 'begun'; readonly downloadId: string | null }
  | { readonly outcome: 'refused'; readonly reason: RefusalReason | 'SignedOut' };

/**
 * Books a download before its first byte leaves, or joins the one that this session has begun of the same part: further
 * ranges are the same download. Its event waits in the outbox until the download ends, so that one entry says how many
 * bytes left and whether it was complete; should this process die, the event goes out by itself with what was booked.
 * A refusal is an event of its own.
 * @returns `downloadId` null on an untracked message, where nothing is booked.
 */
export function beginDownload(
  scope: OrganizationScope,
  link: Link,
  session: RecipientSession,
  wanted: Downloadable,
  visitor: Visitor,
): Promise<DownloadOutcome> {
  return scope.transaction(async (tx) => {
    const { at, refusal } = await checkReading(tx, link.recipientId, session);
    const step = {
      operation: wanted.operation,
      creationTime: at,
      authenticationMethod: session.method,
      authenticationStatus: 'Success',
      attachmentName: wanted.name,
      recipients: [link.address],
      actor: { kind: 'recipient', id: link.recipientId, address: link.address },
      ...visitor,
    } as const;
    if (refusal) {
      await recordSteps(tx, link.message, [
        { ...step, operationStatus: 'Failure', properties: { Reason: refusal, BytesSent: 0, Complete: false } },
      ]);
      return { outcome: 'refused', reason: refusal };
    }
    const joined = await joinDownload(tx, link.recipientId, session.id, wanted.part);
    if (joined) return { outcome: 'begun', downloadId: joined };
    const { outboxIds } = await recordSteps(
      tx,
      link.message,
      [{ ...step, operationStatus: 'Success', properties: { BytesSent: 0, Complete: false } }],
      { notBefore: new Date(at.getTime() + DOWNLOAD_IDLE_SECONDS * 1000) },
    );
    const [outboxId] = outboxIds;
    if (outboxId === undefined) return { outcome: 'begun', downloadId: null };
    const id = newId();
    await tx.query(
      `insert into attachment_download (organization_id, id, recipient_id, session_id, part, size, outbox_id, started_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [tx.organizationId, id, link.recipientId, session.id, wanted.part, wanted.size, outboxId, at],
    );
    return { outcome: 'begun', downloadId: id };
  });
}

/** Joins the running download of a part, if its event still waits; one whose event has gone out is closed. */
async function joinDownload(tx: OrganizationTransaction, recipientId: string, sessionId: string, part: string): Promise<string | null> {
  // One at a time: two first ranges at once are one download, not two.
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`download ${sessionId} ${recipientId} ${part}`]);
  const [open] = await tx.query<{ id: string; outbox_id: number }>(
    `select id, outbox_id from attachment_download
     where organization_id = $1 and session_id = $2 and recipient_id = $3 and part = $4 and ended_at is null`,
    [tx.organizationId, sessionId, recipientId, part],
  );
  if (!open) return null;
  const waiting = await tx.query(
    `update outbox set next_attempt_at = clock_timestamp() + make_interval(secs => $2) where id = $1 returning id`,
    [open.outbox_id, DOWNLOAD_IDLE_SECONDS],
  );
  if (waiting.length === 1) return open.id;
  await tx.query('update attachment_download set ended_at = clock_timestamp() where organization_id = $1 and id = $2', [
    tx.organizationId,
    open.id,
  ]);
  return null;
}

/**
 * Books bytes of a running download that left since the last time, and keeps its event waiting. Once every byte of the
 * part has left, the event is complete and goes out at once.
 * @param sent the range of the part that left, `end` exclusive; empty when nothing did.
 * @param ended true when this download is over whatever was sent (it was cut, or refused midway).
 */
export function bookDownload(
  scope: OrganizationScope,
  downloadId: string,
  sent: { start: number; end: number },
  ended: boolean,
): Promise<void> {
  return scope.transaction(async (tx) => {
    const [row] = await tx.query<{ outbox_id: number; bytes_sent: number; complete: boolean }>(
      `update attachment_download
       set bytes_sent = bytes_sent + ($4::bigint - $3::bigint),
         covered = case when $4::bigint > $3::bigint then covered + int8multirange(int8range($3, $4)) else covered end
       where organization_id = $1 and id = $2 and ended_at is null
       returning outbox_id, bytes_sent, size = 0 or covered @> int8range(0, size) as complete`,
      [tx.organizationId, downloadId, sent.start, sent.end],
    );
    if (!row) return;
    const over = ended || row.complete;
    // The row may have been taken in meanwhile, after an idle time: then there is nothing left to say.
    await tx.query(
      `update outbox set next_attempt_at = clock_timestamp() + make_interval(secs => $2), leased_until = null,
         payload = jsonb_set(payload, '{operationProperties}', (
           select coalesce(jsonb_agg(property), '[]') from jsonb_array_elements(payload -> 'operationProperties') as property
           where property ->> 'name' not in ('BytesSent', 'Complete')
         ) || jsonb_build_array(jsonb_build_object('name', 'BytesSent', 'value', $3::text), jsonb_build_object('name', 'Complete', 'value', $4::text)))
       where id = $1`,
      [row.outbox_id, over ? 0 : DOWNLOAD_IDLE_SECONDS, String(row.bytes_sent), String(row.complete)],
    );
    if (over) {
      await tx.query('update attachment_download set ended_at = clock_timestamp() where organization_id = $1 and id = $2', [
        tx.organizationId,
        downloadId,
      ]);
    }
  });
}
