import { instant } from '@signet/domain/audit/entry';
import { z } from 'zod';
import { givenName } from './fields.ts';
import { defineRoute } from './route.ts';

const tags = ['SMTP credentials'] as const;

export const smtpCredential = z
  .strictObject({
    id: z.uuid(),
    name: z.string().min(1).max(100),
    username: z.string().max(200),
    createdAt: instant,
    createdBy: z.string().max(400).nullable().meta({ description: 'Who made it, in words; null where that was not kept.' }),
    lastUsedAt: instant.nullable(),
    revokedAt: instant.nullable(),
  })
  .meta({ id: 'SmtpCredential' });
export type SmtpCredential = z.infer<typeof smtpCredential>;

const createdSmtpCredential = smtpCredential.extend({
  password: z.string().meta({ description: 'The password itself, shown this once.' }),
});

export const smtpCredentialRoutes = {
  listSmtpCredentials: defineRoute({
    method: 'GET',
    path: '/v1/smtp-credentials',
    summary: 'List the SMTP credentials, without their passwords',
    tags,
    security: { apiKey: ['configuration:read'] },
    responses: { 200: z.strictObject({ items: z.array(smtpCredential) }) },
    problems: [],
  }),
  createSmtpCredential: defineRoute({
    method: 'POST',
    path: '/v1/smtp-credentials',
    summary: 'Create an SMTP credential; its password is shown once',
    tags,
    security: { apiKey: ['configuration:write'] },
    recentAuthentication: true,
    body: z.strictObject({ name: givenName }),
    responses: { 201: createdSmtpCredential },
    problems: [],
  }),
  revokeSmtpCredential: defineRoute({
    method: 'DELETE',
    path: '/v1/smtp-credentials/{id}',
    summary: 'Revoke an SMTP credential',
    tags,
    security: { apiKey: ['configuration:write'] },
    recentAuthentication: true,
    params: z.strictObject({ id: z.uuid() }),
    responses: { 204: 'empty' },
    problems: ['not_found'],
  }),
} as const;
