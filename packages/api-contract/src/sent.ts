import { instant } from '@signet/domain/audit/entry';
import { recordText } from '@signet/domain/audit/record-text';
import { isMailAddress } from '@signet/domain/mail-address';
import { unreadDays, type SenderNoticeKind } from '@signet/domain/sender-notice';
import { z } from 'zod';
import { auditEntryPage } from './audit-entries.ts';
import { cursor, givenTime, pageSize } from './fields.ts';
import {
  accessChange,
  changedMessages,
  expiryRequest,
  exposureQuery,
  exposureReport,
  message,
  messageFilters,
  messagePage,
  messageParams,
  removedSteps,
  revocationRequest,
} from './messages.ts';
import { browserHeaders, visitorHeaders } from './portal-headers.ts';
import { defineRoute } from './route.ts';

const tags = ['Sent messages'] as const;

const email = recordText(320).trim().refine(isMailAddress, { error: 'must be a mail address like alice@acme.example' });

/** Who is signed in to their sent messages. */
export const sender = z.strictObject({ address: z.string().max(320), organizationName: z.string().max(200) }).meta({ id: 'Sender' });
export type Sender = z.infer<typeof sender>;

/** Of each kind of notice yes or no. */
const ofEachKind = z.strictObject({
  accepted: z.boolean().meta({ description: 'A message of theirs is on its way.' }),
  firstOpening: z.boolean().meta({ description: 'A recipient has opened it for the first time.' }),
  unread: z.boolean().meta({ description: 'A recipient has not opened it after `unreadAfterDays`.' }),
  bounced: z.boolean().meta({ description: 'The mail to a recipient came back or was given up.' }),
  expiredUnread: z.boolean().meta({ description: 'It has expired, and a recipient had not opened it.' }),
  refusedAfterRevocation: z.boolean().meta({ description: 'A recipient whom it was taken back from tried to open it.' }),
} satisfies Record<SenderNoticeKind, z.ZodBoolean>);

/** What the organization tells its senders by mail, and what of it this one wants to be told. */
const senderNotices = z
  .strictObject({
    offered: ofEachKind.meta({ description: 'What the organization tells its senders.' }),
    wanted: ofEachKind.meta({ description: 'What the sender has not declined, offered or not.' }),
    unreadAfterDays: z.int().min(unreadDays.min).max(unreadDays.max).nullable(),
  })
  .meta({ id: 'SenderNotices' });

/**
 * What senders do, through the portal: sign in by a passcode to their own address, and follow and take back what they have
 * sent. A colleague's message is not there.
 */
export const sentRoutes = {
  requestSenderPasscode: defineRoute({
    method: 'POST',
    path: '/v1/sent/passcodes',
    summary: 'Send a one-time passcode to a sender',
    description:
      'The same answer for every address: mail goes out only where an organization sends for its domain. `browser` is to be kept by this browser alone, for as long as the passcode works.',
    tags,
    security: 'portal',
    headers: browserHeaders,
    body: z.strictObject({ email }),
    responses: {
      201: z.strictObject({
        reference: z.string(),
        expiresAt: instant,
        retryAfterSeconds: z.int().nonnegative().meta({ description: 'How long until another mail may be asked for.' }),
        browser: z.string().min(1).max(200),
      }),
    },
    problems: ['too_many_requests'],
  }),
  signInSender: defineRoute({
    method: 'POST',
    path: '/v1/sent/sessions',
    summary: 'Sign a sender in with a passcode',
    tags,
    security: 'portal',
    headers: browserHeaders,
    body: z.strictObject({ email, passcode: z.string().max(64) }),
    responses: { 201: z.strictObject({ token: z.string().min(1).max(200), expiresAt: instant, sender }) },
    problems: ['passcode_wrong', 'passcode_void', 'passcode_other_browser', 'too_many_requests'],
  }),
  getSenderSession: defineRoute({
    method: 'GET',
    path: '/v1/sent/sessions/current',
    summary: 'Read which sender is signed in',
    tags,
    security: 'sender',
    responses: { 200: z.strictObject({ expiresAt: instant, sender }) },
    problems: [],
  }),
  signOutSender: defineRoute({
    method: 'DELETE',
    path: '/v1/sent/sessions/current',
    summary: 'Sign the sender out',
    tags,
    security: 'sender',
    headers: visitorHeaders,
    responses: { 204: 'empty' },
    problems: [],
  }),
  getSenderNotices: defineRoute({
    method: 'GET',
    path: '/v1/sent/notices',
    summary: 'Read what the sender is told by mail',
    tags,
    security: 'sender',
    responses: { 200: senderNotices },
    problems: [],
  }),
  changeSenderNotices: defineRoute({
    method: 'PATCH',
    path: '/v1/sent/notices',
    summary: 'Decline notices, or want them again',
    description:
      'Kinds left out stay as they are; every change leaves an admin record. Only what the organization tells its senders can be wanted.',
    tags,
    security: 'sender',
    body: ofEachKind.partial(),
    responses: { 200: senderNotices },
    problems: [],
  }),
  listSentMessages: defineRoute({
    method: 'GET',
    path: '/v1/sent/messages',
    summary: 'Search the sender’s own messages, newest first',
    tags,
    security: 'sender',
    query: messageFilters.omit({ sender: true }),
    responses: { 200: messagePage },
    problems: [],
  }),
  getSentMessage: defineRoute({
    method: 'GET',
    path: '/v1/sent/messages/{message}',
    summary: 'Read what became of an own message',
    tags,
    security: 'sender',
    params: messageParams,
    responses: { 200: message },
    problems: ['not_found', 'message_id_ambiguous'],
  }),
  getSentTimeline: defineRoute({
    method: 'GET',
    path: '/v1/sent/messages/{message}/timeline',
    summary: 'Read the recorded steps of an own message, newest first',
    description:
      'Without the network addresses and programs of those who read. Revocations and restorations are all there, those of a time in which nothing was recorded too.',
    tags,
    security: 'sender',
    params: messageParams,
    query: z.strictObject({ to: givenTime.optional(), limit: pageSize(500, 100), cursor: cursor.optional() }),
    responses: {
      200: auditEntryPage.extend({ revocations: z.array(accessChange), restorations: z.array(accessChange), removed: removedSteps }),
    },
    problems: ['not_found', 'message_id_ambiguous'],
  }),
  changeSentMessage: defineRoute({
    method: 'PATCH',
    path: '/v1/sent/messages/{message}',
    summary: 'Change when an own message expires',
    description:
      'As far as the organization lets its senders (`sendersMayChangeExpiry`). An expiry that the organization has set is not put off.',
    tags,
    security: 'sender',
    params: messageParams,
    body: expiryRequest,
    responses: { 200: message },
    problems: ['not_found', 'message_id_ambiguous', 'not_expirable', 'expiry_change_not_allowed'],
  }),
  revokeSentMessage: defineRoute({
    method: 'POST',
    path: '/v1/sent/messages/{message}/revocation',
    summary: 'Revoke an own message, or some of its recipients',
    tags,
    security: 'sender',
    params: messageParams,
    body: revocationRequest,
    responses: { 200: changedMessages },
    problems: ['not_found', 'not_revocable'],
  }),
  restoreSentMessage: defineRoute({
    method: 'POST',
    path: '/v1/sent/messages/{message}/restoration',
    summary: 'Take a revocation of an own message back, for all recipients or some of them',
    description: 'Recipients whom the organization has revoked stay revoked.',
    tags,
    security: 'sender',
    params: messageParams,
    body: revocationRequest,
    responses: { 200: changedMessages },
    problems: ['not_found', 'not_revocable', 'revoked_by_organization'],
  }),
  getSentExposure: defineRoute({
    method: 'GET',
    path: '/v1/sent/messages/{message}/exposure',
    summary: 'Report who had seen what of an own message when a revocation took effect',
    description: 'As JSON, or, with `Accept: text/html`, as a page. Without the network addresses and programs of those who read.',
    tags,
    security: 'sender',
    params: messageParams,
    query: exposureQuery,
    responses: { 200: exposureReport },
    page: true,
    problems: ['not_found', 'message_id_ambiguous'],
  }),
} as const;
