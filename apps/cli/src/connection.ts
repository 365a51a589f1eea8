import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { createClient } from '@signet/api-contract/client';
import type { Client } from '@signet/api-contract/client';
import { isLoopbackHost } from '@signet/domain/public-url';
import { z } from 'zod';
import { readEnvironment } from './env.ts';
import type { CliEnvironment } from './env.ts';
import { UsageError } from './failure.ts';

/** What every command takes. */
export interface CommonOptions {
  readonly json?: true | undefined;
  readonly config?: string | undefined;
}

/** One run of a command: the API, and whether programs read the output. */
export interface Session {
  readonly client: Client;
  readonly json: boolean;
}

const apiAddress = z.url({ protocol: /^https?$/ });
const connection = z.object({ apiUrl: apiAddress, apiKey: z.string().regex(/^[!-~]+$/, 'must be an API key') });
type Connection = z.infer<typeof connection>;

/** Where the API is and the key for it: both come from one place, so that no key goes to another's address. */
export function findConnection({ config }: CommonOptions, environment: CliEnvironment): Connection {
  if (config !== undefined) return readConnection(resolve(config));
  const { apiUrl, apiKey, configurationFile, localFile } = environment;
  if (apiUrl !== undefined && apiKey !== undefined) return checked({ apiUrl, apiKey }, 'The environment');
  if (apiUrl !== undefined || apiKey !== undefined) throw new UsageError('SIGNET_API_URL and SIGNET_API_KEY belong together: set both.');
  const file = [configurationFile, localFile].find((path) => statSync(path, { throwIfNoEntry: false }) !== undefined);
  if (file === undefined) {
    throw new UsageError(
      `No API is configured: start Signet (npm start), or set SIGNET_API_URL and SIGNET_API_KEY, or write {"apiUrl": "…", "apiKey": "…"} to ${configurationFile} (mode 0600).`,
    );
  }
  return readConnection(file);
}

/** Opens what a command works with. */
export function openSession(options: CommonOptions): Session {
  const { apiUrl, apiKey } = findConnection(options, readEnvironment());
  return { client: createClient({ baseUrl: apiUrl, headers: { authorization: `Bearer ${apiKey}` } }), json: options.json ?? false };
}

function readConnection(file: string): Connection {
  let content: unknown;
  try {
    if ((statSync(file).mode & 0o077) !== 0) throw new UsageError(`${file} holds a key and others can read it: chmod 600 '${file}'`);
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof UsageError) throw error;
    // The words of JSON.parse quote what it read.
    throw new UsageError(`${file} cannot be read${error instanceof SyntaxError ? ': it is not JSON' : `: ${String(error)}`}`, {
      cause: error,
    });
  }
  return checked(content, file);
}

function checked(content: unknown, source: string): Connection {
  const found = connection.safeParse(content);
  if (!found.success) throw new UsageError(`${source}: ${found.error.issues.map((i) => `${i.path.join('.')}: ${i.message}`).join('; ')}`);
  requireSafeAddress(found.data.apiUrl, source);
  return found.data;
}

/** The API as whoever has no key yet asks it: by default the one on this machine. */
export function openWithoutKey({ apiUrl = 'http://localhost:3001' }: CliEnvironment): { client: Client; apiUrl: string } {
  if (!apiAddress.safeParse(apiUrl).success) throw new UsageError('SIGNET_API_URL: must be an address that begins with https.');
  requireSafeAddress(apiUrl, 'SIGNET_API_URL');
  return { client: createClient({ baseUrl: apiUrl }), apiUrl };
}

function requireSafeAddress(apiUrl: string, source: string): void {
  const { protocol, hostname } = new URL(apiUrl);
  if (protocol === 'http:' && !isLoopbackHost(hostname)) {
    throw new UsageError(`${source}: the address must begin with https. The key goes there, and http is for this machine alone.`);
  }
}
