import { z } from 'zod';
import { recordText } from './audit/record-text.ts';
import { memberMail } from './member-mail.ts';

/**
 * Everything that happens later: one outbox row each, handed to the queue as ids only. A payload holds ids, never
 * content or secrets (a passcode's mail must know its code: the row holds it sealed by the vault).
 * A shape only ever grows, since rows outlive the process that wrote them.
 */
export const jobs = {
  /** An audit event that becomes an audit entry. The payload is the event. */
  'ingest-audit-event': { queue: 'ingest', batch: 500, attempts: Number.POSITIVE_INFINITY, leaseSeconds: 60 },
  /** An administrative act that becomes an admin record. The payload is the act. */
  'ingest-admin-event': { queue: 'ingest', batch: 500, attempts: Number.POSITIVE_INFINITY, leaseSeconds: 60 },
  /** The branded notification of one recipient: tried for five days, as long as mail systems try (RFC 5321, 4.5.4.1). */
  'send-wrapper-mail': { queue: 'mail', batch: 20, attempts: 132, leaseSeconds: 300 },
  /** A message as it came, to one recipient whom a rule lets have it so. */
  'pass-message': { queue: 'mail', batch: 20, attempts: 132, leaseSeconds: 300 },
  /** The mail with a one-time passcode. Worthless after the passcode's lifetime, so few and quick attempts. */
  'send-passcode-mail': { queue: 'passcode', batch: 5, attempts: 6, leaseSeconds: 60 },
  /** The same for a sender who signs in to their sent messages. */
  'send-sender-passcode-mail': { queue: 'passcode', batch: 5, attempts: 6, leaseSeconds: 60 },
  /** The notice to a sender that a message has been taken, for about two days: later it tells nothing new. */
  'send-sender-notice': { queue: 'mail', batch: 20, attempts: 56, leaseSeconds: 300 },
  /** What became of a message, told to its sender. */
  'send-sender-facts': { queue: 'mail', batch: 20, attempts: 56, leaseSeconds: 300 },
  /** What became of the delivery to some recipients of a message, told to its sender (RFC 3464). */
  'send-delivery-report': { queue: 'mail', batch: 20, attempts: 56, leaseSeconds: 300 },
  /** A mail to a member about their account. Its link, where it has one, must not wait behind wrapper mails. */
  'send-member-mail': { queue: 'account', batch: 5, attempts: 20, leaseSeconds: 60 },
  /** What members should look at, told to those who answer for it. Whoever causes alerts must not hold up mails that members sign in with. */
  'send-alert-mail': { queue: 'mail', batch: 20, attempts: 20, leaseSeconds: 300 },
  /** The sample that a member has a branding template send to themselves. They wait for it, so few and quick attempts. */
  'send-template-test': { queue: 'account', batch: 5, attempts: 4, leaseSeconds: 60 },
  /** Checkpoints, to whoever keeps them elsewhere, for about two days: then a later one says more. */
  'send-checkpoint-mail': { queue: 'account', batch: 5, attempts: 56, leaseSeconds: 60 },
} as const satisfies Record<string, JobDefinition>;

interface JobDefinition {
  /** The BullMQ queue it goes through. */
  readonly queue: string;
  /** At most so many rows in one job. */
  readonly batch: number;
  /** After so many failed attempts the row is dead until somebody revives it. */
  readonly attempts: number;
  /** A row handed on and neither done nor failed within this time is handed on again. */
  readonly leaseSeconds: number;
}

export type JobKind = keyof typeof jobs;
export const jobKinds = Object.keys(jobs).filter((name): name is JobKind => name in jobs);
export type QueueName = (typeof jobs)[JobKind]['queue'];
export const queueNames = [...new Set(Object.values(jobs).map((job) => job.queue))];

/** `resend`: the id of this sending, where it is not the first one. */
export const sendWrapperMailPayload = z.strictObject({ recipientId: z.uuid(), resend: z.uuid().optional() });
export const passMessagePayload = z.strictObject({ recipientId: z.uuid() });

/** `sealedCode`: the eight digits, sealed by the vault under the organization's key and bound to the request; base64. */
export const sendPasscodeMailPayload = z.strictObject({ passcodeRequestId: z.uuid(), sealedCode: z.base64().max(2000) });
export type SendPasscodeMailPayload = z.infer<typeof sendPasscodeMailPayload>;

/** The same for a sender; bound to the sender's request. */
export const sendSenderPasscodeMailPayload = z.strictObject({ senderPasscodeRequestId: z.uuid(), sealedCode: z.base64().max(2000) });

export const sendSenderNoticePayload = z.strictObject({ messageUid: z.uuid() });

/** `mailId`: under which the facts of this mail were gathered. */
export const sendSenderFactsPayload = z.strictObject({ messageUid: z.uuid(), mailId: z.uuid() });

/** The same of a delivery report. */
export const sendDeliveryReportPayload = z.strictObject({ messageUid: z.uuid(), mailId: z.uuid() });

/**
 * `link`: a link's row and its token, sealed by the vault under the organization's key and bound to the row; base64. `clientIp`,
 * `userAgent`: where the act came from that the mail tells of.
 */
export const sendMemberMailPayload = z.strictObject({
  memberId: z.uuid(),
  mail: memberMail,
  link: z.strictObject({ id: z.uuid(), sealedToken: z.base64().max(2000) }).optional(),
  clientIp: recordText(64).nullable(),
  userAgent: recordText(200).nullable(),
});
export type SendMemberMailPayload = z.infer<typeof sendMemberMailPayload>;

export const sendAlertMailPayload = z.strictObject({ alertId: z.uuid(), memberId: z.uuid() });

/** `revisionId`: the template as it was when the sample was asked for. */
export const sendTemplateTestPayload = z.strictObject({ memberId: z.uuid(), revisionId: z.uuid() });

export const sendCheckpointMailPayload = z.strictObject({ checkpointMailId: z.uuid() });

/** What the queue carries: outbox ids of one kind, nothing else. */
export const outboxJob = z.strictObject({ kind: z.enum(jobKinds), ids: z.array(z.string()).min(1) });
export type OutboxJob = z.infer<typeof outboxJob>;

/** How many attempts there are until the last one falls so many seconds, or more, behind the first. */
export function attemptsOver(seconds: number): number {
  let attempts = 1;
  for (let at = 0; at < seconds; attempts += 1) at += backoffSeconds(attempts);
  return attempts;
}

/** Seconds until the next attempt after the nth failed one: doubling from 5 s to at most one hour. */
export function backoffSeconds(failedAttempts: number): number {
  return Math.min(3600, 5 * 2 ** Math.max(0, Math.min(failedAttempts - 1, 20)));
}
