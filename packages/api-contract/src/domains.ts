import { instant } from '@signet/domain/audit/entry';
import { z } from 'zod';
import { domainName } from './configuration.ts';
import { defineRoute } from './route.ts';

const tags = ['Domains'] as const;
const security = { apiKey: ['configuration:write'] } as const;
const params = z.strictObject({ domain: domainName });
const keyParams = params.extend({ id: z.uuid() });

const dnsRecord = z
  .strictObject({ type: z.literal('TXT'), name: z.string(), value: z.string() })
  .meta({ id: 'DnsRecord', description: 'A record that the domain’s DNS has to have.' });

const dkimKey = z
  .strictObject({
    id: z.uuid(),
    selector: z.string(),
    createdAt: instant,
    active: z.boolean().meta({ description: 'Whether it signs the domain’s mails now; of a domain’s keys one at most does.' }),
    record: dnsRecord,
  })
  .meta({ id: 'DkimKey' });

export const organizationDomain = z
  .strictObject({
    domain: z.string(),
    verifiedAt: instant.nullable().meta({ description: 'Since when it counts as the organization’s; null until the DNS proves it.' }),
    challenge: dnsRecord.nullable().meta({ description: 'What proves the domain, until it is proved.' }),
    dkimKeys: z.array(dkimKey),
  })
  .meta({ id: 'OrganizationDomain' });
export type OrganizationDomain = z.infer<typeof organizationDomain>;

export const domainRoutes = {
  listDomains: defineRoute({
    method: 'GET',
    path: '/v1/domains',
    summary: 'List the organization’s domains, and those it has yet to prove, by name',
    tags,
    security: { apiKey: ['configuration:read'] },
    responses: { 200: z.strictObject({ items: z.array(organizationDomain) }) },
    problems: [],
  }),
  claimDomain: defineRoute({
    method: 'POST',
    path: '/v1/domains',
    summary: 'Add a domain; it counts once the DNS proves it',
    tags,
    security,
    recentAuthentication: true,
    body: z.strictObject({ domain: domainName }),
    responses: { 201: organizationDomain },
    problems: ['name_taken', 'too_many'],
  }),
  verifyDomain: defineRoute({
    method: 'POST',
    path: '/v1/domains/{domain}/verification',
    summary: 'Look whether the DNS proves a domain; from then on its addresses may send',
    tags,
    security,
    recentAuthentication: true,
    params,
    responses: { 200: organizationDomain },
    problems: ['not_found', 'domain_not_proved', 'domain_taken'],
  }),
  removeDomain: defineRoute({
    method: 'DELETE',
    path: '/v1/domains/{domain}',
    summary: 'Remove a domain: its addresses cannot send any more',
    description: 'Messages that were sent stay as they are, and their recipients read on.',
    tags,
    security,
    recentAuthentication: true,
    params,
    responses: { 204: 'empty' },
    problems: ['not_found', 'domain_needed'],
  }),
  createDkimKey: defineRoute({
    method: 'POST',
    path: '/v1/domains/{domain}/dkim-keys',
    summary: 'Make a key that can sign a domain’s mails (DKIM)',
    description: 'It signs nothing until its record is in the DNS and it is activated. The private key never leaves Signet.',
    tags,
    security,
    recentAuthentication: true,
    params,
    responses: { 201: dkimKey },
    problems: ['not_found', 'too_many'],
  }),
  activateDkimKey: defineRoute({
    method: 'POST',
    path: '/v1/domains/{domain}/dkim-keys/{id}/activation',
    summary: 'Sign a domain’s mails with a key from now on, once the DNS has its record',
    tags,
    security,
    recentAuthentication: true,
    params: keyParams,
    responses: { 200: organizationDomain },
    problems: ['not_found', 'dkim_not_published'],
  }),
  removeDkimKey: defineRoute({
    method: 'DELETE',
    path: '/v1/domains/{domain}/dkim-keys/{id}',
    summary: 'Remove a key; where it was the active one, mails are not signed any more',
    tags,
    security,
    recentAuthentication: true,
    params: keyParams,
    responses: { 204: 'empty' },
    problems: ['not_found'],
  }),
} as const;
