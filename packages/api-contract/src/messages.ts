import { adminRecord } from '@signet/domain/audit/admin-record';
import { auditEntry, authenticationMethod, instant, operationStatus } from '@signet/domain/audit/entry';
import { contentOperations } from '@signet/domain/audit/operation';
import { recordText } from '@signet/domain/audit/record-text';
import { accessState, deliveryState } from '@signet/domain/message-state';
import { recordedForm } from '@signet/domain/privacy-policy';
import { revoker } from '@signet/domain/revocation';
import { recipientLimit } from '@signet/domain/submission-limits';
import { z } from 'zod';
import { address, cursor, gap, givenAddress, givenTime, pageOf, pageSize, repeated } from './fields.ts';
import { judgedTouches } from './judged-touch.ts';
import { legalHold } from './legal-holds.ts';
import { defineRoute } from './route.ts';

const tags = ['Messages'] as const;

/** Messages are counted no further than this: a list says "more than" instead. */
export const COUNTED_MESSAGES = 1000;

const trackingStatus = z.strictObject({
  state: z.enum(['on', 'off']),
  since: instant.nullable(),
  reason: z.enum(['default_template', 'switched_off']).nullable(),
  gaps: z.array(gap).meta({ description: 'Spans since acceptance in which nothing was recorded; `to` null: still so.' }),
});

const attachment = z.strictObject({
  name: z.string().max(1024).nullable().meta({ description: 'As the sender named it; null where they did not.' }),
  contentType: z.string().max(255),
  size: z.int().nonnegative().meta({ description: 'Bytes' }),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

/** Who did something, in words that people recognise: a member's address, an API key's name, `system`. */
const doer = z.string().max(400);
const reason = z.string().max(1000);

export const recipient = z
  .strictObject({
    id: z.uuid(),
    address,
    deliveryState,
    unwrapped: z.boolean().meta({ description: 'A rule lets them have the message as it came, unencrypted: it cannot be taken back.' }),
    accessState: accessState
      .nullable()
      .meta({ description: 'Null where it would tell of reading to somebody who may not read the trail.' }),
    isRevocable: z.boolean(),
    revokedAt: instant.nullable().meta({ description: 'Since when the recipient gets no content.' }),
    revokedBy: doer.nullable(),
    revocationOf: revoker
      .nullable()
      .meta({ description: 'Whose the revocation is: what the organization has revoked, the sender cannot restore.' }),
    reason: reason.nullable(),
    attempts: z.int().nonnegative().meta({ description: 'How often the mail with the link was handed to the next hop.' }),
    sentAt: instant.nullable(),
    /** What the next hop last answered to the wrapper mail. */
    lastResponse: z.string().max(4096).nullable(),
    openedAt: instant.nullable().meta({ description: 'Null, too, for somebody who may not read the trail.' }),
  })
  .meta({ id: 'Recipient' });
export type Recipient = z.infer<typeof recipient>;

const messageFields = {
  id: z.uuid(),
  messageId: z.string().max(1000).meta({ description: 'The Message-ID (RFC 5322), with angle brackets.' }),
  subject: z.string().nullable().meta({ description: 'Empty where it has none, null where the privacy policy hid it.' }),
  subjectRecorded: recordedForm.meta({ description: 'How much of it is kept beside the content, by the privacy policy at acceptance.' }),
  sender: z.string().max(320),
  template: z.string().max(64).nullable(),
  acceptedAt: instant,
  expiresAt: instant.nullable(),
  size: z.int().nonnegative().meta({ description: 'Bytes of the original.' }),
  isRevocable: z.boolean().meta({ description: 'Whether at least one recipient’s access can be revoked.' }),
  revoked: z.boolean().meta({ description: 'Whether every recipient who could be revoked is.' }),
};

const byRule = z.string().meta({ description: 'The rule’s name when it decided.' });

/** What mail rules decided about a message; rules are named as they were called then. */
export const ruleDecision = z
  .strictObject({
    template: z.strictObject({
      name: z.string(),
      rule: byRule.nullable().meta({ description: 'Null: no rule chose one, and the organization’s default counts.' }),
    }),
    expiry: z
      .strictObject({ days: z.int().nonnegative(), rule: byRule })
      .nullable()
      .meta({ description: 'What a rule set, counted from acceptance; of this and the template’s expiry the earlier counts.' }),
    forwardingForbiddenBy: byRule.nullable(),
    passing: z
      .strictObject({ to: z.enum(['everybody', 'inside']), rule: byRule })
      .nullable()
      .meta({ description: 'Who gets the message as it came, unencrypted; null: nobody.' }),
    removedHeaders: z.array(z.string()),
    matchedRules: z.array(z.string()),
    unknownTemplates: z
      .array(z.strictObject({ name: z.string(), rule: byRule }))
      .meta({ description: 'Templates that do not exist; the search went on with the next rule.' }),
  })
  .meta({ id: 'RuleDecision' });
export type RuleDecision = z.infer<typeof ruleDecision>;

/** A message in full: everything about it but its content. */
export const message = z
  .strictObject({
    ...messageFields,
    recipients: z.array(recipient),
    tracking: trackingStatus,
    revokedAt: instant.nullable(),
    revokedBy: doer.nullable(),
    reason: reason.nullable(),
    attachments: z.array(attachment),
    /** The message cannot be shown part by part: recipients get the original file. */
    originalOnly: z.boolean(),
    expiryChange: z
      .strictObject({ shorten: z.boolean(), extend: z.boolean(), latest: instant.meta({ description: '730 days after acceptance.' }) })
      .meta({ description: 'What whoever asks may do with the expiry now.' }),
    forwardingAllowed: z
      .boolean()
      .meta({ description: 'Whether recipients may forward, print and copy out: the template’s word and the rules’.' }),
    decision: ruleDecision
      .nullable()
      .meta({ description: 'What the mail rules decided at acceptance; null where that was not kept, and where a sender asks.' }),
  })
  .meta({ id: 'Message' });
export type Message = z.infer<typeof message>;

/** A message in a list. It names the first ten recipients; `recipientCount` counts them all. */
export const messageSummary = z
  .strictObject({
    ...messageFields,
    recipients: z.array(recipient.pick({ id: true, address: true, deliveryState: true, accessState: true })).max(10),
    recipientCount: z.int().nonnegative(),
    attachmentCount: z.int().nonnegative(),
    tracking: trackingStatus.pick({ state: true, reason: true }),
  })
  .meta({ id: 'MessageSummary' });
export type MessageSummary = z.infer<typeof messageSummary>;

/** What a submission answers once the message is stored encrypted and committed. */
export const acceptedMessage = z
  .strictObject({
    id: z.uuid(),
    messageId: z.string().max(1000),
    sender: z.string().max(320),
    recipients: z.array(recipient.pick({ id: true, address: true, deliveryState: true, unwrapped: true })),
    template: z.string().max(64).nullable(),
    acceptedAt: instant,
    size: z.int().nonnegative(),
    duplicate: z.boolean().meta({ description: 'Whether the same message was accepted before; new recipients were added to it.' }),
  })
  .meta({ id: 'AcceptedMessage' });
export type AcceptedMessage = z.infer<typeof acceptedMessage>;

/** The states one can search by; a message is found when at least one of its recipients is in one of them. */
const searchableState = z.enum([...deliveryState.options, ...accessState.options]);

export const messageFilters = z.strictObject({
  text: z
    .string()
    .trim()
    .min(1)
    .max(1000)
    .meta({
      description:
        'What a search box takes: words of the subject, the beginning of the sender’s or of a recipient’s address, a whole Message-ID or `id`, or the reference that a recipient’s mail shows. A message is found by any of them.',
    })
    .optional(),
  messageId: z.string().min(1).max(1000).meta({ description: 'With or without angle brackets.' }).optional(),
  sender: z.string().min(1).max(321).optional(),
  recipient: z.string().min(1).max(321).optional(),
  subject: z.string().min(1).max(200).meta({ description: 'Words of the subject, all of which must occur.' }).optional(),
  template: z.string().min(1).max(64).optional(),
  state: repeated(searchableState, searchableState.options.length).optional(),
  from: givenTime.optional(),
  to: givenTime.optional(),
  count: z
    .enum(['true', 'false'])
    .default('false')
    .meta({ description: `Whether to say how many messages there are in all, as far as ${COUNTED_MESSAGES}.` }),
  limit: pageSize(500, 50),
  cursor: cursor.optional(),
});

export const messagePage = pageOf(messageSummary).extend({
  previousCursor: cursor.nullable().meta({ description: 'Leads to the newer ones; null on the first page.' }),
  matches: z
    .strictObject({ count: z.int().nonnegative(), capped: z.boolean().meta({ description: 'There are more than were counted.' }) })
    .nullable()
    .meta({ description: 'How many there are in all, where `count=true` asked for it.' }),
});

const sameMessageId = z.strictObject({ count: z.int().min(2), items: z.array(message) });

/** Either the message, or, where a Message-ID names several, all of them. */
export const changedMessages = z.union([message, sameMessageId]);

/** All of it may be left out, even the body: then it concerns all recipients and gives no reason. The reason goes into records as it is. */
export const revocationRequest = z
  .strictObject({
    reason: recordText(1000).optional(),
    recipients: z
      .array(address)
      .min(1)
      .max(1000)
      .meta({ description: 'Addresses of the recipients concerned; all of them when left out.' })
      .optional(),
  })
  .prefault({});

/** All of it may be left out, even the body: then the mail goes to all recipients who can still get the message. */
const resendRequest = z
  .strictObject({
    recipients: z
      .array(address)
      .min(1)
      .max(1000)
      .meta({ description: 'Addresses of the recipients concerned; all who can still get the message when left out.' })
      .optional(),
  })
  .prefault({});

/** When a message is to expire. The reason goes into the admin record as it is. */
export const expiryRequest = z.strictObject({
  expiresAt: givenTime
    .nullable()
    .meta({ description: 'RFC 3339, at most 730 days after acceptance; a time that has passed means now. Null: never.' }),
  reason: recordText(1000).optional(),
});

const observation = z.strictObject({
  id: z.uuid().meta({ description: 'The audit entry’s id.' }),
  operation: z.enum(contentOperations),
  creationTime: instant,
  attachmentName: z.string().nullable(),
  bytesSent: z.int().nonnegative().nullable(),
  /** Null where it is not known: of several files with one name and different sizes. */
  size: z.int().nonnegative().nullable().meta({ description: 'Bytes of what was asked for.' }),
  complete: z.boolean().nullable(),
  operationStatus: operationStatus,
  reason: z.string().nullable().meta({ description: 'Why it was refused or ended.' }),
  count: z.int().positive().meta({ description: 'Refused openings are gathered for a minute.' }),
  authenticationMethod: authenticationMethod.nullable(),
  clientIp: z.string().nullable().meta({ description: 'Null, too, where a sender asks.' }),
  clientIpRecorded: recordedForm.meta({ description: 'How much of it was recorded, by the privacy policy then.' }),
  userAgent: z.string().nullable().meta({ description: 'Null, too, where a sender asks.' }),
  userAgentRecorded: recordedForm.meta({ description: 'How much of it was recorded, by the privacy policy then.' }),
});

/** A revocation or a restoration that changed something, and for whom. */
export const accessChange = z.strictObject({ at: instant, by: doer, reason: reason.nullable(), recipients: z.array(address) });

/** Who had seen what when a revocation took effect. */
export const exposureReport = z
  .strictObject({
    id: z.uuid(),
    messageId: z.string().max(1000),
    organizationName: z.string().max(200),
    subject: z.string().nullable(),
    subjectRecorded: recordedForm,
    sender: z.string().max(320),
    acceptedAt: instant,
    attachments: z.array(attachment),
    readAt: instant.meta({ description: 'By the database’s clock: every event that was committed before it is in the report.' }),
    basis: z.enum(['recorded', 'partly_recorded', 'not_recorded']).meta({
      description:
        'Whether steps on this message were recorded all the time and all records are kept, in part (see `gaps` and `removed`) or never. What is not on record may have happened.',
    }),
    tracking: trackingStatus.omit({ gaps: true }),
    gaps: z.array(gap),
    removed: z.strictObject({ steps: z.int().positive(), from: instant, to: instant }).nullable().meta({
      description:
        'Steps about content that were recorded, and whose records retention or an erasure by law has removed since; when, at the widest.',
    }),
    revocations: z.array(accessChange),
    restorations: z.array(accessChange),
    recipients: z.array(
      z.strictObject({
        address,
        deliveryState,
        unwrapped: z.boolean().meta({ description: 'Got the message as it came, unencrypted.' }),
        revokedAt: instant.nullable().meta({ description: 'When the last revocation took effect that concerned this recipient.' }),
        restoredAt: instant.nullable().meta({ description: 'When that revocation was taken back.' }),
        before: z.array(observation),
        after: z.array(observation),
      }),
    ),
  })
  .meta({ id: 'ExposureReport' });
export type ExposureReport = z.infer<typeof exposureReport>;

/** How the report's page is to be written. */
export const exposureQuery = z.strictObject({
  zone: z
    .string()
    .max(64)
    .refine(isZone, { error: 'must be a time zone like Europe/Zurich' })
    .meta({ description: 'A time zone (IANA) in which the page writes times besides UTC. JSON has UTC alone.', example: 'Europe/Zurich' })
    .optional(),
});

function isZone(zone: string): boolean {
  try {
    // Offsets, which the standard takes as well, name no zone.
    return /^[A-Za-z]/.test(zone) && new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** Steps of a message that are no longer in the trail: what is missing is not what never happened. */
export const removedSteps = z.strictObject({ steps: z.int().positive(), from: instant, to: instant }).nullable().meta({
  description:
    'Steps that were recorded, and whose records retention or an erasure by law has removed since; when they happened, at the widest.',
});

/** Everything that is known of a message, in one reading. */
export const messageHistory = z
  .strictObject({
    message,
    trail: z
      .strictObject({
        items: z.array(auditEntry).meta({ description: 'The recorded steps, newest first.' }),
        verdicts: judgedTouches,
        more: z.boolean().meta({ description: 'There are earlier steps than these.' }),
        removed: removedSteps,
        indexedThrough: instant,
      })
      .nullable(),
    acts: z.array(adminRecord).nullable().meta({
      description:
        'Revocations, restorations, erasures, mails that were sent again and changes of expiry, and changes of the configuration since the message was accepted.',
    }),
    exposure: exposureReport.nullable().meta({ description: 'Null, too, where nobody is revoked.' }),
    holds: z
      .array(
        z.strictObject({
          ...legalHold.shape,
          keepsContent: z.boolean().meta({ description: 'False where it keeps steps of its time alone, or there is no content any more.' }),
        }),
      )
      .nullable()
      .meta({ description: 'Legal holds that keep its content or its steps. Wants `configuration:read`.' }),
  })
  .meta({ id: 'MessageHistory' });
export type MessageHistory = z.infer<typeof messageHistory>;

/** The envelope of a mail that is sent as the bytes it is. */
export const mailInQuery = z.strictObject({
  sender: givenAddress.optional(),
  recipient: repeated(givenAddress, recipientLimit).optional(),
});

/** A mail with its envelope. */
export const mailInJson = z.strictObject({
  sender: givenAddress,
  recipients: z.array(givenAddress).min(1).max(recipientLimit),
  raw: z.base64().min(1).meta({ description: 'The mail (RFC 5322) in base64.' }),
});

/** The message's id or Message-ID. Long enough for a Message-ID of 998 characters. */
export const messageParams = z.strictObject({
  message: z.string().min(1).max(1000).meta({ description: 'The message’s `id`, or its Message-ID with or without angle brackets.' }),
});

export const messageRoutes = {
  submitMessage: defineRoute({
    method: 'POST',
    path: '/v1/messages',
    summary: 'Submit a message',
    description:
      'Either the mail itself (`message/rfc822`) with the envelope in `sender` and `recipient`, or JSON. Answered when the message is stored encrypted and committed. The same request again under its `Idempotency-Key` answers the same.',
    tags,
    security: { apiKey: ['messages:write'] },
    query: mailInQuery,
    headers: z.object({ 'idempotency-key': z.string().min(1).max(200).optional() }),
    body: mailInJson,
    rawBody: 'message/rfc822',
    responses: { 202: acceptedMessage },
    problems: [
      'message_malformed',
      'mail_loop',
      'sender_not_allowed',
      'rejected_by_rule',
      'expiry_change_not_allowed',
      'idempotency_conflict',
      'message_closed',
      'body_too_large',
      'unsupported_media_type',
    ],
  }),
  listMessages: defineRoute({
    method: 'GET',
    path: '/v1/messages',
    summary: 'Search the messages, newest first',
    description: 'Searching by a state that tells of reading (`unopened`, `opened`, `unrecorded`) needs `audit:read` as well.',
    tags,
    security: { apiKey: ['messages:read'] },
    query: messageFilters,
    responses: { 200: messagePage },
    problems: [],
  }),
  getMessage: defineRoute({
    method: 'GET',
    path: '/v1/messages/{message}',
    summary: 'Read what became of a message',
    tags,
    security: { apiKey: ['messages:read'] },
    params: messageParams,
    responses: { 200: message },
    problems: ['not_found', 'message_id_ambiguous'],
  }),
  getMessageHistory: defineRoute({
    method: 'GET',
    path: '/v1/messages/{message}/history',
    summary: 'Read a message together with all that is on record about it',
    description:
      'What whoever asks may not read is null: the trail and the exposure report want `audit:read`, the acts `admin:read`, the holds `configuration:read`. It is one reading, and leaves one admin record.',
    tags,
    security: { apiKey: ['messages:read'] },
    params: messageParams,
    query: z.strictObject({
      before: givenTime.meta({ description: 'Only steps before this instant.' }).optional(),
      limit: pageSize(1000, 200),
    }),
    responses: { 200: messageHistory },
    problems: ['not_found', 'message_id_ambiguous'],
  }),
  changeMessage: defineRoute({
    method: 'PATCH',
    path: '/v1/messages/{message}',
    summary: 'Change when a message expires',
    description:
      'Once this has answered, no request that starts after the new time gets content; where it is put off, a message that had expired can be read again. The same time again changes nothing.',
    tags,
    security: { apiKey: ['messages:write'] },
    recentAuthentication: true,
    params: messageParams,
    body: expiryRequest,
    responses: { 200: message },
    problems: ['not_found', 'message_id_ambiguous', 'not_expirable'],
  }),
  revokeMessage: defineRoute({
    method: 'POST',
    path: '/v1/messages/{message}/revocation',
    summary: 'Revoke a message, or some of its recipients',
    description: 'Once this has answered, no request that starts later gets content. Revoking again changes nothing.',
    tags,
    security: { apiKey: ['messages:revoke'] },
    recentAuthentication: true,
    params: messageParams,
    body: revocationRequest,
    responses: { 200: changedMessages },
    problems: ['not_found', 'not_revocable'],
  }),
  restoreMessage: defineRoute({
    method: 'POST',
    path: '/v1/messages/{message}/restoration',
    summary: 'Take a revocation back, for all recipients or some of them',
    tags,
    security: { apiKey: ['messages:revoke'] },
    recentAuthentication: true,
    params: messageParams,
    body: revocationRequest,
    responses: { 200: changedMessages },
    problems: ['not_found', 'not_revocable'],
  }),
  resendMessage: defineRoute({
    method: 'POST',
    path: '/v1/messages/{message}/resend',
    summary: 'Send recipients the mail with their link again',
    description:
      'A new mail with the same link, five times an hour to a recipient at most. Whose mail still waits to be sent gets that one alone. With `not_resendable`, `errors` names every recipient who cannot get the message any more; nobody is sent anything then.',
    tags,
    security: { apiKey: ['messages:resend'] },
    params: messageParams,
    body: resendRequest,
    responses: { 200: message },
    problems: ['not_found', 'message_id_ambiguous', 'not_resendable'],
  }),
  getExposure: defineRoute({
    method: 'GET',
    path: '/v1/messages/{message}/exposure',
    summary: 'Report who had seen what when a revocation took effect',
    description: 'As JSON, or, with `Accept: text/html`, as a page for people, to be read and printed.',
    tags,
    security: { apiKey: ['audit:read'] },
    params: messageParams,
    query: exposureQuery,
    responses: { 200: exposureReport },
    page: true,
    problems: ['not_found', 'message_id_ambiguous'],
  }),
} as const;
