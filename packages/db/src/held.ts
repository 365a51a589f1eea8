import type { Transaction } from './database.ts';

/** Signet's locks between who holds and who removes, among the advisory locks of the database; the second number is the organization's. */
const HOLD_LOCKS = 72_707_372;

/**
 * Lets nobody remove entries of the organization, or hold some, until the transaction ends: a hold that has been answered stands for all that
 * was there then. Whoever comes here looks at the holds in a later statement, which sees those of everybody who was here before.
 */
export async function lockHolds(tx: Transaction & { readonly organizationId: string }): Promise<void> {
  await tx.query('select pg_advisory_xact_lock($1, hashtext($2))', [HOLD_LOCKS, tx.organizationId]);
}

/** In SQL, whether a hold `h` has begun before and ends after a time. */
export const inSpanSql = (time: string) => `(h.from_time is null or ${time} >= h.from_time) and (h.to_time is null or ${time} < h.to_time)`;

/**
 * In SQL, whether an audit entry must be kept, by whom it names, the message that it is about, or its time.
 * @param e its alias.
 * @param among a condition in SQL on the holds `h` that are asked.
 */
export function heldEntrySql(e: string, among = 'true'): string {
  return `exists (select from legal_hold h where ${among} and ${holdsEntrySql(e)})`;
}

/** In SQL, whether a legal hold `h` keeps an audit entry. @param e the entry's alias. */
export function holdsEntrySql(e: string): string {
  return `h.organization_id = ${e}.organization_id and h.released_at is null and ${inSpanSql(`${e}.creation_time`)} and case h.kind
      when 'organization' then true
      when 'message' then coalesce(h.message_uid = ${e}.message_uid, false) or h.message_id = ${e}.message_id
      when 'address' then lower(${e}.sender) = h.address or coalesce(lower(${e}.actor ->> 'address') = h.address, false)
        or exists (select from unnest(${e}.recipients) as named where lower(named) = h.address)
        or exists (select from json_array_elements(${e}.operation_properties) as property
          where property ->> 'name' = 'AttemptedAddress' and lower(property ->> 'value') = h.address)
      else true end`;
}

/**
 * In SQL, whether a message's content must be kept, by what it is, its sender and recipients, or when it was accepted.
 * @param m its alias.
 * @param among a condition in SQL on the holds `h` that are asked.
 */
export function heldMessageSql(m: string, among = 'true'): string {
  return `exists (select from legal_hold h
    where h.organization_id = ${m}.organization_id and h.released_at is null and ${among} and ${inSpanSql(`${m}.accepted_at`)} and case h.kind
      when 'organization' then true
      when 'message' then h.message_uid = ${m}.id
      when 'address' then lower(${m}.sender) = h.address or exists (select from recipient held_recipient
        where held_recipient.organization_id = ${m}.organization_id and held_recipient.message_uid = ${m}.id and lower(held_recipient.address) = h.address)
      else true end)`;
}
