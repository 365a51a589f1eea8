import type { RefusalReason } from '@signet/domain/message-state';
import { passcodePolicy } from '@signet/domain/passcode';
import { newId, type OrganizationScope } from './database.ts';
import type { Link } from './link.ts';
import type { Visitor } from './passcode.ts';
import type { RecipientSession } from './recipient-session.ts';
import { checkReading } from './recipient-state.ts';
import { recordSteps } from './tracking.ts';

export type OpeningOutcome =
  | { readonly outcome: 'opened'; readonly accessId: string; readonly expiresAt: Date }
  | { readonly outcome: 'refused'; readonly reason: RefusalReason | 'SignedOut' };

/**
 * Books one deliberate opening: the state is checked and the `MessageAccess` committed before a byte of content may
 * leave. The access id lets body and inline images follow for a quarter of an hour. A refusal is not booked here: the
 * caller counts it as a touch of kind `access`.
 */
export function openMessage(scope: OrganizationScope, link: Link, session: RecipientSession, visitor: Visitor): Promise<OpeningOutcome> {
  return scope.transaction(async (tx) => {
    const { at, refusal } = await checkReading(tx, link.recipientId, session);
    if (refusal) return { outcome: 'refused', reason: refusal };
    const accessId = newId();
    const expiresAt = new Date(at.getTime() + passcodePolicy.accessSeconds * 1000);
    await tx.query('insert into message_access (organization_id, id, recipient_id, session_id, expires_at) values ($1, $2, $3, $4, $5)', [
      tx.organizationId,
      accessId,
      link.recipientId,
      session.id,
      expiresAt,
    ]);
    await recordSteps(tx, link.message, [
      {
        operation: 'MessageAccess',
        creationTime: at,
        operationStatus: 'Success',
        authenticationMethod: session.method,
        authenticationStatus: 'Success',
        recipients: [link.address],
        actor: { kind: 'recipient', id: link.recipientId, address: link.address },
        ...visitor,
      },
    ]);
    return { outcome: 'opened', accessId, expiresAt };
  });
}
