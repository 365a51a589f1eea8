import { Conditions } from './conditions.ts';
import type { OrganizationScope, SystemScope } from './database.ts';
import type { Queryable } from './queryable.ts';
import { subjectToldSql } from './tracking.ts';

/** A message whose blob is gone, or not whole. */
export interface MissingContent {
  readonly message: { readonly id: string; readonly messageId: string; readonly subject: string | null; readonly sender: string };
  readonly missingSince: Date;
  readonly blob: ExpectedBlob;
}

interface MissingRow {
  readonly id: string;
  readonly message_id: string;
  readonly subject: string | null;
  readonly sender: string;
  readonly content_missing_since: Date;
  readonly blob_name: string;
  readonly blob_length: number;
}

/** One page of the organization's messages without their content, the latest first. @returns it, and the id that the next one is below. */
export async function listMissingContent(
  scope: OrganizationScope,
  page: { limit: number; below: string | null },
): Promise<{ items: MissingContent[]; next: string | null }> {
  const where = new Conditions(scope.organizationId);
  if (page.below !== null) where.add((p) => `id < ${p}::uuid`, page.below);
  const rows = await scope.query<MissingRow>(
    `select id, message_id, ${subjectToldSql('message')} as subject, sender, content_missing_since, blob_name, blob_length from message
     where organization_id = $1 and content_missing_since is not null ${where.sql} order by id desc limit ${page.limit + 1}`,
    where.values,
  );
  const items = rows.slice(0, page.limit).map((row) => ({
    message: { id: row.id, messageId: row.message_id, subject: row.subject, sender: row.sender },
    missingSince: row.content_missing_since,
    blob: {
      organizationId: scope.organizationId,
      messageUid: row.id,
      blobName: row.blob_name,
      length: row.blob_length,
      wasMissing: true,
    },
  }));
  return { items, next: rows.length > page.limit ? (items.at(-1)?.message.id ?? null) : null };
}

/** A message's blob as the database knows it. */
export interface ExpectedBlob {
  readonly organizationId: string;
  readonly messageUid: string;
  readonly blobName: string;
  readonly length: number;
  readonly wasMissing: boolean;
}

/** The next messages whose content must be there, in the order of their ids: erased ones need none. @param after the last one seen. */
export async function expectedBlobs(reader: Queryable, after: ExpectedBlob | null, limit: number): Promise<ExpectedBlob[]> {
  const rows = await reader.query<{ organization_id: string; id: string; blob_name: string; blob_length: number; missing: boolean }>(
    `select organization_id, id, blob_name, blob_length, content_missing_since is not null as missing from message
     where erased_at is null and ($1::uuid is null or (organization_id, id) > ($1::uuid, $2::uuid))
     order by organization_id, id limit $3`,
    [after?.organizationId ?? null, after?.messageUid ?? null, limit],
  );
  return rows.map((row) => ({
    organizationId: row.organization_id,
    messageUid: row.id,
    blobName: row.blob_name,
    length: row.blob_length,
    wasMissing: row.missing,
  }));
}

/** Books of messages that their content is missing, or there again. */
export async function bookContent(db: Queryable, messages: readonly ExpectedBlob[], isMissing: boolean): Promise<void> {
  await db.query(
    `update message set content_missing_since = case when $3 then coalesce(content_missing_since, clock_timestamp()) end
     from unnest($1::uuid[], $2::uuid[]) as found(organization_id, id)
     where message.organization_id = found.organization_id and message.id = found.id`,
    [messages.map(({ organizationId }) => organizationId), messages.map(({ messageUid }) => messageUid), isMissing],
  );
}

/** How many messages have lost their content: for metrics. */
export async function countMissingContent(system: SystemScope): Promise<number> {
  const [row] = await system.query<{ count: number }>('select count(*) as count from message where content_missing_since is not null');
  return row?.count ?? 0;
}
