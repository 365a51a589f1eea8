import type { SystemScope, Transaction } from './database.ts';

/** Signet's sweeps among the advisory locks of the database; the second number is the sweep's own. */
const SWEEP_LOCKS = 72_707_370;

/**
 * Runs a sweep in one transaction, unless another process is at it (advisory lock, given back with the transaction).
 * @param lock the sweep's own number.
 * @returns null when another process is at it.
 */
export async function sweepAlone<T>(system: SystemScope, lock: number, sweep: (tx: Transaction) => Promise<T>): Promise<T | null> {
  return system.transaction(async (tx) => {
    const [row] = await tx.query<{ locked: boolean }>('select pg_try_advisory_xact_lock($1, $2) as locked', [SWEEP_LOCKS, lock]);
    return row?.locked ? sweep(tx) : null;
  });
}
