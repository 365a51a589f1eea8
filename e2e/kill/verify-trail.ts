import { setTimeout as sleep } from 'node:timers/promises';
import { logRoutes } from '@signet/api-contract/logs';
import { logStreams } from '@signet/domain/log/checkpoint';
import type { EventLoad } from './event-load.ts';
import type { FeedFollower } from './feed-follower.ts';
import { OutboxClock } from './outbox-clock.ts';
import type { RunningSystem } from './running-system.ts';
import type { ServedCheckpoints } from './served-checkpoints.ts';
import { LogVerifier } from './verify-log.ts';
import { faultsOfReceipts } from './verify-round.ts';

/** How long nothing may move while something still waits, in milliseconds: longer than a lease, and than an answer may take. */
const CALM = 120_000;
/** Rows of the outbox of which each can be looked at. */
const FEW = 2_000;

/** Those who watched the trail while parts of the system were killed. */
export interface Watchers {
  readonly load: EventLoad;
  readonly feed: FeedFollower;
  readonly checkpoints: ServedCheckpoints;
}

/** What came of the trail. `faults` in words, none where every promise was kept. */
export interface TrailFindings {
  readonly faults: string[];
  /** Events of the load that are in the log, and those of them that nobody had acknowledged. */
  readonly present: number;
  readonly ofGivenUp: number;
  /** Events that are in the log more than once. */
  readonly twice: number;
  readonly sizes: { readonly audit: number; readonly admin: number };
}

/** Waits until all that was taken on is in the log, signed, and read by those who watch; nothing more may come. */
export async function untilSealed(system: RunningSystem, { feed, checkpoints }: Watchers): Promise<void> {
  // What the queue lost waits for its lease; only then the rest is few enough to be looked at row by row.
  await goesOn(async () => {
    const [row] = await system.query<{ waiting: number }>('select count(*)::int as waiting from outbox');
    return { isOver: (row?.waiting ?? 0) < FEW, state: row };
  });
  await new OutboxClock(system, () => false).rest(Date.now() + CALM);
  await goesOn(async () => {
    const { items } = await system.api.call(logRoutes.listLogs);
    const logs = logStreams.map((stream) => ({
      log: items.find((each) => each.stream === stream),
      served: checkpoints.last(stream)?.size,
    }));
    const isSealed = logs.every(({ log, served }) => log?.state === 'sealed' && log.size === served);
    return { isOver: isSealed && feed.size === logs[0]?.log?.size, state: { read: feed.size, logs } };
  });
}

/** Waits until something is over. @throws when nothing of it moves for a while. */
async function goesOn(look: () => Promise<{ readonly isOver: boolean; readonly state: unknown }>): Promise<void> {
  let last = '';
  for (let movedAt = Date.now(); ; await sleep(500)) {
    const { isOver, state } = await look();
    if (isOver) return;
    const words = JSON.stringify(state);
    if (words !== last) movedAt = Date.now();
    last = words;
    if (Date.now() - movedAt > CALM) throw new Error(`Nothing moves any more: ${words}`);
  }
}

/**
 * Compares what the load was answered, what the feed has shown, every checkpoint that was served, the tiles, and the database. The feed
 * was read line by line and each line hashed, so that all of them together are the tree of the last checkpoint, with each event once.
 */
export async function verifyTrail(
  system: RunningSystem,
  organizationId: string,
  { load, feed, checkpoints }: Watchers,
): Promise<TrailFindings> {
  const { faults, present, ofGivenUp } = load.compare(feed.seen);
  const last = checkpoints.last('audit');
  const isSame = last?.size === feed.size && Buffer.from(last.root).equals(feed.root());
  const admin = new LogVerifier(system, organizationId);
  const all = [
    ...faults,
    ...feed.faults,
    ...(isSame ? [] : [`The ${feed.size} lines of the feed are not the log of the last checkpoint, of size ${last?.size}`]),
    ...(await checkpoints.compare('audit')),
    ...(await checkpoints.compare('admin')),
    ...(await faultsOfReceipts(system)),
    ...(await faultsOfTables(system)),
    ...(await admin.verify(['admin'])),
  ];
  const twice = [...feed.seen.values()].filter((count) => count > 1).length;
  return { faults: all, present, ofGivenUp, twice, sizes: { audit: feed.size, admin: checkpoints.last('admin')?.size ?? 0 } };
}

/** Every entry has its place in its log and is found by its sender, and nothing waits. */
async function faultsOfTables({ query }: RunningSystem): Promise<string[]> {
  const [row] = await query<{ unlogged: number; unfound: number; waiting: number }>(
    `select
       (select count(*)::int from audit_entry e where not exists (select from log_entry l
          where l.organization_id = e.organization_id and l.stream = 'audit' and l.log_index = e.log_index)) as unlogged,
       (select count(*)::int from audit_entry e where not exists (select from audit_entry_address a
          where a.organization_id = e.organization_id and a.role = 'sender' and a.address = lower(e.sender)
            and a.creation_time = e.creation_time and a.entry_id = e.id)) as unfound,
       (select count(*)::int from outbox) as waiting`,
  );
  const { unlogged = 0, unfound = 0, waiting = 0 } = row ?? {};
  return unlogged + unfound + waiting === 0
    ? []
    : [`${unlogged} entries have no place in a log, ${unfound} are not found by their sender, ${waiting} rows wait`];
}
