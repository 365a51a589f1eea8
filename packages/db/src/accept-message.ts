import type { Actor } from '@signet/domain/audit/entry';
import type { EnvelopeRecipient } from '@signet/domain/delivery-report';
import { expiryInDays, mailDecision, type MailDecision } from '@signet/domain/mail-decision';
import {
  expiryAtAcceptance,
  type AskedExpiry,
  type AskedExpiryRefusal,
  type ExpirySetter,
  type SenderExpiryPolicy,
} from '@signet/domain/message-expiry';
import type { RecordedForm } from '@signet/domain/privacy-policy';
import { recordedSubject, type RecordedValue, type Recording } from '@signet/domain/recorded-value';
import { appendAdminRecord, type AdminAct } from './admin-record.ts';
import { addRecipients, narrower } from './add-recipients.ts';
import { clock, type OrganizationScope, type OrganizationTransaction } from './database.ts';
import { readRecording } from './recording.ts';
import { orderSenderNotice } from './sender-notice.ts';
import { storableJson, storableText } from './storable-text.ts';
import type { CurrentTemplate } from './submission.ts';
import { recordSteps, type Step } from './tracking.ts';

/** A part of a message, with where the vault put it. */
export interface AcceptedPart {
  readonly part: string;
  readonly kind: 'original' | 'transit' | 'headers' | 'text' | 'html' | 'attachment' | 'inline';
  readonly position: number;
  readonly name: string | null;
  readonly contentType: string | null;
  readonly contentId: string | null;
  /** The HTML body shows it as an image. */
  readonly shownInBody: boolean;
  readonly size: number;
  readonly sha256: string;
  /** As `StoredPart` of the vault. */
  readonly stored: object;
}

/** A message whose blob is committed, ready to become one that Signet answers for. */
export interface AcceptableMessage {
  readonly id: string;
  readonly messageId: string;
  readonly fingerprint: Uint8Array;
  readonly sender: string;
  readonly subject: string | null;
  /** Written by a machine or for a crowd: its sender is told nothing of it. */
  readonly automatic: boolean;
  readonly template: CurrentTemplate;
  readonly ruleName: string | null;
  /** What the rules decided, as it is kept; their expiry counts from acceptance. */
  readonly decision: { readonly expiry?: MailDecision['expiry']; readonly passing?: MailDecision['passing'] };
  /** The expiry that the sender asks for. */
  readonly askedExpiry: AskedExpiry | null;
  readonly size: number;
  readonly originalOnly: string | null;
  /** Bytes of the stored original before its body; null where nothing passes through. */
  readonly bodyOffset: number | null;
  readonly sanitiserVersion: number;
  readonly blobName: string;
  readonly blobLength: number;
  readonly organizationKeyId: string;
  readonly wrappedKey: Uint8Array;
  readonly parts: readonly AcceptedPart[];
}

export interface AcceptedMessage {
  /** `duplicate`: the same fingerprint was accepted before, and the new blob is not needed. */
  readonly outcome: 'accepted' | 'duplicate';
  readonly id: string;
  readonly messageId: string;
}

/** Makes the administrative act that handing a message in was, where it was one; its record commits with the message. */
export type SubmissionAct = (messageUid: string) => AdminAct;

/** Thrown when recipients would be added to a message that was revoked or has expired. */
export class MessageClosedError extends Error {
  override readonly name = 'MessageClosedError';
  readonly reason: 'revoked' | 'expired' | 'erased';

  constructor(reason: 'revoked' | 'expired' | 'erased') {
    super(`The message is ${reason}: no recipient can be added to it`);
    this.reason = reason;
  }
}

/** Thrown when a message asks for an expiry that it may not have. */
export class ExpiryRefusedError extends Error {
  override readonly name = 'ExpiryRefusedError';
  readonly reason: AskedExpiryRefusal;

  constructor(reason: AskedExpiryRefusal) {
    super(`The message asks for an expiry that it may not have: ${reason}`);
    this.reason = reason;
  }
}

/**
 * Accepts a message: it, its parts and recipients, the wrapper mails to send and its `MessageSend` event in one
 * transaction. The same fingerprint again changes nothing but adds new recipients (a mail system that splits a message
 * among its recipients, or sends it again, makes one message).
 * @param recipients envelope recipients; addresses that differ only in case are one.
 * @param actOf given by whoever hands messages in as an administrator.
 * @throws {MessageClosedError} when new recipients came for a message that was revoked, erased or has expired.
 * @throws {ExpiryRefusedError} when the sender asks for an expiry that the organization does not let them set.
 */
export async function acceptMessage(
  scope: OrganizationScope,
  message: AcceptableMessage,
  recipients: readonly EnvelopeRecipient[],
  actor: Actor,
  actOf?: SubmissionAct,
): Promise<AcceptedMessage> {
  return scope.transaction(async (tx) => {
    const accepted = await acceptWithin(tx, message, recipients, actor);
    if (actOf) await appendAdminRecord(tx, actOf(accepted.id));
    return accepted;
  });
}

async function acceptWithin(
  tx: OrganizationTransaction,
  message: AcceptableMessage,
  recipients: readonly EnvelopeRecipient[],
  actor: Actor,
): Promise<AcceptedMessage> {
  const acceptedAt = await clock(tx);
  const expiry = await expiryOfNew(tx, message, acceptedAt);
  const recording = await readRecording(tx);
  const subject = subjectOfNew(message, recording);
  if (!(await insertMessage(tx, message, subject, acceptedAt, expiry))) return addToExisting(tx, message, recipients, actor);
  await insertParts(tx, message);
  const added = await addRecipients(tx, { id: message.id, passing: message.decision.passing ?? null }, recipients, acceptedAt);
  if (!message.automatic) await orderSenderNotice(tx, message.id, acceptedAt);
  const about = trackedMessageOf(message, subject, message.template.content.isDefault);
  const steps: Step[] = [
    {
      operation: 'MessageSend',
      creationTime: acceptedAt,
      operationStatus: 'Success',
      recipients: added,
      actor,
      properties: { TemplateName: message.template.content.name, RuleName: message.ruleName, RecipientCount: added.length },
    },
  ];
  await recordSteps(tx, about, steps, { recording });
  return { outcome: 'accepted', id: message.id, messageId: message.messageId };
}

/** As much of the subject as the organization keeps beside the content, which has the whole. */
function subjectOfNew({ subject }: AcceptableMessage, recording: Recording): RecordedValue {
  return recordedSubject({ value: subject === null ? null : storableText(subject), form: 'full' }, recording);
}

async function expiryOfNew(
  tx: OrganizationTransaction,
  { template, decision, askedExpiry }: AcceptableMessage,
  acceptedAt: Date,
): Promise<{ expiresAt: Date | null; setBy: ExpirySetter }> {
  const [row] =
    askedExpiry === null
      ? []
      : await tx.query<{ policy: SenderExpiryPolicy }>('select senders_may_change_expiry as policy from organization where id = $1', [
          tx.organizationId,
        ]);
  const externalMailExpiryInDays = expiryInDays(template.content.externalMailExpiryInDays, decision.expiry ?? null);
  const expiry = expiryAtAcceptance({ externalMailExpiryInDays }, askedExpiry, row?.policy ?? 'never', acceptedAt);
  if (expiry.outcome === 'refused') throw new ExpiryRefusedError(expiry.refusal);
  return expiry;
}

/**
 * The same for a message that is known to be a copy, before its blob is stored.
 * @returns null when no message has this fingerprint.
 */
export async function acceptCopy(
  scope: OrganizationScope,
  copy: Pick<AcceptableMessage, 'sender' | 'fingerprint' | 'decision'>,
  recipients: readonly EnvelopeRecipient[],
  actor: Actor,
  actOf?: SubmissionAct,
): Promise<AcceptedMessage | null> {
  const [known] = await scope.query('select 1 from message where organization_id = $1 and sender = $2 and fingerprint = $3', [
    scope.organizationId,
    copy.sender,
    copy.fingerprint,
  ]);
  if (!known) return null;
  return scope.transaction(async (tx) => {
    const accepted = await addToExisting(tx, copy, recipients, actor);
    if (actOf) await appendAdminRecord(tx, actOf(accepted.id));
    return accepted;
  });
}

async function insertMessage(
  tx: OrganizationTransaction,
  message: AcceptableMessage,
  subject: RecordedValue,
  acceptedAt: Date,
  { expiresAt, setBy }: { expiresAt: Date | null; setBy: ExpirySetter },
): Promise<boolean> {
  const rows = await tx.query(
    `insert into message (organization_id, id, message_id, fingerprint, sender, subject, template_revision_id, template_name,
       uses_default_template, rule_name, decision, size, accepted_at, expires_at, original_only, sanitiser_version, blob_name,
       blob_length, organization_key_id, wrapped_key, expiry_set_by, body_offset, tells_sender,
       subject_recorded)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)
     on conflict (organization_id, sender, fingerprint) do nothing returning id`,
    [
      tx.organizationId,
      message.id,
      message.messageId,
      message.fingerprint,
      message.sender,
      subject.value,
      message.template.revisionId,
      message.template.content.name,
      message.template.content.isDefault,
      message.ruleName,
      storableJson(message.decision),
      message.size,
      acceptedAt,
      expiresAt,
      message.originalOnly,
      message.sanitiserVersion,
      message.blobName,
      message.blobLength,
      message.organizationKeyId,
      message.wrappedKey,
      setBy,
      message.bodyOffset,
      !message.automatic,
      subject.form,
    ],
  );
  return rows.length === 1;
}

async function insertParts(tx: OrganizationTransaction, message: AcceptableMessage): Promise<void> {
  await tx.query(
    `insert into message_part (organization_id, message_uid, part, kind, position, name, content_type, content_id, shown_in_body,
       size, sha256, stored)
     select $1::uuid, $2::uuid, part, kind, position, name, "contentType", "contentId", "shownInBody", size, sha256, stored
     from jsonb_to_recordset($3::jsonb) as p(part text, kind text, position int, name text, "contentType" text, "contentId" text,
       "shownInBody" boolean, size bigint, sha256 text, stored jsonb)`,
    [tx.organizationId, message.id, storableJson(message.parts)],
  );
}

interface ExistingMessage {
  id: string;
  message_id: string;
  subject: string | null;
  subject_recorded: RecordedForm;
  sender: string;
  uses_default_template: boolean;
  erased_at: Date | null;
  expires_at: Date | null;
  decision: unknown;
}

async function addToExisting(
  tx: OrganizationTransaction,
  copy: Pick<AcceptableMessage, 'sender' | 'fingerprint' | 'decision'>,
  recipients: readonly EnvelopeRecipient[],
  actor: Actor,
): Promise<AcceptedMessage> {
  const [existing] = await tx.query<ExistingMessage>(
    `select id, message_id, subject, subject_recorded, sender, uses_default_template, erased_at, expires_at, decision from message
     where organization_id = $1 and sender = $2 and fingerprint = $3 for update`,
    [tx.organizationId, copy.sender, copy.fingerprint],
  );
  if (!existing) throw new Error('The message that this one repeats is gone');
  const at = await clock(tx);
  const current = await tx.query<{ address_key: string; revoked_at: Date | null }>(
    'select address_key, revoked_at from recipient where organization_id = $1 and message_uid = $2 order by id for share',
    [tx.organizationId, existing.id],
  );
  const known = new Set(current.map((recipient) => recipient.address_key));
  const result: AcceptedMessage = { outcome: 'duplicate', id: existing.id, messageId: existing.message_id };
  if (recipients.every(({ address }) => known.has(address.toLowerCase()))) return result;
  if (existing.erased_at) throw new MessageClosedError('erased');
  if (existing.expires_at && existing.expires_at <= at) throw new MessageClosedError('expired');
  if (current.every((recipient) => recipient.revoked_at !== null)) throw new MessageClosedError('revoked');
  const passing = narrower(mailDecision.safeParse(existing.decision).data?.passing ?? null, copy.decision.passing ?? null);
  const added = await addRecipients(tx, { id: existing.id, passing }, recipients, at);
  const message = { messageId: existing.message_id, sender: existing.sender, id: existing.id };
  const subject = { value: existing.subject, form: existing.subject_recorded };
  await recordSteps(tx, trackedMessageOf(message, subject, existing.uses_default_template), [
    { operation: 'RecipientAdd', creationTime: at, operationStatus: 'Success', recipients: added, actor },
  ]);
  return result;
}

function trackedMessageOf(
  message: Pick<AcceptableMessage, 'id' | 'messageId' | 'sender'>,
  subject: RecordedValue,
  usesDefaultTemplate: boolean,
) {
  return {
    messageUid: message.id,
    messageId: message.messageId,
    sender: message.sender,
    subject: subject.value,
    subjectRecorded: subject.form,
    usesDefaultTemplate,
  };
}
