import { publicUrl } from '@signet/domain/public-url';
import { z } from 'zod';

const port = z.coerce.number<string>().int().min(0).max(65_535);

const variables = z.strictObject({
  NODE_ENV: z.enum(['production', 'development', 'test']).default('production'),
  /** Where the api listens: the only thing the portal asks. */
  API_URL: z.url({ protocol: /^https?$/ }),
  /** Proves to the api that the portal's own server speaks. */
  PORTAL_SECRET: z.string().min(32, 'must have at least 32 characters').max(200),
  /** Where people reach the portal. */
  PUBLIC_URL: publicUrl,
  PORTAL_METRICS_PORT: port.optional(),
  /** Where the metrics are served. */
  PORTAL_METRICS_HOST: z.string().min(1).default('127.0.0.1'),
  /** Addresses or networks of the proxies in front, separated by commas: only what they say of a visitor's address is believed. */
  TRUSTED_PROXIES: z
    .string()
    .transform((text) => text.split(',').map((part) => part.trim()))
    .pipe(z.array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()])).min(1))
    .optional(),
});

export type Settings = z.output<typeof variables>;

const names = Object.keys(variables.shape);

/**
 * Reads the settings from environment variables. An empty variable counts as not set.
 * @throws {Error} in words for the operator: every variable that is missing, wrong or misspelt. Values are never shown.
 */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const set = Object.entries(environment).filter(([, value]) => value !== undefined && value !== '');
  const misspelt = set
    .map(([name]) => name)
    .filter((name) => name.startsWith('PORTAL_') && name !== 'PORTAL_PORT' && !names.includes(name));
  const faults = misspelt.map((name) => `${name} is nothing of the portal`);
  const parsed = variables.safeParse(Object.fromEntries(set.filter(([name]) => names.includes(name))));
  if (!parsed.success) faults.push(...parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`));
  if (!parsed.success || faults.length > 0) throw new Error(`The portal cannot start with these settings:\n  ${faults.join('\n  ')}`);
  return parsed.data;
}

let settings: Settings | undefined;

/** The portal's settings, read when first asked for: the build has none. */
export function env(): Settings {
  settings ??= readSettings(process.env);
  return settings;
}
