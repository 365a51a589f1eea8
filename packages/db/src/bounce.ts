import { recordTextOf } from '@signet/domain/audit/record-text';
import { deliveryStateAfter } from '@signet/domain/delivery';
import type { DeliveryState } from '@signet/domain/message-state';
import { clock, type OrganizationScope, type SystemScope } from './database.ts';
import type { RecordedForm } from '@signet/domain/privacy-policy';
import { noteDelivery } from './delivery-report.ts';
import { recordSteps } from './tracking.ts';

/** Characters of a report's answer that a recipient's row keeps. */
const RESPONSE_LENGTH = 2_000;

/** The organization that bounces of a domain come back to; null where it is nobody's. */
export async function findBounceOrganization(system: SystemScope, domain: string): Promise<string | null> {
  const [row] = await system.query<{ id: string }>('select id from organization where bounce_domain = lower($1)', [domain]);
  return row?.id ?? null;
}

/** What a mail system reported of a wrapper mail after it had been taken. */
export interface ReportedDelivery {
  readonly delivery: 'Deferred' | 'Bounced';
  readonly response: string;
}

interface ReportedRow {
  readonly address: string;
  readonly deliveryState: DeliveryState;
  readonly attempt: number;
  readonly messageUid: string;
  readonly messageId: string;
  readonly sender: string;
  readonly subject: string | null;
  readonly subjectRecorded: RecordedForm;
  readonly usesDefaultTemplate: boolean;
}

/** States that a report changes: what has bounced is not on its way any more, and what is late already is no news. */
const changedBy = {
  Deferred: ['accepted', 'sent'],
  Bounced: ['accepted', 'sent', 'deferred'],
} as const satisfies Record<ReportedDelivery['delivery'], readonly DeliveryState[]>;

/**
 * Records what was reported of a recipient's wrapper mail: its delivery state and the event, together. The same report again changes
 * nothing, so whoever sends it may send it as often as they like.
 * @returns whether anything changed.
 */
export function recordReportedDelivery(scope: OrganizationScope, recipientId: string, reported: ReportedDelivery): Promise<boolean> {
  return scope.transaction(async (tx) => {
    const [row] = await tx.query<ReportedRow>(
      `with locked as materialized (
         select message_uid, address, delivery_state, wrapper_attempts from recipient where organization_id = $1 and id = $2 for update
       )
       select locked.address, locked.delivery_state as "deliveryState", locked.wrapper_attempts as attempt, m.id as "messageUid",
         m.message_id as "messageId", m.sender, m.subject, m.subject_recorded as "subjectRecorded", m.uses_default_template as "usesDefaultTemplate"
       from locked join message m on m.organization_id = $1 and m.id = locked.message_uid`,
      [tx.organizationId, recipientId],
    );
    const { delivery } = reported;
    if (!row || !changedBy[delivery].some((state) => state === row.deliveryState)) return false;
    const { address, attempt, deliveryState: _, ...message } = row;
    const response = recordTextOf(reported.response, RESPONSE_LENGTH);
    await tx.query('update recipient set delivery_state = $3, last_response = $4 where organization_id = $1 and id = $2', [
      tx.organizationId,
      recipientId,
      deliveryStateAfter[delivery],
      response,
    ]);
    await noteDelivery(tx, ({ Bounced: 'bounced', Deferred: 'delayed' } as const)[delivery], recipientId, response);
    await recordSteps(tx, message, [
      {
        operation: 'WrapperDelivery',
        creationTime: await clock(tx),
        operationStatus: 'Failure',
        recipients: [address],
        actor: { kind: 'system', id: null, address: null },
        properties: { Delivery: delivery, Response: response, Attempt: attempt },
      },
    ]);
    return true;
  });
}
