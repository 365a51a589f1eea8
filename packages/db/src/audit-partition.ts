import type { SystemScope } from './database.ts';
import { DatabaseUnavailableError } from './database-unavailable-error.ts';

/** Partitions that are there before their month begins: a worker that is off for a quarter delays none. */
const MONTHS_AHEAD = 3;
/**
 * How far back an entry's month gets a partition of its own; what claims to be older lies in the default one. Microsoft keeps its records for ten
 * years at most. A search of all months locks each of their partitions, so there must not be any number of them.
 */
const YEARS_BACK = 10;
/** How long those who add entries make no partition after one could not have its lock: readers and writers queue behind every try. */
const BACK_OFF_MILLISECONDS = 60_000;
/** PostgreSQL's codes for a lock that it does not get: in time, and ever. */
const lockStates: readonly unknown[] = ['55P03', '40P01'];

/** What could not be made, each month with why. */
export class PartitionsMissingError extends Error {
  override readonly name = 'PartitionsMissingError';
}

/**
 * Makes the audit entries' partitions of this month and the next three, and those of months whose entries lie in the default partition: they
 * move. Each in a transaction of its own, so that a month that cannot be made holds up no other; but where one cannot have its lock, the others
 * are not tried either: they want the same one, and all readers and writers of the trail queue behind each try. Fine to repeat, and at once.
 * @returns how many were made.
 * @throws {PartitionsMissingError} naming the months that have none still: entries are kept all the same, in the default partition.
 */
export async function makeAuditPartitions(system: SystemScope): Promise<number> {
  const months = await system.query<{ month: Date }>('select month from missing_audit_partitions($1) as month', [MONTHS_AHEAD]);
  const failures: string[] = [];
  for (const [index, { month }] of months.entries()) {
    try {
      await makeAuditPartition(system, month);
    } catch (error) {
      failures.push(`${monthOf(month)}: ${error instanceof Error ? error.message : String(error)}`);
      if (!isForNow(error)) continue;
      failures.push(...months.slice(index + 1).map((untried) => `${monthOf(untried.month)}: not tried`));
      break;
    }
  }
  if (failures.length > 0)
    throw new PartitionsMissingError(`Months of the audit trail have no partition of their own (${failures.join('; ')})`);
  return months.length;
}

/** How many of the next three months have their partition already: 3 where all is well. */
export async function auditPartitionsAhead(system: SystemScope): Promise<number> {
  const [row] = await system.query<{ ahead: number }>(
    `select count(*) as ahead from generate_series(1, $1::int) as months
     where to_regclass('audit_entry_' || to_char((clock_timestamp() at time zone 'UTC') + months * interval '1 month', 'YYYYMM')) is not null`,
    [MONTHS_AHEAD],
  );
  return row?.ahead ?? 0;
}

/** What a process knows of the months (`2026-11`) whose partitions its entries asked for. */
interface Asked {
  /** Settled once the partition is there, or is left to the sweep. */
  readonly months: Map<string, Promise<void>>;
  /** Milliseconds since 1970, before which none is tried for. */
  resumesAt: number;
}

const askedOf = new WeakMap<SystemScope, Asked>();

/**
 * Makes the partitions that entries of these times (RFC 3339, UTC) go to, such as those of old records from another system, before they are added.
 * Never fails, for the default partition takes the entries: of months that are ahead or too long ago, and of one that cannot be made, which is
 * left to the sweep. After one that could not have its lock none is tried for a minute.
 */
export async function makeAuditPartitionsFor(system: SystemScope, times: readonly string[]): Promise<void> {
  const asked = askedOf.get(system) ?? { months: new Map<string, Promise<void>>(), resumesAt: 0 };
  askedOf.set(system, asked);
  const now = new Date().toISOString();
  const oldest = `${Number(now.slice(0, 4)) - YEARS_BACK}${now.slice(4, 7)}`;
  for (const month of new Set(times.map((time) => time.slice(0, 7)))) {
    if (month < oldest || month > now) continue;
    let made = asked.months.get(month);
    if (!made) {
      if (Date.now() < asked.resumesAt) continue;
      made = makeAskedFor(system, asked, month);
      asked.months.set(month, made);
    }
    await made;
  }
}

async function makeAskedFor(system: SystemScope, asked: Asked, month: string): Promise<void> {
  try {
    await makeAuditPartition(system, new Date(`${month}-01T00:00:00Z`));
  } catch (error) {
    if (!isForNow(error)) return;
    asked.resumesAt = Date.now() + BACK_OFF_MILLISECONDS;
    asked.months.delete(month);
  }
}

/** Whether it would fail with every other month too, and may succeed later. */
function isForNow(error: unknown): boolean {
  return error instanceof DatabaseUnavailableError || (error instanceof Error && 'code' in error && lockStates.includes(error.code));
}

function monthOf(start: Date): string {
  return start.toISOString().slice(0, 7);
}

async function makeAuditPartition(system: SystemScope, month: Date): Promise<void> {
  await system.query('select ensure_audit_partition($1::timestamptz)', [month]);
}
