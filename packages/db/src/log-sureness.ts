import type { LogStream } from '@signet/domain/log/checkpoint';
import type { OrganizationScope } from './database.ts';

/** How sure a reading of a log is. */
export interface LogSureness {
  /** False while an event of the time asked for is on its way into the log. */
  readonly complete: boolean;
  /** Every event committed before this moment is there. */
  readonly indexedThrough: Date;
}

const kinds = { audit: 'ingest-audit-event', admin: 'ingest-admin-event' } as const satisfies Record<LogStream, string>;

/**
 * What waits to come into a log. It is asked before the log is read: an event that comes in between is then found and not promised, never the
 * reverse.
 * @param to the first instant that no longer counts, where not all times do.
 */
export async function surenessOf(scope: OrganizationScope, stream: LogStream, to?: Date): Promise<LogSureness> {
  // The kind stands in the text: each has an index of its own. Planned anew, as what else asks the outbox for many rows.
  const [waiting] = await scope.queryPlannedAnew<{ oldest: Date | null; now: Date }>(
    `select min(event_time) as oldest, date_trunc('milliseconds', statement_timestamp()) as now
     from outbox where organization_id = $1 and kind = '${kinds[stream]}'`,
    [scope.organizationId],
  );
  const oldest = waiting?.oldest ?? null;
  return {
    complete: oldest === null || (to !== undefined && oldest >= to),
    indexedThrough: oldest ?? waiting?.now ?? new Date(0),
  };
}
