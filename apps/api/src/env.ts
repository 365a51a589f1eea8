import { nextHopNetworks } from '@signet/domain/next-hop';
import { openedNetworks } from '@signet/domain/open-network';
import { isLoopbackHost, publicUrl } from '@signet/domain/public-url';
import { secretKey } from '@signet/domain/secret-key';
import { messageBytes } from '@signet/domain/submission-limits';
import { z } from 'zod';

const port = z.coerce.number<string>().int().min(0).max(65_535);
const url = (protocol: RegExp) => z.url({ protocol });
/** Long enough to be generated, and varied enough not to be a word that was left standing. */
const secret = z
  .string()
  .min(32, 'must have at least 32 characters')
  .max(200)
  .refine((text) => new Set(text).size >= 10, 'looks like a placeholder');

const variables = z
  .strictObject({
    NODE_ENV: z.enum(['production', 'development', 'test']).default('production'),
    SIGNET_MODE: z.enum(['demo', 'production']),
    DATABASE_URL: url(/^postgres(ql)?$/),
    BLOB_URL: url(/^(file|s3)$/),
    KEY_PROVIDER_URL: url(/^[a-z][a-z0-9+-]*$/),
    LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
    /** Where people reach the portal: links are made from it, never from a Host header. */
    PUBLIC_URL: publicUrl,
    API_PORT: port.default(3001),
    API_HOST: z.string().min(1).default('127.0.0.1'),
    API_METRICS_PORT: port,
    /** Proves that the portal's own server speaks. */
    PORTAL_SECRET: secret,
    /** Key of the HMAC under which passcodes are stored. */
    PASSCODE_KEY: secretKey,
    /** Signs the header by which Signet knows its own wrapper mails again. */
    LOOP_KEY: secretKey,
    /** The largest message that the installation takes, as the gateway is told. */
    MAX_MESSAGE_BYTES: z.coerce.number<string>().int().min(messageBytes.min).max(messageBytes.max).default(messageBytes.default),
    /** Addresses or networks of the proxies in front, separated by commas: only what they say of a client's address is believed. */
    TRUSTED_PROXIES: z
      .string()
      .transform((text) => text.split(',').map((part) => part.trim()))
      .pipe(z.array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()])).min(1))
      .optional(),
    /** Addresses of the DNS servers that are asked about domains, separated by commas; the system's own where it is not set. */
    DNS_SERVERS: z
      .string()
      .transform((text) => text.split(',').map((part) => part.trim()))
      .pipe(z.array(z.string().regex(/^[0-9a-f.:[\]]+$/i, 'must be addresses, such as 192.0.2.53 or [2001:db8::53]:5353')).min(1))
      .optional(),
    /** Where the api reaches the gateway, and the worker's next hop, to look whether they answer; not looked at where it is not told. */
    API_GATEWAY_URL: url(/^smtps?$/).optional(),
    SMTP_URL: url(/^smtps?$/).optional(),
    /** Networks where next hops of organizations may be besides the internet, separated by commas. */
    NEXT_HOP_NETWORKS: nextHopNetworks.optional(),
    /** Networks where receivers of webhooks may be besides the internet, in clear too, separated by commas. */
    WEBHOOK_NETWORKS: openedNetworks.optional(),
    /** Networks where receivers of syslog may be besides the internet, separated by commas. */
    SYSLOG_NETWORKS: openedNetworks.optional(),
    /** Where the command `seed-demo` writes the demo's credentials. */
    SEED_FILE: z.string().min(1).optional(),
  })
  .superRefine((values, context) => {
    const outside = [
      isLoopbackHost(values.API_HOST) ? null : 'API_HOST',
      isLoopbackHost(new URL(values.PUBLIC_URL).hostname) ? null : 'PUBLIC_URL',
    ];
    const open = outside.filter((name) => name !== null);
    if (open.length === 0) return;
    if (values.SIGNET_MODE === 'demo') {
      context.addIssue({
        code: 'custom',
        path: ['SIGNET_MODE'],
        message: `demo is for this machine alone, and ${open.join(' and ')} is not`,
      });
    }
    if (/demo|default|change|example|secret|password/i.test(values.PORTAL_SECRET)) {
      context.addIssue({
        code: 'custom',
        path: ['PORTAL_SECRET'],
        message: `looks like a default, and ${open.join(' and ')} is not this machine alone`,
      });
    }
  });

/** What the api is told by its surroundings, checked. */
export type Settings = z.output<typeof variables>;

const names = Object.keys(variables.shape);

/** Names that the other processes know: they may stand in a surrounding that several share. */
const siblings = new Set([
  'SIGNET_HOME',
  'PORTAL_PORT',
  'PORTAL_METRICS_PORT',
  'GATEWAY_PORT',
  'GATEWAY_METRICS_PORT',
  'WORKER_METRICS_PORT',
  'MAILBOX_PORT',
  'MAILBOX_SMTP_PORT',
  'DATABASE_PORT',
  'REDIS_URL',
  'API_URL',
]);

/** What Kubernetes and Docker set by themselves for a service that is called `api` or `signet`. */
const serviceLink = /_SERVICE_(HOST|PORT)|_PORT_\d+_/;

function looksMisspelt(name: string): string | undefined {
  if (siblings.has(name) || serviceLink.test(name)) return undefined;
  const near = names.find((known) => distance(name, known) <= 2);
  return near ?? (/^(SIGNET|API)_/.test(name) ? 'nothing of the api' : undefined);
}

/** Levenshtein's distance of two short names. */
function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return 3;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of a.split('').entries()) {
    const next = [i + 1];
    for (const [j, other] of b.split('').entries()) {
      next.push(Math.min((row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1, (row[j] ?? 0) + (letter === other ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/**
 * Reads the settings from environment variables. An empty variable counts as not set.
 * @throws {Error} in words for the operator: every variable that is missing, wrong or misspelt. Values are never shown.
 */
export function readSettings(environment: Readonly<Record<string, string | undefined>> = process.env): Settings {
  const set = Object.entries(environment).filter(([, value]) => value !== undefined && value !== '');
  const known = Object.fromEntries(set.filter(([name]) => names.includes(name)));
  const faults = set.flatMap(([name]) => {
    const near = names.includes(name) ? undefined : looksMisspelt(name);
    return near === undefined ? [] : [`${name} is unknown; it looks like ${near}`];
  });
  const parsed = variables.safeParse(known);
  if (!parsed.success) faults.push(...parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`));
  if (!parsed.success || faults.length > 0) throw new Error(`The api cannot start with these settings:\n  ${faults.join('\n  ')}`);
  return parsed.data;
}
