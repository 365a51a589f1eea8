import { instant } from '@signet/domain/audit/entry';
import { memberStates } from '@signet/domain/member';
import { role } from '@signet/domain/role';
import { z } from 'zod';
import { givenAddress } from './fields.ts';
import { defineRoute } from './route.ts';
import { memberSession } from './sessions.ts';

const tags = ['Members'] as const;
const security = { apiKey: ['members:write'] } as const;
const params = z.strictObject({ id: z.uuid() });

/** A member as admins see one. */
export const organizationMember = z
  .strictObject({
    id: z.uuid(),
    email: z.string().max(320),
    role,
    state: z.enum(memberStates),
    createdAt: instant,
    lastSignInAt: instant.nullable(),
    invitationExpiresAt: instant.nullable().meta({ description: 'Null unless invited; in the past where the link is over.' }),
    secondFactors: z.strictObject({ totp: z.boolean(), passkeys: z.int().nonnegative() }),
  })
  .meta({ id: 'OrganizationMember' });
export type OrganizationMember = z.infer<typeof organizationMember>;

export const memberRoutes = {
  listMembers: defineRoute({
    method: 'GET',
    path: '/v1/members',
    summary: 'List the members, by address',
    tags,
    security,
    responses: { 200: z.strictObject({ items: z.array(organizationMember) }) },
    problems: [],
  }),
  inviteMember: defineRoute({
    method: 'POST',
    path: '/v1/members',
    summary: 'Invite somebody by mail',
    description:
      'The address must be of one of the organization’s domains. The mail’s link is good once, for seven days. Nobody can give a role that may more than they may themselves.',
    tags,
    security,
    recentAuthentication: true,
    body: z.strictObject({ email: givenAddress, role }),
    responses: { 201: organizationMember },
    problems: ['member_exists'],
  }),
  resendInvitation: defineRoute({
    method: 'POST',
    path: '/v1/members/{id}/invitation',
    summary: 'Send an invitation again; the link before is void',
    tags,
    security,
    recentAuthentication: true,
    params,
    responses: { 200: organizationMember },
    problems: ['not_found', 'member_active', 'member_disabled', 'too_many_requests'],
  }),
  changeMember: defineRoute({
    method: 'PATCH',
    path: '/v1/members/{id}',
    summary: 'Change a member’s role, or keep them out for now',
    description:
      'A changed role counts at once, in sessions that are open too; being disabled ends them. Nobody can give a role that may more than they may themselves.',
    tags,
    security,
    recentAuthentication: true,
    params,
    body: z.strictObject({ role: role.optional(), disabled: z.boolean().optional() }),
    responses: { 200: organizationMember },
    problems: ['not_found', 'last_admin'],
  }),
  removeMember: defineRoute({
    method: 'DELETE',
    path: '/v1/members/{id}',
    summary: 'Remove a member, with all that opened the organization to them',
    description: 'Their sessions end at once. What they did stays on record.',
    tags,
    security,
    recentAuthentication: true,
    params,
    responses: { 204: 'empty' },
    problems: ['not_found', 'last_admin'],
  }),
  sendPasswordReset: defineRoute({
    method: 'POST',
    path: '/v1/members/{id}/password-reset',
    summary: 'Send a member a link to choose another password',
    description: 'Good once, for an hour. The password of now stays good until then, and a second factor is asked for as before.',
    tags,
    security,
    recentAuthentication: true,
    params,
    responses: { 204: 'empty' },
    problems: ['not_found', 'member_invited', 'member_disabled', 'too_many_requests'],
  }),
  resetSecondFactors: defineRoute({
    method: 'POST',
    path: '/v1/members/{id}/second-factor-reset',
    summary: 'Remove a member’s authenticator app, passkeys and recovery codes',
    description: 'For somebody who has lost them all: make sure who asks. Their sessions end at once, and they are told by mail.',
    tags,
    security,
    recentAuthentication: true,
    params,
    responses: { 204: 'empty' },
    problems: ['not_found', 'second_factor_missing'],
  }),
  listMemberSessions: defineRoute({
    method: 'GET',
    path: '/v1/members/{id}/sessions',
    summary: 'List a member’s sessions, the one seen last first',
    tags,
    security,
    params,
    responses: { 200: z.strictObject({ items: z.array(memberSession) }) },
    problems: ['not_found'],
  }),
  endMemberSessions: defineRoute({
    method: 'DELETE',
    path: '/v1/members/{id}/sessions',
    summary: 'End all of a member’s sessions',
    tags,
    security,
    recentAuthentication: true,
    params,
    responses: { 200: z.strictObject({ ended: z.int().nonnegative() }) },
    problems: ['not_found'],
  }),
  endMemberSession: defineRoute({
    method: 'DELETE',
    path: '/v1/members/{id}/sessions/{session}',
    summary: 'End one of a member’s sessions',
    tags,
    security,
    recentAuthentication: true,
    params: z.strictObject({ id: z.uuid(), session: z.uuid() }),
    responses: { 204: 'empty' },
    problems: ['not_found'],
  }),
} as const;
