import { readAuditLog, type LogPlace } from '@signet/db/audit-walk';
import type { OrganizationScope } from '@signet/db/database';

/** Places of the log that one statement reads at most. */
const LOG_PLACES = 1_000;

/**
 * Places of the log, batch by batch, each read when the one before it has been taken.
 * @param from inclusive, @param to exclusive, no more than the log's size.
 * @throws where a place is missing: a gap is never passed over.
 */
export async function* logFrom(scope: OrganizationScope, from: number, to: number): AsyncGenerator<LogPlace[]> {
  let next = from;
  while (next < to) {
    const places = await readAuditLog(scope, next, Math.min(to, next + LOG_PLACES));
    places.forEach(({ logIndex }, index) => {
      if (logIndex !== next + index) throw new Error(`The audit log has nothing at ${next + index}`);
    });
    if (places.length === 0) throw new Error(`The audit log has nothing at ${next}`);
    yield places;
    next += places.length;
  }
}
