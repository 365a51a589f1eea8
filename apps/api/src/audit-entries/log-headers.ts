import { COMPLETE_HEADER, INDEXED_THROUGH_HEADER, LOG_SIZE_HEADER } from '@signet/api-contract/audit-entries';
import type { LogSureness } from '@signet/db/log-sureness';

/** What an answer that is read from a log says of the log: its size, and how sure the reading is. */
export function logHeaders(size: number, { complete, indexedThrough }: LogSureness): Record<string, string> {
  return {
    [LOG_SIZE_HEADER]: String(size),
    [COMPLETE_HEADER]: String(complete),
    [INDEXED_THROUGH_HEADER]: indexedThrough.toISOString(),
  };
}
