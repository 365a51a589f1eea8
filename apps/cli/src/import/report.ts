import { ApiProblem } from '@signet/api-contract/client';

/** What became of one object of a file. */
export interface ImportEntry {
  readonly name: string;
  readonly outcome: 'taken' | 'changed' | 'unchanged' | 'refused';
  /** What was changed, or would be. */
  readonly changed: readonly string[];
  /** Why it was refused. */
  readonly reasons: readonly string[];
  /** Properties that say something and have no meaning here, where nothing depends on them. */
  readonly notTaken: readonly string[];
  /** What is different here, and should be known. */
  readonly notes: readonly string[];
}

/** An object as it is wanted: how to find out what it would change, and to do it. */
export interface Plan {
  readonly outcome: 'taken' | 'changed' | 'unchanged';
  readonly changed: readonly string[];
  readonly notTaken: readonly string[];
  readonly notes: readonly string[];
  /** What stands against it, as far as can be told without doing it. */
  readonly faults: () => Promise<readonly string[]> | readonly string[];
  readonly carryOut: () => Promise<void>;
}

/** An object that is not taken, and why: all reasons at once. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly reasons: readonly string[];

  constructor(reasons: readonly string[]) {
    super(reasons.join('; '));
    this.reasons = reasons;
  }
}

/** Carries a plan out, or finds out under `--what-if` what would become of it. What the API refuses of this one object is its outcome. */
export async function runPlan(name: string, plan: Plan, whatIf: boolean): Promise<ImportEntry> {
  const { outcome, changed, notTaken, notes } = plan;
  const done = { name, outcome, changed, reasons: [], notTaken, notes };
  if (outcome === 'unchanged') return done;
  if (whatIf) {
    const reasons = await plan.faults();
    return reasons.length === 0 ? done : refusal(name, reasons);
  }
  try {
    await plan.carryOut();
    return done;
  } catch (error) {
    return refusal(name, reasonsOf(error));
  }
}

export function refusal(name: string, reasons: readonly string[]): ImportEntry {
  return { name, outcome: 'refused', changed: [], reasons, notTaken: [], notes: [] };
}

/** @throws what is no word about this object: who asks may not, or the API does not answer. */
function reasonsOf(error: unknown): string[] {
  if (!(error instanceof ApiProblem) || error.status >= 500 || [401, 403, 429].includes(error.status)) throw error;
  return error.errors.length === 0 ? [error.detail] : error.errors.map(({ pointer, detail }) => `${pointer}: ${detail}`);
}

/** The lines for people about one object. */
export function linesOf({ name, outcome, changed, reasons, notTaken, notes }: ImportEntry): string[] {
  return [
    `${outcome.padEnd(10)} ${name}${changed.length === 0 ? '' : `: ${changed.join(', ')}`}`,
    ...reasons.map((reason) => `             ${reason}`),
    ...(notTaken.length === 0 ? [] : [`             not taken: ${notTaken.join(', ')}`]),
    ...notes.map((line) => `             note: ${line}`),
  ];
}
