import { instant } from '@signet/domain/audit/entry';
import { recordText } from '@signet/domain/audit/record-text';
import { role } from '@signet/domain/role';
import { z } from 'zod';
import { newPassword } from './account.ts';
import { visitorHeaders } from './portal-headers.ts';
import { defineRoute } from './route.ts';
import { openedSession } from './sessions.ts';

const tags = ['Member links'] as const;

/** The last part of the link that was mailed. In bodies alone: paths end up in logs. */
const token = z.string().min(1).max(200);

/** What the links of invitations and password resets lead to. Looking changes nothing; using one is for once. */
export const memberLinkRoutes = {
  findInvitation: defineRoute({
    method: 'POST',
    path: '/v1/invitations/lookup',
    summary: 'Read what an invitation’s link is for',
    tags,
    security: 'portal',
    headers: visitorHeaders,
    body: z.strictObject({ token }),
    responses: {
      200: z.strictObject({ organizationName: z.string().max(200), email: z.string().max(320), role, expiresAt: instant }),
    },
    problems: ['link_void', 'too_many_requests'],
  }),
  acceptInvitation: defineRoute({
    method: 'POST',
    path: '/v1/invitations/acceptance',
    summary: 'Accept an invitation with a chosen password, and be signed in',
    tags,
    security: 'portal',
    headers: visitorHeaders,
    body: z.strictObject({ token, password: newPassword }),
    responses: { 201: openedSession },
    problems: ['link_void', 'too_many_requests'],
  }),
  requestPasswordReset: defineRoute({
    method: 'POST',
    path: '/v1/password-resets',
    summary: 'Ask for a link to choose another password',
    description: 'Answers the same, in the same time, whether there is a member with this address or not.',
    tags,
    security: 'portal',
    headers: visitorHeaders,
    body: z.strictObject({ email: recordText(320).trim().min(1) }),
    responses: { 204: 'empty' },
    problems: ['too_many_requests'],
  }),
  findPasswordReset: defineRoute({
    method: 'POST',
    path: '/v1/password-resets/lookup',
    summary: 'Read whom a password reset’s link is for',
    tags,
    security: 'portal',
    headers: visitorHeaders,
    body: z.strictObject({ token }),
    responses: { 200: z.strictObject({ organizationName: z.string().max(200), email: z.string().max(320), expiresAt: instant }) },
    problems: ['link_void', 'too_many_requests'],
  }),
  completePasswordReset: defineRoute({
    method: 'POST',
    path: '/v1/password-resets/completion',
    summary: 'Choose another password by the link that was mailed',
    description: 'Ends all of the member’s sessions. Signing in follows, with the second factor where there is one.',
    tags,
    security: 'portal',
    headers: visitorHeaders,
    body: z.strictObject({ token, password: newPassword }),
    responses: { 204: 'empty' },
    problems: ['link_void', 'too_many_requests'],
  }),
} as const;
