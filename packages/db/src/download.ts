import { newId, type OrganizationScope, type OrganizationTransaction } from './database.ts';
import type { Link } from './link.ts';
import { stepOf } from './opening.ts';
import type { Visitor } from './passcode.ts';
import type { RecipientSession } from './recipient-session.ts';
import { checkReading, type ReadingRefusal } from './recipient-state.ts';
import { recordSteps } from './tracking.ts';

/** A download that has moved no byte for so long is over: its event leaves the outbox with what it has. */
const DOWNLOAD_IDLE_SECONDS = 15;

/** What is downloaded: one attachment, or the original message. */
export interface Downloadable {
  readonly operation: 'AttachmentDownload' | 'MessageDownload';
  readonly part: string;
  /** Name of the attachment, null for the original. */
  readonly name: string | null;
  readonly size: number;
}

export type DownloadOutcome =
  { readonly outcome: 'begun'; readonly downloadId: string | null } | { readonly outcome: 'refused'; readonly reason: ReadingRefusal };

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
    const { at, refusal, ...known } = await checkReading(tx, link.recipientId, session);
    const who = stepOf(link, session, visitor);
    const step = { ...who, operation: wanted.operation, creationTime: at, attachmentName: wanted.name } as const;
    if (refusal) {
      await recordSteps(
        tx,
        link.message,
        [{ ...step, operationStatus: 'Failure', properties: { Reason: refusal, BytesSent: 0, Complete: false } }],
        known,
      );
      return { outcome: 'refused', reason: refusal };
    }
    if (!known.tracked) return { outcome: 'begun', downloadId: null };
    const joined = await joinDownload(tx, link.recipientId, session.id, wanted.part);
    if (joined) return { outcome: 'begun', downloadId: joined };
    const { outboxIds } = await recordSteps(
      tx,
      link.message,
      [{ ...step, operationStatus: 'Success', properties: { BytesSent: 0, Complete: false } }],
      { ...known, notBefore: new Date(at.getTime() + DOWNLOAD_IDLE_SECONDS * 1000) },
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

/** How a download ended before it was complete, so that no further range can follow. */
export interface DownloadEnd {
  readonly reason: ReadingRefusal | 'ContentDamaged' | 'Unavailable';
}

/**
 * Books bytes of a running download that left since the last time, and keeps its event waiting. Once every byte of the
 * part has left, the event is complete and goes out at once. A range that the reader broke off does not end it: readers
 * of documents do that all the time, and go on with another range.
 * @param sent the range of the part that left, `end` exclusive; empty when nothing did.
 * @param end given when the download was cut: its event goes out at once and says why.
 */
export function bookDownload(
  scope: OrganizationScope,
  downloadId: string,
  sent: { start: number; end: number },
  end: DownloadEnd | null,
): Promise<void> {
  return scope.transaction(async (tx) => {
    const [row] = await tx.query<{ outbox_id: number; bytes_sent: number; complete: boolean }>(
      `update attachment_download
       set bytes_sent = bytes_sent + ($4::bigint - $3::bigint),
         covered = case when $4::bigint > $3::bigint then covered + int8multirange(int8range($3, $4)) else covered end
       where organization_id = $1 and id = $2 and ended_at is null
       returning outbox_id, bytes_sent, covered @> int8range(0, size) as complete`,
      [tx.organizationId, downloadId, sent.start, sent.end],
    );
    if (!row) return;
    const { complete } = row;
    const over = end !== null || complete;
    const properties = Object.entries({ BytesSent: row.bytes_sent, Complete: complete, ...(end ? { Reason: end.reason } : {}) });
    // The row may have been taken in meanwhile, after an idle time: then there is nothing left to say.
    await tx.query(
      `update outbox set next_attempt_at = clock_timestamp() + make_interval(secs => $2), leased_until = null,
         payload = payload || jsonb_build_object(
           'operationStatus', coalesce($4::text, payload ->> 'operationStatus'),
           'operationProperties', (
             select coalesce(jsonb_agg(property order by place), '[]') from jsonb_array_elements(payload -> 'operationProperties')
               with ordinality as old(property, place)
             where not property ->> 'name' = any($5::text[])
           ) || $3::jsonb)
       where id = $1`,
      [
        row.outbox_id,
        over ? 0 : DOWNLOAD_IDLE_SECONDS,
        JSON.stringify(properties.map(([name, value]) => ({ name, value: String(value) }))),
        end?.reason === 'ContentDamaged' ? 'Failure' : null,
        properties.map(([name]) => name),
      ],
    );
    if (over) {
      await tx.query('update attachment_download set ended_at = clock_timestamp() where organization_id = $1 and id = $2', [
        tx.organizationId,
        downloadId,
      ]);
    }
  });
}
