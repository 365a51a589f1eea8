import type { LogStream } from '@signet/domain/log/checkpoint';
import type { Tile, TilePlace, TileReader } from '@signet/domain/log/tile';
import type { Queryable } from './queryable.ts';

type Db = Queryable & { readonly organizationId: string };

/** The tiles at these places, as far as they are there, in one statement. */
export async function readTiles(db: Db, stream: LogStream, places: readonly TilePlace[]): Promise<TileReader> {
  const rows = await db.query<Tile>(
    `select t.level, t.number, t.hashes from log_tile t
     join unnest($3::smallint[], $4::bigint[]) as wanted(level, number) on wanted.level = t.level and wanted.number = t.number
     where t.organization_id = $1::uuid and t.stream = $2`,
    [db.organizationId, stream, places.map(({ level }) => level), places.map(({ number }) => number)],
  );
  const found = new Map(rows.map(({ level, number, hashes }) => [`${level}/${number}`, hashes]));
  return ({ level, number }) => found.get(`${level}/${number}`);
}

/** Puts tiles in, or what they hold more than before. A statement that would change a tile otherwise fails. */
export async function writeTiles(tx: Db, stream: LogStream, tiles: readonly Tile[]): Promise<void> {
  if (tiles.length === 0) return;
  await tx.query(
    `insert into log_tile (organization_id, stream, level, number, hashes)
     select $1::uuid, $2, tile.level, tile.number, tile.hashes from unnest($3::smallint[], $4::bigint[], $5::bytea[]) as tile(level, number, hashes)
     on conflict (organization_id, stream, level, number) do update set hashes = excluded.hashes`,
    [
      tx.organizationId,
      stream,
      tiles.map(({ level }) => level),
      tiles.map(({ number }) => number),
      tiles.map(({ hashes }) => Buffer.from(hashes)),
    ],
  );
}

/** Log entries from an index on, without gaps: the first one that is missing ends them. */
export async function readLogEntries(
  db: Db,
  stream: LogStream,
  { from, limit }: { readonly from: number; readonly limit: number },
): Promise<Buffer[]> {
  const rows = await db.query<{ logIndex: number; hash: Buffer }>(
    `select log_index as "logIndex", hash from log_entry
     where organization_id = $1::uuid and stream = $2 and log_index >= $3::bigint and log_index < $3::bigint + $4::bigint order by log_index`,
    [db.organizationId, stream, from, limit],
  );
  const gap = rows.findIndex(({ logIndex }, place) => logIndex !== from + place);
  return rows.slice(0, gap === -1 ? rows.length : gap).map(({ hash }) => hash);
}
