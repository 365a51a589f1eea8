import { wordsOf } from './error-words.ts';

/** One thing that the worker stands on. The check throws, in words for operators, while it cannot be stood on. */
export interface ReadinessCheck {
  readonly subject: string;
  check(): Promise<void>;
}

export interface Readiness {
  readonly status: 'ok' | 'unavailable';
  readonly checks: Readonly<Record<string, 'ok' | 'unavailable'>>;
  /** Why, by subject, for what is not. */
  readonly reasons: Readonly<Record<string, string>>;
}

/** A check that says nothing for so long has failed, in milliseconds. */
const PATIENCE = 3_000;

/** Asks everything at once. The next hop is not asked: while it is away mail waits, and nothing else does. */
export async function readinessOf(checks: readonly ReadinessCheck[]): Promise<Readiness> {
  const reasons = await Promise.all(checks.map(async (each) => [each.subject, await troubleOf(each)] as const));
  const troubles = reasons.flatMap(([subject, reason]) => (reason === null ? [] : [[subject, reason] as const]));
  return {
    status: troubles.length === 0 ? 'ok' : 'unavailable',
    checks: Object.fromEntries(reasons.map(([subject, reason]) => [subject, reason === null ? 'ok' : 'unavailable'])),
    reasons: Object.fromEntries(troubles),
  };
}

async function troubleOf(subject: ReadinessCheck): Promise<string | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${PATIENCE / 1000} s`)), PATIENCE);
  });
  try {
    await Promise.race([subject.check(), late]);
    return null;
  } catch (error) {
    return wordsOf(error);
  } finally {
    clearTimeout(timer);
  }
}
