import { instant } from '@signet/domain/audit/entry';
import { recordText } from '@signet/domain/audit/record-text';
import { submissionTrustKinds } from '@signet/domain/submission-trust';
import { z } from 'zod';
import { givenName } from './fields.ts';
import { defineRoute } from './route.ts';

const tags = ['Submission trusts'] as const;

const submissionTrust = z
  .strictObject({
    id: z.uuid(),
    name: z.string().min(1).max(100),
    kind: z.enum(submissionTrustKinds),
    value: z.string().max(253).meta({ description: 'A network (CIDR); a host name in the certificate, or its SHA-256 fingerprint.' }),
    requiredHeader: z
      .string()
      .nullable()
      .meta({ description: 'Name of the field that each message must carry, in lower case. Its value is not shown again.' }),
    createdAt: instant,
    createdBy: z.string().max(400).nullable().meta({ description: 'Who made it, in words; null where that was not kept.' }),
    lastUsedAt: instant.nullable(),
    revokedAt: instant.nullable(),
  })
  .meta({ id: 'SubmissionTrust' });
export type SubmissionTrust = z.infer<typeof submissionTrust>;

const requiredHeader = z.strictObject({
  name: z
    .string()
    .max(100)
    .regex(/^[!-9;-~]+$/, { error: 'must be the name of a header field: ASCII without spaces or colons' })
    .meta({ example: 'X-MS-Exchange-CrossTenant-Id' }),
  value: recordText(500).trim().min(1),
});

const creation = z.strictObject({
  name: givenName,
  kind: z.enum(submissionTrustKinds),
  value: recordText(253).trim().min(1).meta({
    description:
      'A network, as `192.0.2.0/24` or `2001:db8::/32`, /8 and /32 at the widest; or a host name that the certificate carries (DNS name of its SAN), or the SHA-256 fingerprint of the one certificate.',
  }),
  requiredHeader: requiredHeader.optional().meta({
    description:
      'A field that each message must carry, with this very value. The networks and certificates of large providers serve all their customers.',
  }),
});
export type SubmissionTrustCreation = z.infer<typeof creation>;

export const submissionTrustRoutes = {
  listSubmissionTrusts: defineRoute({
    method: 'GET',
    path: '/v1/submission-trusts',
    summary: 'List the mail systems that may hand mail in without signing in',
    tags,
    security: { apiKey: ['configuration:read'] },
    responses: { 200: z.strictObject({ items: z.array(submissionTrust) }) },
    problems: [],
  }),
  createSubmissionTrust: defineRoute({
    method: 'POST',
    path: '/v1/submission-trusts',
    summary: 'Let a mail system hand mail in without signing in',
    description:
      'By the network that it comes from or by its client certificate, over TLS, for senders of the organization’s domains alone.',
    tags,
    security: { apiKey: ['configuration:write'] },
    recentAuthentication: true,
    body: creation,
    responses: { 201: submissionTrust },
    problems: ['trust_exists'],
  }),
  revokeSubmissionTrust: defineRoute({
    method: 'DELETE',
    path: '/v1/submission-trusts/{id}',
    summary: 'Revoke the trust in a mail system',
    tags,
    security: { apiKey: ['configuration:write'] },
    recentAuthentication: true,
    params: z.strictObject({ id: z.uuid() }),
    responses: { 204: 'empty' },
    problems: ['not_found'],
  }),
} as const;
