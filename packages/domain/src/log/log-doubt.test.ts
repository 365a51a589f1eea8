import { expect, test } from 'vitest';
import { vectorEntry } from '../testing/log-vectors.ts';
import { doubtOf, type LogState } from './log-doubt.ts';
import { leafHash } from './merkle-tree.ts';
import { edgeTiles, growTiles, rootOfTiles, type TileReader } from './tile.ts';

/** A log of five hundred entries, and what its checkpoint of a size would be. */
const tiles = new Map(
  growTiles(
    0,
    () => undefined,
    Array.from({ length: 500 }, (_, index) => leafHash(vectorEntry(index))),
  ).map((tile) => [`${tile.level}/${tile.number}`, tile.hashes]),
);
const tileAt: TileReader = ({ level, number }) => tiles.get(`${level}/${number}`);
const at = (size: number, note = `note of ${size}`) => ({ origin: 'log', size, root: rootOfTiles(size, tileAt), note });
const forged = (size: number) => ({ ...at(size, `another note of ${size}`), root: new Uint8Array(32) });

const whole: LogState = { entries: 510, signed: at(500), isPublished: true, kept: at(500), tileAt };
const kindOf = (change: Partial<LogState>) => doubtOf({ ...whole, ...change })?.kind ?? null;

test('nothing is doubted of a log whose checkpoints agree, whatever a crash between two writes left', () => {
  expect(kindOf({})).toBeNull();
  // Signed, and neither in blob storage nor published yet; in blob storage, and not published.
  for (const kept of [null, at(300), at(500)]) expect(kindOf({ isPublished: false, kept })).toBeNull();
  expect(kindOf({ kept: at(256) })).toBeNull();
  expect(kindOf({ entries: 0, signed: null, isPublished: false, kept: null })).toBeNull();
});

test('a log is doubted when the database is behind, or blob storage has what the log never was', () => {
  expect(kindOf({ kept: at(500), signed: at(300), entries: 300 })).toBe('database_behind');
  expect(kindOf({ kept: at(500), signed: null, isPublished: false, entries: 0 })).toBe('database_behind');
  expect(kindOf({ kept: null })).toBe('checkpoint_missing');
  expect(kindOf({ kept: { note: 'nonsense', unread: 'This is no checkpoint' } })).toBe('checkpoint_differs');
  for (const size of [1, 300, 500]) expect(kindOf({ kept: forged(size) })).toBe('checkpoint_differs');
});

test('a database that contradicts itself is doubted before all else, and no word of an operator helps', () => {
  const doubts = [
    doubtOf({ ...whole, entries: 499 }),
    doubtOf({ ...whole, signed: forged(500), kept: forged(500) }),
    doubtOf({ ...whole, kept: null, tileAt: () => undefined }),
    doubtOf({ ...whole, tileAt: (place) => tileAt(place)?.subarray(32) }),
  ];
  expect(doubts.map((doubt) => [doubt?.kind, doubt?.restorable])).toEqual([
    ['entries_missing', false],
    ['tiles_differ', false],
    ['tiles_differ', false],
    ['tiles_differ', false],
  ]);
  expect(edgeTiles(500)).toHaveLength(2);
});
