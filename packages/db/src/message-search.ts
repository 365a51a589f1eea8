import { accessState, deliveryState, type AccessState, type DeliveryState } from '@signet/domain/message-state';
import type { OrganizationScope } from './database.ts';
import { bracketed } from './message-detail.ts';
import { Conditions } from './conditions.ts';

/** What messages are searched by; everything given must hold. Addresses may end in `*`, which makes them a prefix. */
export interface MessageFilters {
  readonly messageId?: string | undefined;
  readonly sender?: string | undefined;
  readonly recipient?: string | undefined;
  /** Words of the subject, all of which must occur. */
  readonly subject?: string | undefined;
  readonly template?: string | undefined;
  /** At least one recipient is in one of these states. */
  readonly states?: readonly (DeliveryState | AccessState)[] | undefined;
  /** Inclusive. */
  readonly from?: string | undefined;
  /** Exclusive. */
  readonly to?: string | undefined;
}

/** Where a page of messages ended. */
export interface MessagePosition {
  readonly acceptedAt: string;
  readonly id: string;
}

/**
 * One page of the organization's messages, newest first, by keyset.
 * @returns their ids, and where the next page begins; null on the last one.
 */
export async function searchMessages(
  scope: OrganizationScope,
  filters: MessageFilters,
  page: { limit: number; after: MessagePosition | null },
): Promise<{ ids: string[]; next: MessagePosition | null }> {
  const where = new Conditions(scope.organizationId);
  if (filters.messageId !== undefined) where.add((p) => `m.message_id = ${p}`, bracketed(filters.messageId));
  if (filters.sender !== undefined) where.addAddress('lower(m.sender)', filters.sender);
  if (filters.recipient !== undefined) {
    where.addAddress(
      'r.address_key',
      filters.recipient,
      (condition) => `exists (select from recipient r where ${ofMessage} and ${condition})`,
    );
  }
  if (filters.subject !== undefined) {
    where.add((p) => `to_tsvector('simple', coalesce(m.subject, '')) @@ plainto_tsquery('simple', ${p})`, filters.subject);
  }
  if (filters.template !== undefined) where.add((p) => `lower(m.template_name) = lower(${p})`, filters.template);
  if (filters.states !== undefined) addStates(where, filters.states);
  if (filters.from !== undefined) where.add((p) => `m.accepted_at >= ${p}::timestamptz`, filters.from);
  if (filters.to !== undefined) where.add((p) => `m.accepted_at < ${p}::timestamptz`, filters.to);
  if (page.after) where.add((at, id) => `(m.accepted_at, m.id) < (${at}::timestamptz, ${id}::uuid)`, page.after.acceptedAt, page.after.id);
  const rows = await scope.query<{ id: string; accepted_at: Date }>(
    `select m.id, m.accepted_at from message m where m.organization_id = $1 ${where.sql}
     order by m.accepted_at desc, m.id desc limit ${page.limit + 1}`,
    where.values,
  );
  const shown = rows.slice(0, page.limit);
  const last = rows.length > page.limit ? shown.at(-1) : undefined;
  return { ids: shown.map((row) => row.id), next: last ? { acceptedAt: last.accepted_at.toISOString(), id: last.id } : null };
}

const ofMessage = 'r.organization_id = m.organization_id and r.message_uid = m.id';

/** `accessStateOf` of the domain, in the words of SQL: what refuses comes first, then what was seen (a test holds the two together). */
const accessStateSql = `case
  when m.erased_at is not null then 'erased'
  when r.revoked_at is not null then 'revoked'
  when m.expires_at <= clock_timestamp() then 'expired'
  when r.opened_at is not null then 'opened'
  when not m.uses_default_template and exists (
    select from tracking_period t
    where t.organization_id = m.organization_id and t.started_at <= m.accepted_at and t.ended_at is null
  ) then 'unopened'
  else 'unrecorded' end`;

function addStates(where: Conditions, states: readonly (DeliveryState | AccessState)[]): void {
  const known = (options: readonly string[]) => states.filter((state) => options.includes(state));
  where.add(
    (delivery, access) =>
      `exists (select from recipient r where ${ofMessage}
         and (r.delivery_state = any(${delivery}::text[]) or ${accessStateSql} = any(${access}::text[])))`,
    known(deliveryState.options),
    known(accessState.options),
  );
}
