import { limitedOperations, SETTLING_DAYS } from '@signet/domain/retention';
import { Conditions } from './conditions.ts';
import type { OrganizationScope } from './database.ts';
import { heldEntrySql, heldMessageSql, inSpanSql } from './held.ts';
import { PREVIEW_LIMIT, readRetention } from './retention.ts';
import { holdColumns, holdOf, type HoldRow, type StoredHold } from './stored-hold.ts';

/** Where a page of the list ends. */
export interface HoldPosition {
  readonly isReleased: boolean;
  readonly id: string;
}

/**
 * One page of the organization's holds, the newest first, those that hold before those that were released.
 * @param isReleased which of them; undefined: all.
 * @returns it, and the place below which the next one begins.
 */
export async function listHolds(
  scope: OrganizationScope,
  isReleased: boolean | undefined,
  page: { readonly limit: number; readonly below: HoldPosition | null },
): Promise<{ items: StoredHold[]; next: HoldPosition | null }> {
  const where = new Conditions(scope.organizationId);
  if (isReleased !== undefined) where.add(() => `released_at is ${isReleased ? 'not null' : 'null'}`);
  const { below } = page;
  if (below !== null) {
    const later = below.isReleased ? 'released_at is not null and' : 'released_at is not null or';
    where.add((p) => `(${later} id < ${p}::uuid)`, below.id);
  }
  const rows = await scope.query<HoldRow>(
    `select ${holdColumns} from legal_hold where organization_id = $1::uuid ${where.sql}
     order by released_at is not null, id desc limit ${page.limit + 1}`,
    where.values,
  );
  const items = rows.slice(0, page.limit).map(holdOf);
  const last = rows.length > page.limit ? items.at(-1) : undefined;
  return { items, next: last ? { isReleased: last.releasedAt !== null, id: last.id } : null };
}

/** One hold, released or not; null where the organization has none of that id. */
export async function findHold(scope: OrganizationScope, id: string): Promise<StoredHold | null> {
  const [row] = await scope.query<HoldRow>(`select ${holdColumns} from legal_hold where organization_id = $1::uuid and id = $2::uuid`, [
    scope.organizationId,
    id,
  ]);
  return row ? holdOf(row) : null;
}

/** A hold that concerns a message. */
export interface MessageHold extends StoredHold {
  /** Whether it keeps the content, and not only steps of its time. */
  readonly keepsContent: boolean;
}

/**
 * The holds that keep a message's content or steps of its own: by what it is, by its sender or a recipient, or by time. A step that tells of
 * another address, one that somebody tried in vain for instance, may be held by a hold on that address besides.
 */
export async function holdsOn(scope: OrganizationScope, messageUid: string): Promise<MessageHold[]> {
  const rows = await scope.query<HoldRow & { keepsContent: boolean }>(
    `select ${holdColumns}, "keepsContent" from legal_hold h cross join lateral (
       select m.id as held_uid, m.message_id as held_name, lower(m.sender) as held_sender, m.accepted_at,
         m.erased_at is null and ${inSpanSql('m.accepted_at')} and (h.kind <> 'message' or h.message_uid = m.id) as "keepsContent"
       from message m where m.organization_id = $1::uuid and m.id = $2::uuid
     ) as held
     where h.organization_id = $1::uuid and h.released_at is null and (h.to_time is null or h.to_time > held.accepted_at) and case h.kind
       when 'organization' then true
       when 'message' then h.message_uid = held_uid or h.message_id = held_name
       when 'address' then h.address = held_sender or exists (select from recipient r
         where r.organization_id = $1::uuid and r.message_uid = held_uid and lower(r.address) = h.address)
       else true end
     order by id desc`,
    [scope.organizationId, messageUid],
  );
  return rows.map(({ keepsContent, ...row }) => ({ ...holdOf(row), keepsContent }));
}

/** What would no longer be kept, and whose time is over already, if a hold were released. */
export interface ReleaseForecast {
  readonly entries: number;
  /** Whose content would be erased. */
  readonly messages: number;
  /** Whether there are more than were counted. */
  readonly isCut: boolean;
}

/** Counts what a hold alone keeps of what retention and erasure would take at once. */
export async function forecastRelease(scope: OrganizationScope, id: string): Promise<ReleaseForecast> {
  const limited = limitedOperations((await readRetention(scope)).policy);
  const [row] = await scope.query<{ entries: number; messages: number; isCut: boolean }>(
    `select e.entries, m.messages, e.is_cut or m.is_cut as "isCut"
     from (
       select coalesce(sum(found.entries), 0)::int as entries, coalesce(bool_or(found.looked_at >= $6), false) as is_cut
       from unnest($3::text[], $4::int[]) as due(name, days)
       cross join lateral (
         select count(*) as looked_at, count(*) filter (where is_freed) as entries from (
           select ${heldEntrySql('e', 'h.id = $2::uuid')} and not ${heldEntrySql('e', 'h.id <> $2::uuid')} as is_freed from audit_entry e
           where e.organization_id = $1::uuid and e.operation = due.name
             and e.creation_time < statement_timestamp() - make_interval(hours => 24 * due.days)
             and e.recorded_at < statement_timestamp() - make_interval(hours => 24 * $5::int)
           order by e.creation_time limit $6
         ) as looked
       ) as found
     ) as e cross join (
       select count(*) filter (where is_freed)::int as messages, count(*) >= $6 as is_cut from (
         select ${heldMessageSql('m', 'h.id = $2::uuid')} and not ${heldMessageSql('m', 'h.id <> $2::uuid')} as is_freed
         from organization o join message m on m.organization_id = o.id
         where o.id = $1::uuid and o.content_after_expiry = 'erase' and m.erased_at is null and m.expiry_booked_for = m.expires_at
           and m.expires_at <= statement_timestamp() - make_interval(hours => 24 * o.erase_after_days)
         order by m.expires_at limit $6
       ) as looked
     ) as m`,
    [scope.organizationId, id, limited.map(({ operation }) => operation), limited.map(({ days }) => days), SETTLING_DAYS, PREVIEW_LIMIT],
  );
  return row ?? { entries: 0, messages: 0, isCut: false };
}
