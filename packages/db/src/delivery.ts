import { recordTextOf } from '@signet/domain/audit/record-text';
import { brandingTemplate, type BrandingTemplate } from '@signet/domain/branding-template';
import { deliveryRequest, type DeliveryRequest } from '@signet/domain/delivery-report';
import { deliveryStateAfter, type Delivery, type NextHopAnswer } from '@signet/domain/delivery';
import { sendPasscodeMailPayload, sendWrapperMailPayload, type SendPasscodeMailPayload } from '@signet/domain/jobs';
import { refusalOf } from '@signet/domain/message-state';
import { mailLanguages, recipientLanguage, type MailLanguages, type RecipientLanguage } from '@signet/domain/recipient-language';
import { findShownLogo, type ShownLogo } from './branding-image.ts';
import type { RecordedForm } from '@signet/domain/privacy-policy';
import { clock, type Database, type OrganizationTransaction, type Transaction } from './database.ts';
import { noteDelay, noteDelivery } from './delivery-report.ts';
import { claimRow, failRow, lockClaimed, removeRows, type OutboxRow } from './outbox.ts';
import { recordSteps, type Step, type TrackedMessage } from './tracking.ts';

/** Characters of the next hop's answer that a recipient's row keeps. */
const RESPONSE_LENGTH = 2_000;

/** A message that goes to one recipient now, wrapped or as it came. */
export interface DeliveryOrder {
  readonly row: OutboxRow;
  readonly message: TrackedMessage;
  readonly recipientId: string;
  readonly address: string;
  /** What the sender asks to be told of the delivery. */
  readonly request: DeliveryRequest | null;
}

/** A mail to one recipient that is to be sent now, and what it is made of. */
interface MailOrder extends DeliveryOrder {
  readonly organizationName: string;
  readonly mailLanguages: MailLanguages;
  readonly template: BrandingTemplate;
}

export interface WrapperOrder extends MailOrder {
  readonly linkToken: string;
  /** The id of this sending where it is not the first one. */
  readonly resend: string | null;
  /** As it was when the message was accepted, like the template. */
  readonly logo: ShownLogo | null;
  readonly expiresAt: Date | null;
  /** Whose addresses bounces come back to; null: to the sender. */
  readonly bounceDomain: string | null;
  /** Whether the organization sees openings now, which the mail says. */
  readonly tracked: boolean;
}

export interface PasscodeOrder extends MailOrder {
  readonly passcodeRequestId: string;
  readonly reference: string;
  readonly language: RecipientLanguage;
  readonly expiresAt: Date;
  /** From the database's clock, when the order was given. */
  readonly now: Date;
  readonly sealedCode: Buffer;
  /** The organization's active key, under which the code was sealed. */
  readonly organizationKey: { readonly keyId: string; readonly providerKeyId: string; readonly wrappedKey: Buffer };
}

/**
 * Claims an outbox row of kind `send-wrapper-mail` and reads what its mail is made of, in one short transaction. A row
 * whose recipient is revoked, expired or erased is removed instead.
 * @returns null when there is nothing to send.
 */
export async function beginWrapperDelivery(database: Database, outboxId: string, claimSeconds: number): Promise<WrapperOrder | null> {
  return database.system.transaction(async (tx) => {
    const row = await claimRow(tx, outboxId, claimSeconds);
    if (!row) return null;
    const { recipientId, resend = null } = sendWrapperMailPayload.parse(row.payload);
    const found = await findAddressee(tx, row, recipientId);
    if (!found) {
      await removeRows(tx, [row.id]);
      return null;
    }
    const { facts, order } = found;
    const logo = await findShownLogo(tx, row.organizationId, order.template.imageSha256);
    return {
      ...order,
      logo,
      linkToken: facts.link_token,
      resend,
      expiresAt: facts.expires_at,
      bounceDomain: facts.bounce_domain,
      tracked: facts.tracked,
    };
  });
}

/**
 * The same for `send-passcode-mail`. A row whose passcode has expired or was used is removed too: nobody has a use for it.
 */
export async function beginPasscodeDelivery(database: Database, outboxId: string, claimSeconds: number): Promise<PasscodeOrder | null> {
  return database.system.transaction(async (tx) => {
    const row = await claimRow(tx, outboxId, claimSeconds);
    if (!row) return null;
    const payload = sendPasscodeMailPayload.parse(row.payload);
    const order = await findPasscode(tx, row, payload);
    if (!order) await removeRows(tx, [row.id]);
    return order;
  });
}

/** How long a mail is tried. */
export interface Patience {
  /** Attempts that it may take before it is given up. */
  readonly attempts: number;
  /** Its sender is told that it is late once it has been put off for so long. */
  readonly delayedAfterSeconds: number;
}

/**
 * Records the next hop's answer to a wrapper mail, or to the message itself: the recipient's delivery state, the event, and what becomes of the row
 * (removed; or, deferred, due again after its backoff), all together. Does nothing when somebody else recorded an answer.
 * A mail that was deferred once too often is given up: its row is dead, and for the recipient it has bounced.
 * @returns whether it was given up.
 */
export async function finishDelivery(
  database: Database,
  order: DeliveryOrder,
  given: NextHopAnswer,
  { attempts, delayedAfterSeconds }: Patience,
): Promise<boolean> {
  return database.forOrganization(order.row.organizationId).transaction(async (tx) => {
    // Recipient before outbox row, as revoking does.
    const [recipient] = await tx.query<{ wrapper_attempts: number }>(
      'select wrapper_attempts from recipient where organization_id = $1 and id = $2 for update',
      [tx.organizationId, order.recipientId],
    );
    if (!recipient || !(await lockClaimed(tx, order.row))) return false;
    const isGivenUp = given.delivery === 'Deferred' && order.row.attempts + 1 >= attempts;
    const answer: NextHopAnswer = isGivenUp
      ? { delivery: 'Bounced', response: `Given up after ${order.row.attempts + 1} attempts. ${given.response}` }
      : given;
    const attempt = recipient.wrapper_attempts + 1;
    const at = await clock(tx);
    await tx.query(
      `update recipient set delivery_state = $3, wrapper_attempts = $4, last_response = $5,
         sent_at = case when $3 in ('sent', 'passed') then $6::timestamptz else sent_at end
       where organization_id = $1 and id = $2`,
      [
        tx.organizationId,
        order.recipientId,
        deliveryStateAfter[answer.delivery],
        attempt,
        recordTextOf(answer.response, RESPONSE_LENGTH),
        at,
      ],
    );
    await noteForSender(tx, order, answer.delivery, given, delayedAfterSeconds);
    const step = { ...stepOf(order, answer, at), operation: 'WrapperDelivery', properties: propertiesOf(answer, attempt) } as const;
    return record(tx, order, given, step, attempts);
  });
}

/** Notes what the sender is to be told of it. A next hop that reports itself was told what the sender asks for. */
async function noteForSender(
  tx: OrganizationTransaction,
  { row, recipientId }: DeliveryOrder,
  delivery: Delivery,
  { response, reportsItself = false }: NextHopAnswer,
  delayedAfterSeconds: number,
): Promise<void> {
  if (delivery === 'Deferred') await noteDelay(tx, { outboxId: row.id, recipientId, response }, delayedAfterSeconds);
  else if (delivery === 'Bounced') await noteDelivery(tx, 'bounced', recipientId, response);
  else if (!reportsItself) await noteDelivery(tx, 'relayed', recipientId, response);
}

/** The same for a passcode mail; its response must not repeat the code. */
export async function finishPasscodeDelivery(database: Database, order: PasscodeOrder, answer: NextHopAnswer): Promise<boolean> {
  return database.forOrganization(order.row.organizationId).transaction(async (tx) => {
    if (!(await lockClaimed(tx, order.row))) return false;
    const at = await clock(tx);
    return record(tx, order, answer, {
      ...stepOf(order, answer, at),
      operation: 'PasscodeDelivery',
      properties: propertiesOf(answer, order.row.attempts + 1),
    });
  });
}

/** @returns whether the row is dead now. */
async function record(
  tx: OrganizationTransaction,
  order: DeliveryOrder,
  answer: NextHopAnswer,
  step: Step,
  attempts?: number,
): Promise<boolean> {
  await recordSteps(tx, order.message, [step]);
  if (answer.delivery === 'Deferred') return failRow(tx, order.row, answer.response, attempts);
  await removeRows(tx, [order.row.id]);
  return false;
}

function stepOf(order: DeliveryOrder, answer: NextHopAnswer, at: Date) {
  return {
    creationTime: at,
    operationStatus: answer.delivery === 'Sent' || answer.delivery === 'Passed' ? 'Success' : 'Failure',
    recipients: [order.address],
    actor: { kind: 'system', id: null, address: null },
  } as const;
}

function propertiesOf({ delivery, response }: NextHopAnswer, attempt: number) {
  return { Delivery: delivery, Response: response, Attempt: attempt };
}

interface AddresseeRow {
  message_uid: string;
  message_id: string;
  sender: string;
  subject: string | null;
  subject_recorded: RecordedForm;
  uses_default_template: boolean;
  expires_at: Date | null;
  erased_at: Date | null;
  address: string;
  link_token: string;
  revoked_at: Date | null;
  organization_name: string;
  mail_languages: string[];
  bounce_domain: string | null;
  tracked: boolean;
  template: unknown;
  dsn: unknown;
  now: Date;
}

/** The recipient of a mail with the message, or null when mail to them has no sense any more. */
async function findAddressee(
  tx: Transaction,
  row: OutboxRow,
  recipientId: string,
): Promise<{ order: MailOrder; facts: AddresseeRow } | null> {
  const [facts] = await tx.query<AddresseeRow>(
    `select m.id as message_uid, m.message_id, m.sender, m.subject, m.subject_recorded, m.uses_default_template, m.expires_at, m.erased_at,
       r.address, r.dsn, r.link_token, r.revoked_at, o.name as organization_name, o.mail_languages, o.bounce_domain,
       o.enable_portal_tracking_logs and not m.uses_default_template as tracked, t.content as template, clock_timestamp() as now
     from recipient r
     join message m on m.organization_id = r.organization_id and m.id = r.message_uid
     join organization o on o.id = r.organization_id
     join branding_template_revision t on t.organization_id = m.organization_id and t.id = m.template_revision_id
     where r.organization_id = $1 and r.id = $2`,
    [row.organizationId, recipientId],
  );
  if (!facts) return null;
  const refusal = refusalOf({ revokedAt: facts.revoked_at, expiresAt: facts.expires_at, erasedAt: facts.erased_at }, facts.now);
  if (refusal) return null;
  const order: MailOrder = {
    row,
    message: {
      messageUid: facts.message_uid,
      messageId: facts.message_id,
      sender: facts.sender,
      subject: facts.subject,
      subjectRecorded: facts.subject_recorded,
      usesDefaultTemplate: facts.uses_default_template,
    },
    recipientId,
    address: facts.address,
    request: deliveryRequest.nullable().parse(facts.dsn),
    organizationName: facts.organization_name,
    mailLanguages: mailLanguages.parse(facts.mail_languages),
    template: brandingTemplate.parse(facts.template),
  };
  return { order, facts };
}

/** The passcode to be sent, null where it is used or its last minute has begun: whoever got it then could only be turned away. */
async function findPasscode(tx: Transaction, row: OutboxRow, payload: SendPasscodeMailPayload): Promise<PasscodeOrder | null> {
  const [request] = await tx.query<{
    recipient_id: string;
    reference: string;
    language: string;
    expires_at: Date;
    key_id: string;
    provider_key_id: string;
    wrapped_key: Buffer;
  }>(
    `select p.recipient_id, p.reference, p.language, p.expires_at, k.id as key_id, k.provider_key_id, k.wrapped_key
     from passcode_request p
     join organization o on o.id = p.organization_id
     join organization_key k on k.organization_id = o.id and k.id = o.active_key_id
     where p.organization_id = $1 and p.id = $2 and p.used_at is null and p.expires_at > clock_timestamp() + interval '1 minute'`,
    [row.organizationId, payload.passcodeRequestId],
  );
  if (!request) return null;
  const found = await findAddressee(tx, row, request.recipient_id);
  if (!found) return null;
  return {
    ...found.order,
    passcodeRequestId: payload.passcodeRequestId,
    reference: request.reference,
    language: recipientLanguage.parse(request.language),
    expiresAt: request.expires_at,
    now: found.facts.now,
    sealedCode: Buffer.from(payload.sealedCode, 'base64'),
    organizationKey: { keyId: request.key_id, providerKeyId: request.provider_key_id, wrappedKey: request.wrapped_key },
  };
}
