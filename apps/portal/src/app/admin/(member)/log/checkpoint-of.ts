import type { Client } from '@signet/api-contract/client';
import type { Log } from '@signet/api-contract/logs';
import { routes } from '@signet/api-contract/routes';

/** The last published checkpoint of a log, as the api gives it. @throws as the client does; `not_found` before the first one. */
export function checkpointOf(api: Client, { organizationId, stream }: Pick<Log, 'organizationId' | 'stream'>): Promise<Response> {
  return api.call(stream === 'audit' ? routes.getAuditCheckpoint : routes.getAdminCheckpoint, { params: { organizationId } });
}
