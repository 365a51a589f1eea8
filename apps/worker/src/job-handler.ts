import { jobKinds, type JobKind } from '@signet/domain/jobs';

/** What is done with rows of one kind. A file of `jobs/` each. */
export interface JobHandler<Kind extends JobKind = JobKind> {
  readonly kind: Kind;
  /**
   * Does what rows ask, and removes or fails each of them in the database. Rows that are gone are no error: a job may come
   * twice. It throws only when the rows' fate could not be recorded: they are handed on again.
   * @param stopping aborted when the process ends: rows that were not begun are left.
   */
  run(ids: readonly string[], stopping: AbortSignal): Promise<void>;
}

/** One handler for every kind of the catalog: a missing one does not compile, nor does one that claims another's kind. */
export type JobHandlers = { readonly [Kind in JobKind]: JobHandler<Kind> };

/** Stops the start when what the compiler was promised is not so: a kind without a handler, or two that claim one kind. */
export function refuseDoubleClaims(handlers: JobHandlers): void {
  const claims = Object.values(handlers).map((handler) => handler.kind);
  const faults = jobKinds.flatMap((kind) => {
    const count = claims.filter((claim) => claim === kind).length;
    return count === 1 ? [] : [`${kind} has ${count} handlers`];
  });
  if (faults.length > 0) throw new Error(`The worker cannot start: ${faults.join(', ')}.`);
}
