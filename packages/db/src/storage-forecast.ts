import type { OrganizationScope } from './database.ts';

/** Messages whose content is stored, and how many bytes it takes. */
interface Stored {
  readonly messages: number;
  readonly bytes: number;
}

export interface StorageForecast {
  readonly stored: Stored;
  readonly withoutExpiry: Stored;
  /** What expired longer ago than the organization's `eraseAfterDays`, whether it is erased or not. */
  readonly erasable: Stored;
  readonly expiring: (Stored & { readonly month: string })[];
  readonly freed: (Stored & { readonly month: string })[];
}

const monthOf = (time: string) => `to_char(${time} at time zone 'UTC', 'YYYY-MM')`;

/**
 * How much content an organization stores, by the months (UTC) in which it expires and in which it will be freed. One reading
 * of an index, without the messages themselves.
 * @param days for which `erasable` is counted, in place of the organization's.
 */
export async function forecastStorage(scope: OrganizationScope, days?: number): Promise<StorageForecast> {
  const rows = await scope.query<Stored & { month: string | null; freed: string | null; erasable: boolean }>(
    `select ${monthOf('expires_at')} as month,
       case when o.content_after_expiry = 'erase' and expires_at is not null then ${monthOf('greatest(gone_at, statement_timestamp())')} end as freed,
       coalesce(expires_at <= statement_timestamp() - make_interval(hours => 24 * coalesce($2::int, o.erase_after_days)), false) as erasable, count(*) as messages, sum(blob_length)::bigint as bytes
     from (
       select m.expires_at, m.expires_at + make_interval(hours => 24 * o.erase_after_days) as gone_at, m.blob_length,
         o.content_after_expiry, o.erase_after_days
       from organization o join message m on m.organization_id = o.id and m.erased_at is null
       where o.id = $1
     ) o
     group by 1, 2, 3`,
    [scope.organizationId, days ?? null],
  );
  const sum = (some: readonly Stored[]): Stored => ({
    messages: some.reduce((total, row) => total + row.messages, 0),
    bytes: some.reduce((total, row) => total + row.bytes, 0),
  });
  const by = (key: 'month' | 'freed') =>
    [...Map.groupBy(rows, (row) => row[key])]
      .flatMap(([month, some]) => (month === null ? [] : [{ month, ...sum(some) }]))
      .toSorted((a, b) => a.month.localeCompare(b.month));
  return {
    stored: sum(rows),
    withoutExpiry: sum(rows.filter(({ month }) => month === null)),
    erasable: sum(rows.filter(({ erasable }) => erasable)),
    expiring: by('month'),
    freed: by('freed'),
  };
}
