import { bracketed } from '@signet/domain/message-id';
import { accessState, deliveryState, type AccessState, type DeliveryState } from '@signet/domain/message-state';
import { recipientReference } from '@signet/domain/recipient-reference';
import type { OrganizationScope } from './database.ts';
import { ownSender, type MessageSight } from './message-detail.ts';
import { Conditions } from './conditions.ts';

/** What messages are searched by; everything given must hold. Addresses may end in `*`, which makes them a prefix. */
export interface MessageFilters {
  /** Words of the subject, the beginning of an address of the sender or a recipient, a Message-ID, an id or the reference of a wrapper mail: any of them. */
  readonly text?: string | undefined;
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
  /** The page has the newer messages next to it, instead of the older ones. */
  readonly newer?: boolean | undefined;
}

export interface FoundMessages {
  readonly ids: string[];
  /** Where the older ones begin; null on the last page. */
  readonly next: MessagePosition | null;
  /** Where the newer ones begin; null on the first page. */
  readonly previous: MessagePosition | null;
}

/** One page of the messages within somebody's sight, newest first, by keyset in either direction. */
export async function searchMessages(
  scope: OrganizationScope,
  sight: MessageSight,
  filters: MessageFilters,
  page: { limit: number; from: MessagePosition | null },
): Promise<FoundMessages> {
  const where = conditionsOf(scope.organizationId, sight, filters);
  const { from } = page;
  const newer = from?.newer ?? false;
  if (from) {
    where.add((at, id) => `(m.accepted_at, m.id) ${newer ? '>' : '<'} (${at}::timestamptz, ${id}::uuid)`, from.acceptedAt, from.id);
  }
  const order = newer ? 'asc' : 'desc';
  const rows = await scope.query<{ id: string; accepted_at: Date }>(
    `select m.id, m.accepted_at from message m where m.organization_id = $1 ${where.sql}
     order by m.accepted_at ${order}, m.id ${order} limit ${page.limit + 1}`,
    where.values,
  );
  const more = rows.length > page.limit;
  const shown = newer ? rows.slice(0, page.limit).toReversed() : rows.slice(0, page.limit);
  const positionOf = (row: (typeof rows)[number] | undefined, to: { newer: boolean }): MessagePosition | null =>
    row ? { acceptedAt: row.accepted_at.toISOString(), id: row.id, ...(to.newer ? { newer: true } : {}) } : null;
  return {
    ids: shown.map((row) => row.id),
    // Where one comes from there was a message.
    next: newer || more ? positionOf(shown.at(-1), { newer: false }) : null,
    previous: (newer ? more : from !== null) ? positionOf(shown[0], { newer: true }) : null,
  };
}

/** How many messages there are, counted no further than `limit`. */
export async function countMessages(
  scope: OrganizationScope,
  sight: MessageSight,
  filters: MessageFilters,
  limit: number,
): Promise<{ count: number; capped: boolean }> {
  const where = conditionsOf(scope.organizationId, sight, filters);
  const [row] = await scope.query<{ count: number }>(
    `select count(*) from (select from message m where m.organization_id = $1 ${where.sql} limit ${limit + 1}) as found`,
    where.values,
  );
  const count = row?.count ?? 0;
  return { count: Math.min(count, limit), capped: count > limit };
}

function conditionsOf(organizationId: string, sight: MessageSight, filters: MessageFilters): Conditions {
  const where = new Conditions(organizationId);
  const own = ownSender(sight);
  if (own !== null) where.add((p) => `lower(m.sender) = lower(${p})`, own);
  if (filters.text !== undefined) addText(where, filters.text);
  if (filters.messageId !== undefined) where.add((p) => `m.message_id = ${p}`, bracketed(filters.messageId));
  if (filters.sender !== undefined) where.addAddress('lower(m.sender)', filters.sender);
  if (filters.recipient !== undefined) {
    where.addAddress(
      'r.address_key',
      filters.recipient,
      (condition) => `exists (select from recipient r where ${ofMessage} and ${condition})`,
    );
  }
  if (filters.subject !== undefined) where.add((p) => `${subjectSql} @@ plainto_tsquery('simple', ${p})`, filters.subject);
  if (filters.template !== undefined) where.add((p) => `lower(m.template_name) = lower(${p})`, filters.template);
  if (filters.states !== undefined) addStates(where, filters.states);
  if (filters.from !== undefined) where.add((p) => `m.accepted_at >= ${p}::timestamptz`, filters.from);
  if (filters.to !== undefined) where.add((p) => `m.accepted_at < ${p}::timestamptz`, filters.to);
  return where;
}

const subjectSql = "to_tsvector('simple', coalesce(m.subject, ''))";
const uuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** Only what the text can mean is looked for: what stands in angle brackets or is a UUID names a message, what has a blank is a subject. */
function addText(where: Conditions, text: string): void {
  const words = text.trim();
  if (uuid.test(words)) where.add((p) => `m.id = ${p}::uuid`, words);
  else if (/^<[^<>\s]+>$/.test(words)) where.add((p) => `m.message_id = ${p}`, words);
  else if (/\s/.test(words)) where.add((p) => `${subjectSql} @@ plainto_tsquery('simple', ${p})`, words);
  else {
    const looked = [words, words.toLowerCase().replace(/\*$/, ''), bracketed(words)];
    const anything = (word = '', beginning = '', messageId = '') => `${subjectSql} @@ plainto_tsquery('simple', ${word})
       or starts_with(lower(m.sender), ${beginning}) or m.message_id = ${messageId}
       or exists (select from recipient r where ${ofMessage} and starts_with(r.address_key, ${beginning}))`;
    if (recipientReference.safeParse(words.toUpperCase()).success) {
      const referred = (p: string) =>
        `m.id in (select r.message_uid from recipient r where r.organization_id = $1 and ${referenceSql} = ${p})`;
      where.add((p, ...others) => `(${referred(p)} or ${anything(...others)})`, words.toLowerCase().replaceAll('-', ''), ...looked);
    } else where.add((...places) => `(${anything(...places)})`, ...looked);
  }
}

/** `recipientReferenceOf` of the domain, in the words of SQL, without hyphens. */
const referenceSql = "left(encode(sha256(uuid_send(r.id)), 'hex'), 12)";
const ofMessage = 'r.organization_id = m.organization_id and r.message_uid = m.id';

/** `accessStateOf` of the domain, in the words of SQL: what refuses comes first, then what was seen (a test holds the two together). */
const accessStateSql = `case
  when r.unwrapped then 'unrecorded'
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
