import { passcodePolicy } from '@signet/domain/passcode';
import { clock, newId, type OrganizationScope } from './database.ts';
import type { Link } from './link.ts';
import type { Visitor } from './passcode.ts';
import type { RecipientSession } from './recipient-session.ts';
import { checkReading, type ReadingRefusal } from './recipient-state.ts';
import { recordSteps } from './tracking.ts';

export type OpeningOutcome =
  | { readonly outcome: 'opened'; readonly accessId: string; readonly expiresAt: Date }
  | { readonly outcome: 'refused'; readonly reason: ReadingRefusal };

/**
 * Books one deliberate opening: the state is checked and the `MessageAccess` committed before a byte of content may
 * leave. The access id lets body and inline images follow for a quarter of an hour. A refusal is not booked here: the
 * caller counts it as a touch of kind `access`.
 */
export function openMessage(scope: OrganizationScope, link: Link, session: RecipientSession, visitor: Visitor): Promise<OpeningOutcome> {
  return scope.transaction(async (tx) => {
    const { at, refusal, ...known } = await checkReading(tx, link.recipientId, session);
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
    const step = { ...stepOf(link, session, visitor), operation: 'MessageAccess', creationTime: at, operationStatus: 'Success' } as const;
    await recordSteps(tx, link.message, [step], known);
    return { outcome: 'opened', accessId, expiresAt };
  });
}

/** What every step of a signed-in recipient says of who took it. */
export function stepOf(link: Link, session: RecipientSession, visitor: Visitor) {
  return {
    authenticationMethod: session.method,
    authenticationStatus: 'Success',
    recipients: [link.address],
    actor: { kind: 'recipient', id: link.recipientId, address: link.address },
    ...visitor,
  } as const;
}

/** A request for content that got none. */
export interface RefusedReading {
  readonly operation: 'MessageAccess' | 'AttachmentDownload' | 'MessageDownload';
  /** Name of the attachment, null for anything else. */
  readonly name: string | null;
  readonly reason: ReadingRefusal | 'SignInMethod' | 'ContentDamaged';
}

/** Records that content was asked for and refused, as an event of its own, on a tracked message. */
export async function recordRefusedReading(
  scope: OrganizationScope,
  link: Link,
  session: RecipientSession,
  refused: RefusedReading,
  visitor: Visitor,
): Promise<void> {
  const { operation, name, reason } = refused;
  await scope.transaction(async (tx) => {
    const step = { ...stepOf(link, session, visitor), creationTime: await clock(tx), operationStatus: 'Failure' } as const;
    await recordSteps(tx, link.message, [
      operation === 'MessageAccess'
        ? { ...step, operation, properties: { Reason: reason } }
        : { ...step, operation, attachmentName: name, properties: { Reason: reason, BytesSent: 0, Complete: false } },
    ]);
  });
}
