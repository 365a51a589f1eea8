import { instant } from '@signet/domain/audit/entry';
import { presses } from '@signet/domain/audit/touch-signals';
import { z } from 'zod';
import { portalHeader, recipientHeaders } from './portal-headers.ts';
import { defineRoute } from './route.ts';

const tags = ['Recipient'] as const;

/** A malformed token is simply unknown, hence no pattern: both answer the same 404. */
const linkParams = z.strictObject({ token: z.string().min(1) });
const partParams = linkParams.extend({ index: z.coerce.number<number>().int().min(0).max(100_000) });
const accessQuery = z.strictObject({ access: z.uuid().meta({ description: 'Id of the opening; it means nothing without the session.' }) });
const rangeHeaders = recipientHeaders.extend({ range: z.string().max(200).optional(), 'if-range': z.string().max(200).optional() });

/** How a message's pages look, as sent and in the reader's language; null means the default wording. */
export const branding = z
  .strictObject({
    organizationName: z.string().max(200),
    backgroundColor: z.string().max(64).nullable(),
    portalText: z.string().nullable(),
    disclaimerText: z.string().nullable(),
    footerText: z.string().nullable(),
    privacyStatementUrl: z.string().nullable(),
    logo: z
      .strictObject({ width: z.int().positive(), height: z.int().positive() })
      .nullable()
      .meta({ description: 'Its size in CSS pixels; null: the organization’s name stands in its place.' }),
  })
  .meta({ id: 'Branding' });
export type Branding = z.infer<typeof branding>;

export const linkState = z.enum(['open', 'revoked', 'expired', 'not_available']);
export type LinkState = z.infer<typeof linkState>;

/** What the holder of a link may know before they have proved to own the address: no subject, no content. */
export const link = z
  .strictObject({
    state: linkState,
    branding,
    senderName: z.string().nullable(),
    senderAddress: z.string(),
    recipientMasked: z.string().meta({ example: 'b•••@ex•••.net' }),
    expiresAt: instant.nullable(),
    tracked: z.boolean().meta({ description: 'Whether the organization sees when the message is opened.' }),
    methods: z.array(z.enum(['OTP'])),
    signedIn: z.boolean(),
    pendingPasscode: z
      .strictObject({ reference: z.string(), expiresAt: instant, triesLeft: z.int().nonnegative() })
      .nullable()
      .meta({ description: 'The passcode that was asked for in this browser and still works.' }),
  })
  .meta({ id: 'Link' });
export type Link = z.infer<typeof link>;

export const openedMessage = z
  .strictObject({
    subject: z.string().nullable(),
    sender: z.string(),
    from: z.string().nullable().meta({ description: 'The From header, which is content.' }),
    to: z.array(z.string()),
    cc: z.array(z.string()),
    date: instant.nullable(),
    expiresAt: instant.nullable(),
    forwardingAllowed: z.boolean(),
    attachments: z.array(
      z.strictObject({ index: z.int().nonnegative(), name: z.string(), contentType: z.string(), size: z.int().nonnegative() }),
    ),
    hasHtml: z.boolean(),
    originalOnly: z.boolean().meta({ description: 'The message cannot be shown part by part: it is offered as the original file.' }),
  })
  .meta({ id: 'OpenedMessage' });
export type OpenedMessage = z.infer<typeof openedMessage>;

/** What stands against content on every route that gives it. */
const contentProblems = ['not_found', 'message_revoked', 'message_expired', 'sign_in_method_not_allowed'] as const;

/** What a visitor's program says of its request. Longer ones are cut, not refused. */
function signal(characters: number) {
  return z.string().transform((said) => said.slice(0, characters));
}

const acceptLanguage = z
  .string()
  .transform((wanted) => wanted.slice(0, 1000))
  .optional();

export const recipientRoutes = {
  getLink: defineRoute({
    method: 'GET',
    path: '/v1/links/{token}',
    summary: 'Read what may be shown before sign-in',
    description: 'Leaves a LinkTouch on a tracked message. It is no reading, uses up nothing and signs nobody in.',
    tags,
    security: 'portal',
    params: linkParams,
    headers: recipientHeaders.extend({
      [portalHeader.visitorMethod]: z.enum(['GET', 'HEAD', 'POST']).optional(),
      [portalHeader.visitorFetch]: signal(200).optional(),
      [portalHeader.visitorPurpose]: signal(100).optional(),
      'accept-language': acceptLanguage.meta({ description: 'As the visitor’s browser says it: chooses the texts of the brand.' }),
    }),
    responses: { 200: link },
    problems: ['not_found'],
  }),
  getLogo: defineRoute({
    method: 'GET',
    path: '/v1/links/{token}/logo',
    summary: 'Get the logo that the message was sent with',
    description: 'As before sign-in. Leaves nothing, and says nothing of the message’s state.',
    tags,
    security: 'portal',
    params: linkParams,
    headers: recipientHeaders,
    responses: { 200: 'stream' },
    problems: ['not_found'],
  }),
  requestPasscode: defineRoute({
    method: 'POST',
    path: '/v1/links/{token}/passcodes',
    summary: 'Send a one-time passcode to the recipient',
    description:
      'Asking again in another browser voids nothing. `browser` is to be kept by this browser alone, for as long as the passcode works.',
    tags,
    security: 'portal',
    params: linkParams,
    headers: recipientHeaders.extend({
      'accept-language': acceptLanguage.meta({ description: 'As the visitor’s browser says it: chooses the language of the mail.' }),
      [portalHeader.visitorPress]: z.enum(presses).optional().catch(undefined),
    }),
    responses: {
      201: z.strictObject({
        reference: z.string(),
        expiresAt: instant,
        retryAfterSeconds: z.int().nonnegative().meta({ description: 'How long until another mail may be asked for.' }),
        browser: z.string().min(1).max(200),
      }),
    },
    problems: ['not_found', 'message_revoked', 'message_expired', 'sign_in_method_not_allowed', 'too_many_requests'],
  }),
  signInRecipient: defineRoute({
    method: 'POST',
    path: '/v1/links/{token}/session',
    summary: 'Sign the recipient in with a passcode',
    tags,
    security: 'portal',
    params: linkParams,
    headers: recipientHeaders,
    body: z.strictObject({
      // People copy codes with the spaces around and in them.
      passcode: z
        .string()
        .max(64)
        .transform((text) => text.replaceAll(/\s/g, '')),
    }),
    responses: { 201: z.strictObject({ token: z.string().min(1).max(200), expiresAt: instant }) },
    problems: [
      'not_found',
      'message_revoked',
      'message_expired',
      'sign_in_method_not_allowed',
      'passcode_wrong',
      'passcode_void',
      'passcode_other_browser',
      'too_many_requests',
    ],
  }),
  signOutRecipient: defineRoute({
    method: 'DELETE',
    path: '/v1/links/{token}/session',
    summary: 'Sign the recipient out; downloads in flight end',
    description: 'Answers the same where nobody is signed in: there is nothing to end, which is as good.',
    tags,
    security: 'portal',
    params: linkParams,
    headers: recipientHeaders,
    responses: { 204: 'empty' },
    problems: ['not_found'],
  }),
  openMessage: defineRoute({
    method: 'POST',
    path: '/v1/links/{token}/access',
    summary: 'Open the message deliberately',
    description: 'Leaves one MessageAccess on a tracked message. The access id lets body and inline images through for 15 minutes.',
    tags,
    security: 'recipient',
    params: linkParams,
    headers: recipientHeaders,
    responses: { 201: z.strictObject({ accessId: z.uuid(), expiresAt: instant, message: openedMessage }) },
    problems: contentProblems,
  }),
  getBody: defineRoute({
    method: 'GET',
    path: '/v1/links/{token}/body',
    summary: 'Get the sanitised body as a page of its own',
    description: 'Carries its own Content-Security-Policy: no script, nothing remote.',
    tags,
    security: 'recipient',
    params: linkParams,
    query: accessQuery,
    headers: recipientHeaders,
    responses: { 200: 'html' },
    problems: contentProblems,
  }),
  getInlineImage: defineRoute({
    method: 'GET',
    path: '/v1/links/{token}/inline/{index}',
    summary: 'Get an image of the body',
    tags,
    security: 'recipient',
    params: partParams,
    query: accessQuery,
    headers: recipientHeaders,
    responses: { 200: 'stream' },
    problems: contentProblems,
  }),
  downloadAttachment: defineRoute({
    method: 'GET',
    path: '/v1/links/{token}/attachments/{index}',
    summary: 'Download an attachment, whole or a range of it',
    tags,
    security: 'recipient',
    params: partParams,
    headers: rangeHeaders,
    responses: { 200: 'stream', 206: 'stream' },
    problems: [...contentProblems, 'range_not_satisfiable'],
  }),
  downloadOriginal: defineRoute({
    method: 'GET',
    path: '/v1/links/{token}/original',
    summary: 'Download the original message file',
    tags,
    security: 'recipient',
    params: linkParams,
    headers: rangeHeaders,
    responses: { 200: 'stream', 206: 'stream' },
    problems: [...contentProblems, 'forbidden', 'range_not_satisfiable'],
  }),
} as const;
