import { instant } from '@signet/domain/audit/entry';
import { recordText } from '@signet/domain/audit/record-text';
import { role } from '@signet/domain/role';
import { z } from 'zod';
import { visitorHeaders } from './portal-headers.ts';
import { defineRoute } from './route.ts';

const tags = ['Member sessions'] as const;

export const member = z
  .strictObject({
    id: z.uuid(),
    email: z.string().max(320),
    role,
    organizationId: z.uuid(),
    organizationName: z.string().max(200),
  })
  .meta({ id: 'Member' });
export type Member = z.infer<typeof member>;

export const sessionRoutes = {
  signIn: defineRoute({
    method: 'POST',
    path: '/v1/sessions',
    summary: 'Sign a member in',
    tags,
    security: 'portal',
    headers: visitorHeaders,
    body: z.strictObject({ email: recordText(320).trim().min(1), password: z.string().min(1).max(1000) }),
    responses: { 201: z.strictObject({ token: z.string().min(1).max(200), expiresAt: instant, member }) },
    problems: ['wrong_credentials', 'too_many_requests'],
  }),
  getCurrentSession: defineRoute({
    method: 'GET',
    path: '/v1/sessions/current',
    summary: 'Read who is signed in',
    tags,
    security: 'member',
    responses: { 200: z.strictObject({ expiresAt: instant, member }) },
    problems: [],
  }),
  signOut: defineRoute({
    method: 'DELETE',
    path: '/v1/sessions/current',
    summary: 'Sign the member out',
    tags,
    security: 'member',
    headers: visitorHeaders,
    responses: { 204: 'empty' },
    problems: [],
  }),
} as const;
