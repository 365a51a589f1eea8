import type { AlertKind } from '@signet/domain/alert';
import { thingColumns, withThing, type AlertThing } from './alert-about.ts';
import type { NextHopAnswer } from '@signet/domain/delivery';
import { sendAlertMailPayload } from '@signet/domain/jobs';
import type { Database } from './database.ts';
import { claimRow, failRow, lockClaimed, removeRows, type OutboxRow } from './outbox.ts';

/** A mail about an alert that is to be sent now. */
export interface AlertMailOrder extends AlertThing {
  readonly row: OutboxRow;
  readonly alertId: string;
  readonly kind: AlertKind;
  readonly firstSeen: Date;
  readonly memberId: string;
  readonly email: string;
  readonly organizationName: string;
  /** One of the organization's domains: the mail comes from there. */
  readonly domain: string;
}

/** Claims an outbox row of kind `send-alert-mail`; one whose member is gone is removed instead. @returns null when there is nothing to send. */
export async function beginAlertMail(database: Database, outboxId: string, claimSeconds: number): Promise<AlertMailOrder | null> {
  return database.system.transaction(async (tx) => {
    const row = await claimRow(tx, outboxId, claimSeconds);
    if (!row) return null;
    const { alertId, memberId } = sendAlertMailPayload.parse(row.payload);
    const [found] = await tx.query<Omit<AlertMailOrder, 'row'>>(
      `select a.id as "alertId", a.kind, a.first_seen as "firstSeen", m.id as "memberId", m.email, o.name as "organizationName",
         (select min(d.domain) from organization_domain d where d.organization_id = a.organization_id) as domain,
         ${thingColumns}
       from alert a ${withThing}
       join organization o on o.id = a.organization_id
       join member m on m.organization_id = a.organization_id and m.id = $3::uuid and m.disabled_at is null
       where a.organization_id = $1::uuid and a.id = $2::uuid
         and exists (select from organization_domain d where d.organization_id = a.organization_id)`,
      [row.organizationId, alertId, memberId],
    );
    if (!found) await removeRows(tx, [row.id]);
    return found ? { ...found, row } : null;
  });
}

/** Records the next hop's answer, as of other mails to members. @returns whether the row is dead now. */
export async function finishAlertMail(database: Database, { row }: AlertMailOrder, answer: NextHopAnswer): Promise<boolean> {
  return database.forOrganization(row.organizationId).transaction(async (tx) => {
    if (!(await lockClaimed(tx, row))) return false;
    if (answer.delivery !== 'Sent') return failRow(tx, row, answer.response);
    await removeRows(tx, [row.id]);
    return false;
  });
}
