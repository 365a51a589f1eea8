import type { SystemScope } from '@signet/db/database';
import { ingestAuditEvents } from '@signet/db/ingest';
import type { JobHandler } from '../job-handler.ts';

/** Audit events become audit entries, a batch in one transaction. @param onFailed told of the rows that cannot. */
export function ingestAuditEventJob(system: SystemScope, onFailed: (ids: readonly string[]) => void): JobHandler<'ingest-audit-event'> {
  return {
    kind: 'ingest-audit-event',
    run: async (ids) => {
      const { failed } = await ingestAuditEvents(system, ids);
      if (failed.length > 0) onFailed(failed);
    },
  };
}
