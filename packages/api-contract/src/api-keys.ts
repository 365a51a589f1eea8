import { instant } from '@signet/domain/audit/entry';
import { permission } from '@signet/domain/role';
import { z } from 'zod';
import { givenName } from './fields.ts';
import { defineRoute } from './route.ts';

const tags = ['API keys'] as const;

export const apiKey = z
  .strictObject({
    id: z.uuid(),
    name: z.string().min(1).max(100),
    /** Enough of the key to recognise it by, far too little to use it. */
    hint: z.string().max(16),
    scopes: z.array(permission),
    createdAt: instant,
    createdBy: z.string().max(400).nullable().meta({ description: 'Who made it, in words; null where that was not kept.' }),
    lastUsedAt: instant.nullable(),
    revokedAt: instant.nullable(),
  })
  .meta({ id: 'ApiKey' });
export type ApiKey = z.infer<typeof apiKey>;

const createdApiKey = apiKey.extend({ secret: z.string().meta({ description: 'The key itself, shown this once.' }) });

export const apiKeyRoutes = {
  listApiKeys: defineRoute({
    method: 'GET',
    path: '/v1/api-keys',
    summary: 'List the API keys, without their secrets',
    tags,
    security: { apiKey: ['members:write'] },
    responses: { 200: z.strictObject({ items: z.array(apiKey) }) },
    problems: [],
  }),
  createApiKey: defineRoute({
    method: 'POST',
    path: '/v1/api-keys',
    summary: 'Create an API key; its secret is shown once',
    description:
      'Nobody can give a scope that they do not have themselves. Where one of two keys has `audit:write`, they cannot have the same name, whatever its case: it is the `source` of the entries that a key adds. So it stays when a key is revoked.',
    tags,
    security: { apiKey: ['members:write'] },
    recentAuthentication: true,
    body: z.strictObject({
      name: givenName,
      scopes: z.array(permission).min(1).max(permission.options.length),
    }),
    responses: { 201: createdApiKey },
    problems: ['name_taken'],
  }),
  revokeApiKey: defineRoute({
    method: 'DELETE',
    path: '/v1/api-keys/{id}',
    summary: 'Revoke an API key',
    tags,
    security: { apiKey: ['members:write'] },
    recentAuthentication: true,
    params: z.strictObject({ id: z.uuid() }),
    responses: { 204: 'empty' },
    problems: ['not_found'],
  }),
} as const;
