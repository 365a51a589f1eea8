import type { Transaction } from './database.ts';

/** A fact that a mail to the sender tells. */
export interface TakenFact<Kind extends string> {
  readonly kind: Kind;
  readonly address: string;
  readonly at: Date;
  /** What the next hop said; empty where it said nothing. */
  readonly response: string;
  /** What the envelope asked to be told of the delivery, as it is stored. */
  readonly dsn: unknown;
}

/**
 * The facts that were gathered into a mail and still are so, in order of time; the others are forgotten.
 * @param isStillSo SQL over the fact `f`, its recipient `r`, message `m` and organization `o`.
 */
export function takeFacts<Kind extends string>(
  tx: Transaction,
  { organizationId, messageUid, mailId }: { readonly organizationId: string; readonly messageUid: string; readonly mailId: string },
  isStillSo: string,
): Promise<TakenFact<Kind>[]> {
  return tx.query<TakenFact<Kind>>(
    `with fact as materialized (
       select f.organization_id, f.message_uid, f.recipient_id, f.kind, f.at, coalesce(f.response, '') as response, r.address, r.dsn,
         ${isStillSo} as is_so
       from sender_fact f
       join recipient r on r.organization_id = f.organization_id and r.id = f.recipient_id
       join message m on m.organization_id = f.organization_id and m.id = f.message_uid
       join organization o on o.id = f.organization_id
       where f.organization_id = $1 and f.message_uid = $2 and f.mail_id = $3
     ), forgotten as (
       delete from sender_fact f using fact
       where not fact.is_so and f.organization_id = fact.organization_id and f.message_uid = fact.message_uid
         and f.recipient_id = fact.recipient_id and f.kind = fact.kind
     )
     select kind, address, at, response, dsn from fact where is_so order by at, recipient_id, kind`,
    [organizationId, messageUid, mailId],
  );
}
