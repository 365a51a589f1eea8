import type { SystemScope } from '@signet/db/database';
import { logsToSeal } from '@signet/db/log-seal';
import type { LogSealer } from './log-sealer.ts';
import { SweepRefusedError } from './sweep-refused-error.ts';

/** Logs that are sealed at once: most of a sealing is waiting for the database and for a disk. */
const LANES = 4;

/**
 * Seals every log in which something is new. A log that is refused, or fails, holds no other one up.
 * @param options.all looks at every log: what is wrong with one shows though nothing in it is new.
 * @returns how many entries were sealed.
 * @throws {SweepRefusedError} when logs were refused for a reason that is new, with all their reasons and what mends them; {AggregateError}
 * when some failed, with what each did.
 */
export async function sealLogs(
  { system, sealer }: { readonly system: SystemScope; readonly sealer: LogSealer },
  stopping: AbortSignal,
  options: { readonly all?: boolean } = {},
): Promise<number> {
  let entries = 0;
  const refusals: string[] = [];
  const failures: { readonly log: string; readonly error: unknown }[] = [];
  const waiting = await logsToSeal(system, options);
  const lane = async () => {
    for (let log = waiting.shift(); log && !stopping.aborted; log = waiting.shift()) {
      try {
        const sealing = await sealer.seal(log, stopping);
        if (sealing.outcome === 'sealed') entries += sealing.entries;
        if (sealing.outcome === 'refused' && sealing.isNew) refusals.push(`${log.organizationId}/${log.stream}: ${sealing.detail}`);
      } catch (error) {
        failures.push({ log: `${log.organizationId}/${log.stream}`, error });
      }
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  const failure = failureOf(failures);
  if (refusals.length > 0) {
    throw new SweepRefusedError(
      `Nothing is signed in these logs: ${refusals.join('; ')}. Restore the newest database; where an older one was restored on purpose, accept-log goes on with it (docs/guides/operators.md)${failure === null ? '' : `. ${failure.message}`}`,
      failure === null ? {} : { cause: failure },
    );
  }
  if (failure !== null) throw failure;
  return entries;
}

/** All that failed as one error, which names each log. */
function failureOf(failures: readonly { readonly log: string; readonly error: unknown }[]): AggregateError | null {
  if (failures.length === 0) return null;
  const each = failures.map(({ log, error }) => `${log}: ${error instanceof Error ? error.message : String(error)}`);
  return new AggregateError(
    failures.map(({ error }) => error),
    `These logs could not be sealed, and are tried again: ${each.join('; ')}`,
  );
}
