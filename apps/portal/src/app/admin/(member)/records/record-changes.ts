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
  const isList = Array.isArray(value) && value.every((item) => typeof item === 'string');
  const text = typeof value === 'string' ? value : isList ? value.join(', ') : JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/** A field's name as people write it: `messageId` becomes `message id`. */
function wordsOf(name: string): string {
  return name.replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** What an act changed, field by field; what stayed the same is left out. */
export function changesOf({ before, after }: Pick<AdminRecord, 'before' | 'after'>): Change[] {
  const [old, fresh] = [fieldsOf(before), fieldsOf(after)];
  return [...new Set([...Object.keys(old), ...Object.keys(fresh)])]
    .map((name) => ({ name: wordsOf(name), before: textOf(old[name]), after: textOf(fresh[name]) }))
    .filter((change) => change.before !== change.after);
}
