import type { LogPlace } from '@signet/db/audit-walk';

/** Places of the log that one statement reads at most: what it gives must have been taken before V8 counts it as long-lived (decision 0032). */
const LOG_PLACES = 100;

/**
 * Places of a log, batch by batch, each read when the one before it has been taken.
 * @param read what lies between two places, as much as fits into a batch; @param from inclusive, @param to exclusive, no more than the log's size.
 * @throws where a place is missing: a gap is never passed over.
 */
export async function* logFrom<R extends object>(
  read: (from: number, to: number) => Promise<LogPlace<R>[]>,
  from: number,
  to: number,
): AsyncGenerator<LogPlace<R>[]> {
  let next = from;
  while (next < to) {
    const places = await read(next, Math.min(to, next + LOG_PLACES));
    places.forEach(({ logIndex }, index) => {
      if (logIndex !== next + index) throw new Error(`The log has nothing at ${next + index}`);
    });
    if (places.length === 0) throw new Error(`The log has nothing at ${next}`);
    yield places;
    next += places.length;
  }
}
