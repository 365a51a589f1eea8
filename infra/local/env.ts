/** A PostgreSQL server for tests that is there already (superuser, any database); undefined: each run starts its own. */
export function testDatabaseServerUrl(): string | undefined {
  return given('TEST_DATABASE_SERVER_URL');
}

/** Ports that `npm start` listens on: the variable that sets each one, and its default. */
export const portDefaults = {
  PORTAL_PORT: 3000,
  API_PORT: 3001,
  GATEWAY_PORT: 2525,
  MAILBOX_PORT: 1080,
  MAILBOX_SMTP_PORT: 1025,
  DATABASE_PORT: 55_432,
} as const;

export type PortName = keyof typeof portDefaults;

/** Real parts instead of the embedded ones, passed on as they are. */
const realParts = [
  'DATABASE_URL',
  'APP_DATABASE_URL',
  'RETENTION_DATABASE_URL',
  'REDIS_URL',
  'SMTP_URL',
  'NEXT_HOP_NETWORKS',
  'WEBHOOK_NETWORKS',
  'SYSLOG_NETWORKS',
  'BLOB_URL',
  'KEY_PROVIDER_URL',
  'PUBLIC_URL',
  'TRUSTED_PROXIES',
  'DNS_SERVERS',
  'MAX_MESSAGE_BYTES',
  'MAIL_DELAYED_SECONDS',
  'MAIL_GIVE_UP_SECONDS',
  'BLOB_TRASH_DAYS',
] as const;

export interface StartEnvironment {
  readonly home: string;
  readonly ports: Readonly<Record<PortName, number>>;
  readonly real: Readonly<Partial<Record<(typeof realParts)[number], string>>>;
  /** What every child process gets: where programs, temporary files and certificates are, and nothing else of this environment. */
  readonly base: Readonly<Record<string, string>>;
}

/**
 * What `npm start` reads of its environment.
 * @throws Error naming the variable that is no port or lacks another
 */
export function startEnvironment(): StartEnvironment {
  const port = (name: PortName) => {
    const text = given(name);
    if (text === undefined) return portDefaults[name];
    const number = Number(text);
    if (!Number.isInteger(number) || number < 1 || number > 65_535) throw new Error(`${name} must be a port from 1 to 65535, not ${text}.`);
    return number;
  };
  if (given('APP_DATABASE_URL') !== undefined && given('DATABASE_URL') === undefined) {
    throw new Error('APP_DATABASE_URL is an account of the database that DATABASE_URL names: set both.');
  }
  const base = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'USER', 'NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE'];
  return {
    home: given('SIGNET_HOME') ?? '.signet',
    ports: {
      PORTAL_PORT: port('PORTAL_PORT'),
      API_PORT: port('API_PORT'),
      GATEWAY_PORT: port('GATEWAY_PORT'),
      MAILBOX_PORT: port('MAILBOX_PORT'),
      MAILBOX_SMTP_PORT: port('MAILBOX_SMTP_PORT'),
      DATABASE_PORT: port('DATABASE_PORT'),
    },
    real: pick(realParts),
    base: pick(base),
  };
}

/** The whole environment: for the tools that build, which have many variables of their own. */
export function wholeEnvironment(): NodeJS.ProcessEnv {
  return process.env;
}

function given(name: string): string | undefined {
  return process.env[name] || undefined;
}

function pick(names: readonly string[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of names) {
    const value = given(name);
    if (value !== undefined) found[name] = value;
  }
  return found;
}
