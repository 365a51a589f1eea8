import type { SystemScope } from '@signet/db/database';
import { ingestAdminEvents } from '@signet/db/ingest';
import type { JobHandler } from '../job-handler.ts';

/** Administrative acts become admin records, a batch in one transaction. */
export function ingestAdminEventJob(system: SystemScope): JobHandler<'ingest-admin-event'> {
  return {
    kind: 'ingest-admin-event',
    run: async (ids) => {
      await ingestAdminEvents(system, ids);
    },
  };
}
