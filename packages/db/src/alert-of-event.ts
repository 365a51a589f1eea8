import { FAILED_SIGN_INS } from '@signet/domain/alert';
import type { AuditEvent } from '@signet/domain/audit/entry';
import { openAlerts, type AlertSign } from './alert-opening.ts';
import type { Transaction } from './database.ts';

/**
 * Alerts of what recipients, or others at their links, tried: in the transaction that makes entries of these events, after those are
 * written. A batch without any such try asks the database nothing.
 */
export async function noteTries(tx: Transaction, events: readonly AuditEvent[]): Promise<void> {
  const own = events.filter(({ source, operationStatus }) => source === 'signet' && operationStatus === 'Failure');
  const openings = own.flatMap(openingOf);
  const failures = own.flatMap(({ operation, organizationId, messageUid, creationTime, recipients: [address] }) =>
    operation === 'AuthenticateRequest' && messageUid !== null && address !== undefined
      ? [{ organizationId, messageUid, address, at: creationTime }]
      : [],
  );
  await openAlerts(tx, [
    ...(openings.length === 0 ? [] : await openingSigns(tx, openings)),
    ...(failures.length === 0 ? [] : await signInSigns(tx, failures)),
  ]);
}

interface Opening {
  readonly organizationId: string;
  readonly recipientId: string | null;
  readonly at: string;
  readonly count: number;
}

/** An opening with a live session after the revocation; without one it is a touch of the link. Those of a minute are gathered. */
function openingOf({ operation, operationProperties, actor, organizationId, creationTime }: AuditEvent): Opening[] {
  if (operation !== 'MessageAccess' || actor.kind !== 'recipient') return [];
  const valueOf = (wanted: string) => operationProperties.find(({ name }) => name === wanted)?.value;
  if (valueOf('Reason') !== 'Revoked') return [];
  return [{ organizationId, recipientId: actor.id, at: valueOf('LastSeen') ?? creationTime, count: Number(valueOf('Count') ?? 1) }];
}

function openingSigns(tx: Transaction, openings: readonly Opening[]): Promise<AlertSign[]> {
  return tx.query<AlertSign>(
    `select r.organization_id as "organizationId", 'openingAfterRevocation' as kind, r.id::text as subject, r.id as "aboutId", max(t.at) as at,
       sum(t.count)::int as more, sum(t.count)::int as count
     from json_to_recordset($1::json) as t("organizationId" uuid, "recipientId" uuid, at timestamptz, count int)
     join recipient r on r.organization_id = t."organizationId" and r.id = t."recipientId" group by 1, r.id`,
    [JSON.stringify(openings)],
  );
}

interface FailedSignIn {
  readonly organizationId: string;
  readonly messageUid: string;
  readonly address: string;
  readonly at: string;
}

/** Links on which many sign-ins failed within a while, or whose alert is open: then each further one counts. */
function signInSigns(tx: Transaction, failures: readonly FailedSignIn[]): Promise<AlertSign[]> {
  return tx.query<AlertSign>(
    `with failed as (
       select t."organizationId" as organization_id, r.id as recipient_id, r.message_uid, r.address, max(t.at) as at, count(*)::int as more
       from json_to_recordset($1::json) as t("organizationId" uuid, "messageUid" uuid, address text, at timestamptz)
       join recipient r on r.organization_id = t."organizationId" and r.message_uid = t."messageUid" and lower(r.address) = lower(t.address)
       group by 1, 2, 3, 4
     ), counted as (
       select f.*, (
         select count(*)::int from audit_entry e
         where e.organization_id = f.organization_id and e.message_uid = f.message_uid
           and e.creation_time > f.at - make_interval(mins => ${FAILED_SIGN_INS.minutes}) and e.creation_time <= f.at
           and e.source = 'signet' and e.operation = 'AuthenticateRequest' and e.operation_status = 'Failure'
           and exists (select from unnest(e.recipients) as a(address) where lower(a.address) = lower(f.address))
       ) as count,
       exists (
         select from alert a where a.organization_id = f.organization_id and a.kind = 'failedSignIns' and a.subject = f.recipient_id::text
           and a.resolved_at is null
       ) as known
       from failed f
     )
     select organization_id as "organizationId", 'failedSignIns' as kind, recipient_id::text as subject, recipient_id as "aboutId", at, more, count
     from counted where known or count >= ${FAILED_SIGN_INS.count}`,
    [JSON.stringify(failures)],
  );
}
