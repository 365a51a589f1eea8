import { createServer } from 'node:http';
import type { Database } from '@signet/db/database';
import type { Vault } from '@signet/vault/vault';
import type { Registry } from 'prom-client';
import { portOf } from './port-of.ts';

const CHECK_MILLISECONDS = 3_000;

export interface Status {
  readonly status: 'ok' | 'unavailable';
  readonly reasons: readonly string[];
}

/** Whether messages can be accepted now, and why not: database with its migrations, blob storage, keys. */
export async function readinessOf({ database, vault }: { database: Database; vault: Vault }, isEnding: boolean): Promise<Status> {
  const reasons = isEnding ? ['The gateway is shutting down'] : [];
  const [checked, health] = await Promise.allSettled([within(database.check()), within(vault.health())]);
  if (checked.status === 'rejected') reasons.push(checked.reason instanceof Error ? checked.reason.message : 'The database is not ready');
  if (health.status === 'rejected') reasons.push('The storage does not answer');
  else reasons.push(...health.value.filter(({ healthy }) => !healthy).map(({ subject, detail }) => `${subject}: ${detail}`));
  return { status: reasons.length === 0 ? 'ok' : 'unavailable', reasons };
}

async function within<T>(work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('No answer in time')), CHECK_MILLISECONDS);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Serves `/health/live`, `/health/ready` and `/metrics`, where operators alone reach it: reasons are for them. */
export async function startStatusServer(options: {
  readonly host: string;
  readonly port: number;
  readonly registry: Registry;
  readonly readiness: () => Promise<Status>;
}): Promise<{ readonly port: number; close(): Promise<void> }> {
  const answer = async (path: string): Promise<readonly [number, string, string]> => {
    switch (path) {
      case '/health/live':
        return [200, 'application/json', JSON.stringify({ status: 'ok' })];
      case '/health/ready': {
        const status = await options.readiness();
        return [status.status === 'ok' ? 200 : 503, 'application/json', JSON.stringify(status)];
      }
      case '/metrics':
        return [200, options.registry.contentType, await options.registry.metrics()];
      default:
        return [404, 'text/plain', 'Not found\n'];
    }
  };
  const server = createServer((request, response) => {
    answer(request.url ?? '/').then(
      ([code, type, body]) => response.writeHead(code, { 'content-type': type, 'cache-control': 'no-store' }).end(body),
      () => response.writeHead(500).end(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  return {
    port: portOf(server),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
