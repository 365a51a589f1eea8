import type { AdminRecord } from '@signet/domain/audit/admin-record';

interface Change {
  readonly name: string;
  readonly before: string | null;
  readonly after: string | null;
}

const LONGEST = 200;

function fieldsOf(value: AdminRecord['before']): Readonly<Record<string, unknown>> {
  if (value === null) return {};
  return typeof value === 'object' && !Array.isArray(value) ? value : { value };
}

function textOf(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/** What an act changed, field by field; what stayed the same is left out. */
export function changesOf({ before, after }: Pick<AdminRecord, 'before' | 'after'>): Change[] {
  const [old, fresh] = [fieldsOf(before), fieldsOf(after)];
  return [...new Set([...Object.keys(old), ...Object.keys(fresh)])]
    .map((name) => ({ name, before: textOf(old[name]), after: textOf(fresh[name]) }))
    .filter((change) => change.before !== change.after);
}
