import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { logVectors, vectorEntry } from '../testing/log-vectors.ts';
import { inclusionProof, rootByInclusion, tilesOfInclusion } from './inclusion-proof.ts';
import { GrowingTree, leafHash } from './merkle-tree.ts';
import { edgeTiles, growTiles, nodeInTile, readTilePath, rootOfTiles, TileMissingError, widthOf, type TilePlace } from './tile.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const nameOf = ({ level, number }: TilePlace) => `${level}/${number}`;

/** A log as a store would keep it, fed in portions. */
function storedLog() {
  const tiles = new Map<string, Uint8Array>();
  let size = 0;
  const log = {
    tiles,
    size: () => size,
    tileAt: (place: TilePlace) => tiles.get(nameOf(place)),
    add: (count: number) => {
      const leaves = Array.from({ length: count }, (_, index) => leafHash(vectorEntry(size + index)));
      // Nothing but the edge is at hand while a log grows.
      const edge = new Set(edgeTiles(size).map(nameOf));
      const changed = growTiles(size, (place) => (edge.has(nameOf(place)) ? log.tileAt(place) : undefined), leaves);
      for (const { hashes, ...place } of changed) tiles.set(nameOf(place), hashes);
      size += count;
    },
  };
  return log;
}

/** Bytes of the vectors' log, sealed in portions of odd sizes. */
function vectorLog() {
  const log = storedLog();
  for (let portion = 1; log.size() < 70_000; portion = (portion * 7) % 1_009) log.add(Math.min(portion, 70_000 - log.size()));
  return log;
}

test('tiles that grew in portions are those of another implementation, and give its roots and proofs', () => {
  const log = vectorLog();
  for (const { level, number, width, size, sha256 } of logVectors.tiles) {
    expect(widthOf({ level, number }, size)).toBeGreaterThanOrEqual(width);
    const hashes = log.tileAt({ level, number })?.subarray(0, width * 32) ?? new Uint8Array();
    expect({ level, number, width, sha256: createHash('sha256').update(hashes).digest('hex') }).toEqual({ level, number, width, sha256 });
  }
  for (const { size, root } of logVectors.roots) expect(hex(rootOfTiles(size, log.tileAt))).toBe(root);
  for (const { index, size, length, sha256 } of logVectors.proofs) {
    const needed = new Set(tilesOfInclusion(index, size).map(nameOf));
    const proof = inclusionProof(index, size, (node) =>
      nodeInTile(node, (place) => (needed.has(nameOf(place)) ? log.tileAt(place) : undefined)),
    );
    const digest = createHash('sha256').update(Buffer.concat(proof)).digest('hex');
    expect({ index, size, length: proof.length, sha256: digest }).toEqual({ index, size, length, sha256 });
    const root = rootByInclusion(leafHash(vectorEntry(index)), index, size, proof);
    expect(root && hex(root)).toBe(hex(rootOfTiles(size, log.tileAt)));
  }
});

test('however a log grows, its tiles are the same and its root is that of all leaves', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(700), { maxLength: 6 }), (portions) => {
      const [log, whole] = [storedLog(), storedLog()];
      for (const portion of portions) log.add(portion);
      whole.add(log.size());
      expect(log.tiles).toEqual(whole.tiles);
      const tree = new GrowingTree();
      for (let index = 0; index < log.size(); index += 1) tree.append(leafHash(vectorEntry(index)));
      expect(hex(rootOfTiles(log.size(), log.tileAt))).toBe(hex(tree.root()));
      for (const [name, hashes] of log.tiles) {
        const [level = 0, number = 0] = name.split('/').map(Number);
        expect(hashes.length).toBe(32 * widthOf({ level, number }, log.size()));
      }
    }),
    { numRuns: 30 },
  );
});

test('no leaf is proved at another place, of another size, or by a changed proof', () => {
  const log = storedLog();
  log.add(300);
  const leaf = leafHash(vectorEntry(77));
  const proof = inclusionProof(77, 300, (node) => nodeInTile(node, log.tileAt));
  const root = hex(rootOfTiles(300, log.tileAt));
  const rootBy = (index: number, size: number, given: readonly Uint8Array[]) =>
    hex(rootByInclusion(leaf, index, size, given) ?? Buffer.alloc(0));
  expect(rootBy(77, 300, proof)).toBe(root);
  expect(rootBy(76, 300, proof)).not.toBe(root);
  expect(rootBy(77, 300, proof.toReversed())).not.toBe(root);
  for (const [index, size, given] of [
    [77, 300, proof.slice(1)],
    [300, 300, proof],
    [-1, 300, proof],
    [0, 0, []],
  ] as const) {
    expect(rootByInclusion(leaf, index, size, given)).toBeNull();
  }
  expect(() => inclusionProof(300, 300, () => leaf)).toThrow(RangeError);
});

test('a log whose tiles lack something gives no root and does not grow', () => {
  const log = storedLog();
  log.add(300);
  const lacking = (place: TilePlace) => (place.level === 0 ? log.tileAt(place)?.subarray(0, 32) : log.tileAt(place));
  expect(() => rootOfTiles(300, lacking)).toThrow(TileMissingError);
  expect(() => growTiles(300, lacking, [leafHash(vectorEntry(0))])).toThrow(TileMissingError);
  expect(() => growTiles(300, () => undefined, [leafHash(vectorEntry(0))])).toThrow(TileMissingError);
});

test('a tile’s path is read as C2SP writes it', () => {
  for (const { path, ...place } of [...logVectors.tiles, ...logVectors.paths]) {
    expect(readTilePath(path)).toEqual({ level: place.level, number: place.number, width: place.width });
  }
});

test.each([
  '0/0',
  '0/1234',
  '0/x001',
  '0/x1/234',
  '0/x000/001',
  '00/000',
  '64/000',
  '-1/000',
  '0/000.p/0',
  '0/000.p/256',
  '0/000.p/01',
  '0/000.p/',
  '0/000/',
  '0/000.p/1/2',
  'data/000',
  '0/../000',
  '0/x999/x999/x999/x999/x999/999',
  '',
])('what is no tile’s path is not read: %s', (path) => {
  expect(readTilePath(path)).toBeNull();
});
