import { cookies } from 'next/headers';

/** Columns of the list of messages besides the subject, in their order. */
export const columnNames = ['sender', 'recipients', 'sent', 'template', 'size', 'expires', 'delivery', 'state'] as const;
export type ColumnName = (typeof columnNames)[number];

const presetColumns: readonly ColumnName[] = ['sender', 'recipients', 'sent', 'delivery', 'state'];

export const COLUMNS_COOKIE = 'signet-columns';

/** The names in a text that are columns, in the order of the columns. */
export function columnsOf(text: string): readonly ColumnName[] {
  const names = text.split('.');
  return columnNames.filter((name) => names.includes(name));
}

/** The columns that this browser chose. */
export async function chosenColumns(): Promise<readonly ColumnName[]> {
  const kept = (await cookies()).get(COLUMNS_COOKIE)?.value;
  return kept === undefined ? presetColumns : columnsOf(kept);
}
