import { recordText } from '@signet/domain/audit/record-text';
import { z } from 'zod';
import { givenAddress } from './fields.ts';
import { defineRoute } from './route.ts';

const tags = ['Sender groups'] as const;

/** Addresses of a group at most. */
export const GROUP_SIZE = 5_000;

export const senderAddresses = z.array(givenAddress).max(GROUP_SIZE);

const senderGroup = z
  .strictObject({
    name: z.string(),
    addresses: z.array(z.string()).meta({ description: 'In lower case, in their order.' }),
    revision: z.string().meta({ description: 'Stands for these addresses: another one where they are others.' }),
  })
  .meta({ id: 'SenderGroup' });
export type SenderGroup = z.infer<typeof senderGroup>;

const params = z.strictObject({ name: recordText(100).regex(/\S/u, 'must not be empty') });

export const senderGroupRoutes = {
  listSenderGroups: defineRoute({
    method: 'GET',
    path: '/v1/sender-groups',
    summary: 'List the sender groups, without their addresses',
    tags,
    security: { apiKey: ['configuration:read'] },
    responses: { 200: z.strictObject({ items: z.array(z.strictObject({ name: z.string(), addressCount: z.int().nonnegative() })) }) },
    problems: [],
  }),
  getSenderGroup: defineRoute({
    method: 'GET',
    path: '/v1/sender-groups/{name}',
    summary: 'Read a sender group',
    tags,
    security: { apiKey: ['configuration:read'] },
    params,
    responses: { 200: senderGroup },
    problems: ['not_found'],
  }),
  putSenderGroup: defineRoute({
    method: 'PUT',
    path: '/v1/sender-groups/{name}',
    summary: 'Make a sender group, or give it other addresses',
    description:
      'As JSON, or as CSV (RFC 4180, UTF-8): the column `address`, `email` or `PrimarySmtpAddress` where the first line is a header, otherwise the first column. The list takes the place of the one before. With `If-Match` a group that somebody else has changed in the meantime stays as it is, with `If-None-Match: *` one that is there already: 412.',
    tags,
    security: { apiKey: ['configuration:write'] },
    recentAuthentication: true,
    params,
    headers: z.object({
      'if-match': z.string().max(100).optional().meta({ description: 'The `revision` of the addresses that are replaced.' }),
      'if-none-match': z.literal('*').optional().meta({ description: 'The group is to be a new one.' }),
    }),
    body: z.strictObject({ addresses: senderAddresses }),
    rawBody: 'text/csv',
    responses: { 200: senderGroup },
    problems: ['changed_meanwhile'],
  }),
  removeSenderGroup: defineRoute({
    method: 'DELETE',
    path: '/v1/sender-groups/{name}',
    summary: 'Remove a sender group that no rule uses',
    tags,
    security: { apiKey: ['configuration:write'] },
    recentAuthentication: true,
    params,
    responses: { 204: 'empty' },
    problems: ['not_found', 'in_use'],
  }),
} as const;
