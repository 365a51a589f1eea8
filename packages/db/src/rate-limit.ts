import type { Transaction } from './database.ts';
import type { Queryable } from './queryable.ts';

/** Whether something may happen once more, and in how many seconds it may where not. */
export type RateDecision = { readonly allowed: true } | { readonly allowed: false; readonly retryAfterSeconds: number };

/**
 * Counts one more try in a bucket, before what it tries is checked, and says whether it is within the limit. Windows are
 * fixed: at most `limit` tries in each span of `windowSeconds`, counted by all processes together.
 * @param bucket what is limited, e.g. `sign-in:email:…`; a text that may be stored (no secret).
 */
export async function countTry(db: Queryable, bucket: string, limit: number, windowSeconds: number): Promise<RateDecision> {
  const [row] = await db.query<{ count: number; seconds_left: number }>(
    `insert into rate_limit (bucket, window_start, count)
     values ($1, to_timestamp(floor(extract(epoch from statement_timestamp()) / $2::int) * $2::int), 1)
     on conflict (bucket, window_start) do update set count = rate_limit.count + 1
     returning count, ceil(extract(epoch from window_start) + $2::int - extract(epoch from statement_timestamp()))::int as seconds_left`,
    [bucket, windowSeconds],
  );
  if (!row || row.count <= limit) return { allowed: true };
  return { allowed: false, retryAfterSeconds: Math.max(1, row.seconds_left) };
}

/** Forgets the tries in a bucket: what was tried has succeeded. */
export async function forgetTries(db: Queryable, bucket: string): Promise<void> {
  await db.query('delete from rate_limit where bucket = $1', [bucket]);
}

/**
 * Counts one more try in each of several buckets, or in none where one of them is full. Whoever calls it holds locks without which
 * nobody counts in these buckets, and asks in the transaction that does what is tried: what is rolled back was not tried.
 */
export async function countTries(tx: Transaction, buckets: readonly string[], limit: number, windowSeconds: number): Promise<RateDecision> {
  const start = 'to_timestamp(floor(extract(epoch from statement_timestamp()) / $2::int) * $2::int)';
  const [full] = await tx.query<{ seconds_left: number }>(
    `select ceil(extract(epoch from window_start) + $2::int - extract(epoch from statement_timestamp()))::int as seconds_left
     from rate_limit where bucket = any($1::text[]) and window_start = ${start} and count >= $3::int limit 1`,
    [buckets, windowSeconds, limit],
  );
  if (full) return { allowed: false, retryAfterSeconds: Math.max(1, full.seconds_left) };
  await tx.query(
    `insert into rate_limit (bucket, window_start, count) select bucket, ${start}, 1 from unnest($1::text[]) as bucket
     on conflict (bucket, window_start) do update set count = rate_limit.count + 1`,
    [buckets, windowSeconds],
  );
  return { allowed: true };
}
