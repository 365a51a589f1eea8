import type { SystemScope } from './database.ts';

/** Partitions that are there before their month begins: a worker that is off for a quarter delays none. */
const MONTHS_AHEAD = 3;
/**
 * How far back an entry's month gets a partition of its own; what claims to be older lies in the default one. Microsoft keeps its records for ten
 * years at most. A search of all months locks each of their partitions, so there must not be any number of them.
 */
const YEARS_BACK = 10;

/** What could not be made, each month with why. */
export class PartitionsMissingError extends Error {
  override readonly name = 'PartitionsMissingError';
}

/**
 * Makes the audit entries' partitions of this month and the next three, and those of months whose entries lie in the default partition: they
 * move. Each in a transaction of its own, so that a month that cannot be made now holds up no other. Fine to repeat, and at once.
 * @returns how many were made.
 * @throws {PartitionsMissingError} naming the months that have none still: entries are kept all the same, in the default partition.
 */
export async function makeAuditPartitions(system: SystemScope): Promise<number> {
  const months = await system.query<{ month: Date }>('select month from missing_audit_partitions($1) as month', [MONTHS_AHEAD]);
  const failures: string[] = [];
  for (const { month } of months) {
    try {
      await makeAuditPartition(system, month);
    } catch (error) {
      failures.push(`${month.toISOString().slice(0, 7)}: ${error instanceof Error ? error.message : String(error)}`);
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

/** Months (`2026-11`) whose partition was made or tried for in this process. */
const knownMonths = new WeakMap<SystemScope, Set<string>>();

/**
 * Makes the partitions that entries of these times (RFC 3339, UTC) go to, such as those of old records from another system, before they are added.
 * One that cannot be made now is left to the sweep, and so are months that are ahead or too long ago: the default partition takes the entries.
 */
export async function makeAuditPartitionsFor(system: SystemScope, times: readonly string[]): Promise<void> {
  const known = knownMonths.get(system) ?? new Set();
  knownMonths.set(system, known);
  const now = new Date().toISOString();
  const oldest = `${Number(now.slice(0, 4)) - YEARS_BACK}${now.slice(4, 7)}`;
  for (const month of new Set(times.map((time) => time.slice(0, 7)))) {
    if (known.has(month)) continue;
    known.add(month);
    if (month < oldest || month > now) continue;
    await makeAuditPartition(system, new Date(`${month}-01T00:00:00Z`)).catch(() => undefined);
  }
}

async function makeAuditPartition(system: SystemScope, month: Date): Promise<void> {
  await system.query('select ensure_audit_partition($1::timestamptz)', [month]);
}
