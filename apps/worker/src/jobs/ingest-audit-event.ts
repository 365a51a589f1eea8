import type { SystemScope } from '@signet/db/database';
import { ingestAuditEvents } from '@signet/db/ingest';
import type { JobHandler } from '../job-handler.ts';

/** Audit events become audit entries, a batch in one transaction. */
export function ingestAuditEventJob(system: SystemScope): JobHandler<'ingest-audit-event'> {
  return {
    kind: 'ingest-audit-event',
    run: async (ids) => {
      await ingestAuditEvents(system, ids);
    },
  };
}
