import { healthStatuses, type HealthCheck } from '@signet/api-contract/health-report';

/** What a check has found, and what to do about it. */
export type Finding = Omit<HealthCheck, 'name'>;

/** A check: it gives up when told to. What it throws is a fault in the words of the error. */
export interface Check {
  readonly run: (signal: AbortSignal) => Promise<Finding>;
  /** What to do where it throws or says nothing. */
  readonly mend: string;
}

/** How long a check may take before it counts as a fault. */
const CHECK_MILLISECONDS = 5_000;

export function ok(found: string): Finding {
  return { status: 'ok', found, mend: null };
}

export function warning(found: string, mend: string): Finding {
  return { status: 'warning', found, mend };
}

export function fault(found: string, mend: string): Finding {
  return { status: 'fault', found, mend };
}

/** The worst status of several. */
export function worstOf(findings: readonly Pick<Finding, 'status'>[]): Finding['status'] {
  return healthStatuses.findLast((status) => findings.some((each) => each.status === status)) ?? 'ok';
}

/** Several findings as one: what each found, and what mends the worst of them. */
export function together(findings: readonly Finding[]): Finding {
  const status = worstOf(findings);
  return {
    status,
    found: findings.map(({ found }) => found).join('; '),
    mend: findings.find((each) => each.status === status)?.mend ?? null,
  };
}

/** Runs a check. One that fails or hangs is a fault, never a failure of whoever asked. */
export async function find({ run, mend }: Check, milliseconds = CHECK_MILLISECONDS): Promise<Finding> {
  const late = new AbortController();
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(new Error(`no answer within ${milliseconds / 1000} s`));
    late.abort();
  }, milliseconds);
  try {
    return await Promise.race([run(late.signal), promise]);
  } catch (error) {
    return fault(wordsOf(error), mend);
  } finally {
    clearTimeout(timer);
  }
}

/** What went wrong, as an operator reads it; several addresses may each have their reason. */
export function wordsOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(wordsOf).join('; ');
  return error instanceof Error ? error.message : 'unknown error';
}
