import { instant } from '@signet/domain/audit/entry';
import { recordText } from '@signet/domain/audit/record-text';
import { SYSLOG_MESSAGE } from '@signet/domain/syslog';
import { z } from 'zod';
import { givenName, givenTime } from './fields.ts';
import { defineRoute } from './route.ts';

const tags = ['Syslog'] as const;
/** Whoever names a receiver takes the trail out. */
const security = { apiKey: ['configuration:write', 'audit:read'] } as const;
const params = z.strictObject({ id: z.uuid() });

const host = recordText(253).trim().min(1).meta({
  description:
    'A host name or an IP address: on the internet, or in a network that whoever runs Signet named in `SYSLOG_NETWORKS`. Its certificate must be of that name.',
  example: 'siem.example.net',
});
const port = z.int().min(1).max(65_535);
const maxMessageBytes = z.int().min(SYSLOG_MESSAGE.least).max(SYSLOG_MESSAGE.most).meta({
  description: 'What the receiver takes as one message. A larger entry is shortened, and says so: `"shortened":true`.',
});
const pem = (kind: string) =>
  z
    .string()
    .trim()
    .max(20_000)
    .regex(new RegExp(String.raw`^(?:-----BEGIN ${kind}-----\r?\n[A-Za-z0-9+/=\r\n]+-----END ${kind}-----\s*)+$`), {
      error: 'must be PEM',
    });
const certificateAuthority = pem('CERTIFICATE').nullable().meta({
  description: 'PEM. Who vouches for the receiver’s certificate, and nobody else then. Null: the authorities that everybody knows.',
});
const clientCertificate = pem('CERTIFICATE').nullable().meta({ description: 'PEM. What Signet shows to the receiver; null: nothing.' });
const clientKey = pem('(?:EC |RSA )?PRIVATE KEY').meta({
  description: 'PEM, without a passphrase. The client certificate’s; needed with it. It is kept encrypted and never shown again.',
});

const destination = z
  .strictObject({
    id: z.uuid(),
    name: z.string(),
    host: z.string(),
    port,
    maxMessageBytes: z.int(),
    certificateAuthority: z.string().nullable(),
    clientCertificate: z.string().nullable(),
    enabled: z.boolean(),
    failure: z.literal('failing').nullable().meta({ description: 'Why Signet itself disabled it: no attempt went well for three days.' }),
    nextIndex: z.int().meta({ description: 'The place in the log that is sent next.' }),
    failedAttempts: z.int().meta({ description: 'In a row.' }),
    nextAttemptAt: instant.nullable().meta({ description: 'Null where no attempt has failed.' }),
    lastSentAt: instant.nullable(),
    lastError: z.strictObject({ at: instant, error: z.string() }).nullable(),
    lastTest: z
      .strictObject({ testId: z.uuid(), at: instant, error: z.string().nullable() })
      .nullable()
      .meta({ description: 'The last test of which something became; `error` null where it was taken.' }),
    createdAt: instant,
  })
  .meta({ id: 'SyslogDestination', description: 'The key of its client certificate is not shown.' });
export type SyslogDestination = z.infer<typeof destination>;

export const syslogDestinationRoutes = {
  listSyslogDestinations: defineRoute({
    method: 'GET',
    path: '/v1/syslog-destinations',
    summary: 'List where audit entries are sent to as syslog',
    tags,
    security: { apiKey: ['configuration:read'] },
    responses: { 200: z.strictObject({ items: z.array(destination) }) },
    problems: [],
  }),
  createSyslogDestination: defineRoute({
    method: 'POST',
    path: '/v1/syslog-destinations',
    summary: 'Have audit entries sent as syslog over TLS from now on',
    description:
      'RFC 5424 over TLS (RFC 5425), in the order of the log. Syslog has no answer: what a receiver read and lost is not sent again by itself, a replay does that. `logIndex` in the structured data shows what is missing.',
    tags,
    security,
    recentAuthentication: true,
    body: z.strictObject({
      name: givenName,
      host,
      port: port.default(6514),
      maxMessageBytes: maxMessageBytes.default(SYSLOG_MESSAGE.preset),
      certificateAuthority: certificateAuthority.default(null),
      clientCertificate: clientCertificate.default(null),
      clientKey: clientKey.optional(),
      enabled: z.boolean().default(true),
    }),
    responses: { 201: destination },
    problems: ['too_many'],
  }),
  changeSyslogDestination: defineRoute({
    method: 'PATCH',
    path: '/v1/syslog-destinations/{id}',
    summary: 'Change a syslog destination; what is left out stays',
    description: 'One that is enabled again gets what was recorded meanwhile; a replay from another place passes over it.',
    tags,
    security,
    recentAuthentication: true,
    params,
    body: z
      .strictObject({
        name: givenName,
        host,
        port,
        maxMessageBytes,
        certificateAuthority,
        clientCertificate,
        clientKey,
        enabled: z.boolean(),
      })
      .partial(),
    responses: { 200: destination },
    problems: ['not_found'],
  }),
  removeSyslogDestination: defineRoute({
    method: 'DELETE',
    path: '/v1/syslog-destinations/{id}',
    summary: 'Remove a syslog destination, and its key',
    tags,
    security,
    recentAuthentication: true,
    params,
    responses: { 204: 'empty' },
    problems: ['not_found'],
  }),
  testSyslogDestination: defineRoute({
    method: 'POST',
    path: '/v1/syslog-destinations/{id}/test',
    summary: 'Send a test message to a syslog destination',
    description: 'Once, before what waits. A receiver that takes it is sent what waits at once. What came of it stands in `lastTest`.',
    tags,
    security,
    params,
    responses: { 202: z.strictObject({ testId: z.uuid() }) },
    problems: ['not_found', 'syslog_disabled'],
  }),
  replaySyslogDestination: defineRoute({
    method: 'POST',
    path: '/v1/syslog-destinations/{id}/replay',
    summary: 'Send entries as syslog again, from a place in the log or from a time on',
    description: 'Also forward: the log’s size as the place passes over all that waits.',
    tags,
    security,
    params,
    body: z
      .strictObject({ index: z.int().min(0).optional(), from: givenTime.optional() })
      .refine(({ index, from }) => (index === undefined) !== (from === undefined), { error: 'needs index or from, and not both' }),
    responses: { 200: destination },
    problems: ['not_found'],
  }),
} as const;
