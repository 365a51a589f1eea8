import type { SystemScope } from '@signet/db/database';
import { ingestAdminEvents } from '@signet/db/ingest';
import type { JobHandler } from '../job-handler.ts';

/** Administrative acts become admin records, a batch in one transaction. @param onFailed told of the rows that cannot. */
export function ingestAdminEventJob(system: SystemScope, onFailed: (ids: readonly string[]) => void): JobHandler<'ingest-admin-event'> {
  return {
    kind: 'ingest-admin-event',
    run: async (ids) => {
      const { failed } = await ingestAdminEvents(system, ids);
      if (failed.length > 0) onFailed(failed);
    },
  };
}
