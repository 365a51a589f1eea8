import { ApiProblem } from '@signet/api-contract/client';

/**
 * Writes what went wrong between portal and api to the log, for the operator: faults of the api, answers that are none,
 * no answer. What a visitor may not do is no fault, and a visitor who left is none. The texts name routes by their pattern
 * and hold neither tokens nor content.
 */
export function reportFailure(failure: unknown): void {
  if (failure instanceof ApiProblem && failure.status < 500) return;
  if (!(failure instanceof Error) || failure.name === 'AbortError') return;
  const cause = failure.cause instanceof Error && 'code' in failure.cause ? { cause: String(failure.cause.code) } : {};
  const entry = { level: 'error', time: new Date().toISOString(), app: 'portal', error: failure.name, message: failure.message, ...cause };
  process.stderr.write(`${JSON.stringify(entry)}\n`);
}
