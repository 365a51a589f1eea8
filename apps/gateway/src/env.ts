import { isLoopbackHost, publicUrl } from '@signet/domain/public-url';
import { secretKey } from '@signet/domain/secret-key';
import { messageBytes } from '@signet/domain/submission-limits';
import { z } from 'zod';

const port = z.coerce.number<string>().int().min(0).max(65_535);

const variables = z
  .strictObject({
    NODE_ENV: z.enum(['production', 'development', 'test']).default('production'),
    SIGNET_MODE: z.enum(['demo', 'production']),
    DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
    BLOB_URL: z.url({ protocol: /^(file|s3)$/ }),
    KEY_PROVIDER_URL: z.url({ protocol: /^[a-z][a-z0-9+-]*$/ }),
    LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
    /** Its host is how the gateway calls itself. */
    PUBLIC_URL: publicUrl,
    GATEWAY_PORT: port.default(2525),
    GATEWAY_HOST: z.string().min(1).default('127.0.0.1'),
    GATEWAY_METRICS_PORT: port,
    /** Where health and metrics are served. */
    GATEWAY_METRICS_HOST: z.string().min(1).default('127.0.0.1'),
    /** Key of the HMAC by which Signet knows its own wrapper mails again. */
    LOOP_KEY: secretKey,
    /** Files in PEM. Without them there is no STARTTLS. */
    GATEWAY_TLS_CERT: z.string().min(1).optional(),
    GATEWAY_TLS_KEY: z.string().min(1).optional(),
    MAX_MESSAGE_BYTES: z.coerce.number<string>().int().min(messageBytes.min).max(messageBytes.max).default(messageBytes.default),
  })
  .superRefine((values, context) => {
    const fault = (name: keyof typeof values, message: string) => context.addIssue({ code: 'custom', path: [name], message });
    if ((values.GATEWAY_TLS_CERT === undefined) !== (values.GATEWAY_TLS_KEY === undefined)) {
      fault('GATEWAY_TLS_CERT', 'GATEWAY_TLS_CERT and GATEWAY_TLS_KEY go together');
    }
    if (isLoopbackHost(values.GATEWAY_HOST)) return;
    if (values.GATEWAY_TLS_CERT === undefined) fault('GATEWAY_TLS_CERT', 'is needed where GATEWAY_HOST is not this machine alone');
    if (values.SIGNET_MODE === 'demo') fault('SIGNET_MODE', 'demo is for this machine alone, and GATEWAY_HOST is not');
  });

/** What the gateway is told by its surroundings, checked. */
export type Settings = z.output<typeof variables>;

const names = Object.keys(variables.shape);
/** Names of the other processes that lie near the gateway's own, and those that Kubernetes and Docker set for a service of this name. */
const others = /^(SIGNET_HOME|(API|PORTAL|WORKER|MAILBOX)_.*)$|_SERVICE_(HOST|PORT)|_PORT_\d+_|^GATEWAY_PORT_\d+$/;

function misspeltAs(name: string): string | null {
  if (names.includes(name) || others.test(name)) return null;
  const near = names.find((known) => distance(name, known) <= 2);
  return near ?? (/^(SIGNET|GATEWAY)_/.test(name) ? 'nothing that the gateway knows' : null);
}

/** Levenshtein's distance; 3 where the lengths alone make it more than 2. */
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
  const faults = set.flatMap(([name]) => {
    const near = misspeltAs(name);
    return near === null ? [] : [`${name} is unknown; it looks like ${near}`];
  });
  const parsed = variables.safeParse(Object.fromEntries(set.filter(([name]) => names.includes(name))));
  if (!parsed.success) faults.push(...parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`));
  if (!parsed.success || faults.length > 0) throw new Error(`The gateway cannot start with these settings:\n  ${faults.join('\n  ')}`);
  return parsed.data;
}
