/** A row as PostgreSQL answers it, column by column. */
export type Row = Record<string, unknown>;

/** Anything that runs one SQL statement. `bigint` columns come as numbers, `timestamptz` as Dates, `bytea` as Buffers. */
export interface Queryable {
  query<R extends object = Row>(sql: string, values?: readonly unknown[]): Promise<R[]>;
}
