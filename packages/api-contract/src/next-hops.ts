import { nextHopTlsModes } from '@signet/domain/next-hop';
import { recordText } from '@signet/domain/audit/record-text';
import { z } from 'zod';
import { defineRoute } from './route.ts';

const tags = ['Next hops'] as const;
const security = { apiKey: ['configuration:write'] } as const;
const params = z.strictObject({ id: z.uuid() });

const domain = z
  .string()
  .max(255)
  .regex(/^(?:\*\.)?(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))+$/, {
    error: 'must be a domain name in lower case and in its ASCII form, as example.org, or *.example.org for the domains below it',
  })
  .nullable()
  .meta({
    description:
      'Whose recipients’ mail goes there: this very domain, or, with a leading `*.`, every domain below it. The nearest one counts. Null: every domain that no other next hop names.',
    example: 'acme.example',
  });
const tls = z.enum(nextHopTlsModes).meta({
  description:
    '`implicit`: TLS from the first byte. `required`: STARTTLS, or nothing is handed over. Both ask for a certificate of that name which a known authority vouches for. `opportunistic`: STARTTLS where it is offered, whoever answers; never with a user name.',
});
const port = z.int().min(1).max(65_535);
const host = recordText(253).trim().min(1).meta({
  description: 'A host name or an IP address: on the internet, or in a network that whoever runs Signet named in `NEXT_HOP_NETWORKS`.',
  example: 'smtp.example.net',
});
const username = recordText(320).min(1).nullable().meta({ description: 'Null: nobody signs in.' });
const password = recordText(500).min(1).meta({ description: 'Needed with a user name. It is kept encrypted and never shown again.' });

const nextHop = z
  .strictObject({ id: z.uuid(), domain: z.string().nullable(), host: z.string(), port, tls, username: z.string().nullable() })
  .meta({ id: 'NextHop', description: 'Its password is not shown; where there is a user name there is one.' });
export type NextHop = z.infer<typeof nextHop>;

const creation = z.strictObject({ domain, host, port, tls, username: username.default(null), password: password.optional() });

export const nextHopRoutes = {
  listNextHops: defineRoute({
    method: 'GET',
    path: '/v1/next-hops',
    summary: 'List the mail servers that the organization’s mail goes to, by domain',
    description: 'What none of them is for goes to the next hop of the installation.',
    tags,
    security: { apiKey: ['configuration:read'] },
    responses: { 200: z.strictObject({ items: z.array(nextHop) }) },
    problems: [],
  }),
  createNextHop: defineRoute({
    method: 'POST',
    path: '/v1/next-hops',
    summary: 'Send the organization’s mail to a mail server, all of it or that to a domain',
    description:
      'From the next mail on: mails with links to messages, notices, reports, samples, and what passes through. Passcodes and mails to members go by the installation’s next hop.',
    tags,
    security,
    recentAuthentication: true,
    body: creation,
    responses: { 201: nextHop },
    problems: ['name_taken', 'too_many'],
  }),
  changeNextHop: defineRoute({
    method: 'PATCH',
    path: '/v1/next-hops/{id}',
    summary: 'Change a next hop; what is left out stays, the password too',
    description: 'Where host, port or user name change, the password is needed again: it was for the server that was there.',
    tags,
    security,
    recentAuthentication: true,
    params,
    body: z.strictObject({ domain, host, port, tls, username, password }).partial(),
    responses: { 200: nextHop },
    problems: ['not_found', 'name_taken'],
  }),
  removeNextHop: defineRoute({
    method: 'DELETE',
    path: '/v1/next-hops/{id}',
    summary: 'Remove a next hop: its mail goes to the one for all others, or to the installation’s',
    tags,
    security,
    recentAuthentication: true,
    params,
    responses: { 204: 'empty' },
    problems: ['not_found'],
  }),
} as const;
