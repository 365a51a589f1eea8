import { nextHopNetworks } from '@signet/domain/next-hop';
import { openedNetworks } from '@signet/domain/open-network';
import { publicUrl } from '@signet/domain/public-url';
import { secretKey } from '@signet/domain/secret-key';
import { z } from 'zod';

const port = z.coerce.number<string>().int().min(0).max(65_535);
const url = (protocol: RegExp) => z.url({ protocol });

const variables = z.strictObject({
  NODE_ENV: z.enum(['production', 'development', 'test']).default('production'),
  SIGNET_MODE: z.enum(['demo', 'production']),
  DATABASE_URL: url(/^postgres(ql)?$/),
  /** An account of the same database that may remove audit entries, and nothing else; without it they are kept for ever. */
  RETENTION_DATABASE_URL: url(/^postgres(ql)?$/).optional(),
  BLOB_URL: url(/^(file|s3)$/),
  KEY_PROVIDER_URL: url(/^[a-z][a-z0-9+-]*$/),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  /** Where people reach the portal: links are made from it. */
  PUBLIC_URL: publicUrl,
  WORKER_METRICS_PORT: port,
  /** Where health and metrics are served. */
  WORKER_METRICS_HOST: z.string().min(1).default('127.0.0.1'),
  /** The queue's Redis; without it the queue lies in the database. */
  REDIS_URL: url(/^rediss?$/).optional(),
  /** The next hop: `smtp://user:password@host:port`, or `smtps://` for TLS from the first byte. */
  SMTP_URL: url(/^smtps?$/),
  /** Networks where next hops of organizations may be besides the internet, separated by commas. */
  NEXT_HOP_NETWORKS: nextHopNetworks.optional(),
  /** Networks where receivers of webhooks may be besides the internet, in clear too, separated by commas. */
  WEBHOOK_NETWORKS: openedNetworks.optional(),
  /** Networks where receivers of syslog may be besides the internet, separated by commas. */
  SYSLOG_NETWORKS: openedNetworks.optional(),
  /** How long a wrapper mail is tried before it is given up: five days, as mail systems do (RFC 5321, 4.5.4.1). */
  MAIL_GIVE_UP_SECONDS: z.coerce
    .number<string>()
    .int()
    .min(1)
    .max(30 * 86_400)
    .default(5 * 86_400),
  /** After how long a sender is told that a mail of theirs is still being tried: four hours, as mail systems do (RFC 5321, 4.5.4.1). */
  MAIL_DELAYED_SECONDS: z.coerce
    .number<string>()
    .int()
    .min(1)
    .max(30 * 86_400)
    .default(4 * 3_600),
  /** How long a blob that no message has stays in the trash. */
  BLOB_TRASH_DAYS: z.coerce.number<string>().int().min(1).max(3_650).default(30),
  /** Signs the header by which Signet knows its own mails again. */
  LOOP_KEY: secretKey,
});

/** What the worker is told by its surroundings, checked. */
export type Settings = z.output<typeof variables>;

const names = Object.keys(variables.shape);

/** Names that the other processes know: they may stand in a surrounding that several share. */
const siblings = new Set(['SIGNET_HOME', 'DATABASE_PORT', 'MAILBOX_SMTP_PORT']);

/** What Kubernetes and Docker set by themselves for a service that is called `worker` or `signet`. */
const serviceLink = /_SERVICE_(HOST|PORT)|_PORT_\d+_/;

/** A name that is not ours but means to be: one of ours without its separators and plurals, or with our prefix. */
function looksMisspelt(name: string): string | undefined {
  if (siblings.has(name) || serviceLink.test(name)) return undefined;
  const near = names.find((known) => distance(name, known) <= 2);
  return near ?? (/^(SIGNET|WORKER)_/.test(name) ? 'nothing of the worker' : undefined);
}

/** Levenshtein's distance of two short names; 3 stands for any larger one. */
function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return 3;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of Array.from(a).entries()) {
    const next = [i + 1];
    for (const [j, other] of Array.from(b).entries()) {
      next.push(Math.min((row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1, (row[j] ?? 0) + (letter === other ? 0 : 1)));
    }
    row = next;
  }
  return Math.min(3, row[b.length] ?? 0);
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
  if (!parsed.success || faults.length > 0) throw new Error(`The worker cannot start with these settings:\n  ${faults.join('\n  ')}`);
  return parsed.data;
}
