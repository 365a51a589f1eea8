import { foldPeaks, HASH_LENGTH, nodeHash, perfectNodes, type Node } from './merkle-tree.ts';

/** Levels of the tree in one tile (C2SP tlog-tiles). */
const TILE_HEIGHT = 8;
/** Hashes of a full tile. */
export const TILE_WIDTH = 2 ** TILE_HEIGHT;
/** Above it there is nothing, however large a log is (C2SP tlog-tiles). */
const MAXIMUM_LEVEL = 63;

/** Which tile: the hashes from `number * 256` on of every eighth level of the tree. */
export interface TilePlace {
  readonly level: number;
  readonly number: number;
}

/** A tile as far as it is filled: hashes one behind the other. */
export interface Tile extends TilePlace {
  readonly hashes: Uint8Array;
}

/** Hashes of a tile as they are stored; undefined where there is none. */
export type TileReader = (place: TilePlace) => Uint8Array | undefined;

/** A log's tiles lack one, or what it should hold. */
export class TileMissingError extends Error {
  override readonly name = 'TileMissingError';
}

/**
 * Reads the rest of a path behind `tile/` (C2SP tlog-tiles): `<L>/<N>` or `<L>/<N>.p/<W>`, with N in groups of three digits, as in
 * `x001/x234/067`. @returns null for what no tile is called.
 */
export function readTilePath(path: string): (TilePlace & { readonly width: number }) | null {
  const found = /^(0|[1-9]\d?)\/((?:x\d{3}\/){0,5}\d{3})(?:\.p\/([1-9]\d{0,2}))?$/.exec(path);
  if (!found) return null;
  const [, level = '', groups = '', width] = found;
  const place = { level: Number(level), number: Number(groups.replaceAll(/[x/]/g, '')) };
  const filled = width === undefined ? TILE_WIDTH : Number(width);
  if (place.level > MAXIMUM_LEVEL || !Number.isSafeInteger(place.number)) return null;
  // A full tile has one name, and each number too.
  if ((width !== undefined && filled >= TILE_WIDTH) || groups.startsWith('x000')) return null;
  return { ...place, width: filled };
}

/** How many hashes a tile has in a tree of a size. */
export function widthOf({ level, number }: TilePlace, size: number): number {
  const hashes = Math.floor(size / TILE_WIDTH ** level);
  return Math.max(0, Math.min(TILE_WIDTH, hashes - number * TILE_WIDTH));
}

/** The tiles that are not full in a tree of a size, from the lowest level: all that its root is made of, and all that grows with it. */
export function edgeTiles(size: number): TilePlace[] {
  const places: TilePlace[] = [];
  let hashes = size;
  for (let level = 0; hashes > 0; level += 1) {
    if (hashes % TILE_WIDTH > 0) places.push({ level, number: Math.floor(hashes / TILE_WIDTH) });
    hashes = Math.floor(hashes / TILE_WIDTH);
  }
  return places;
}

/** The tile whose hashes, one or a power of two of them, make the root of a perfect subtree. */
export function tileOfNode({ level, number }: Node): TilePlace {
  const tileLevel = Math.floor(level / TILE_HEIGHT);
  return { level: tileLevel, number: Math.floor((number * 2 ** (level % TILE_HEIGHT)) / TILE_WIDTH) };
}

/** The root of a perfect subtree. @throws {TileMissingError} */
export function nodeInTile(node: Node, tileAt: TileReader): Uint8Array {
  const place = tileOfNode(node);
  const width = 2 ** (node.level % TILE_HEIGHT);
  const first = node.number * width - place.number * TILE_WIDTH;
  const hashes = tileAt(place);
  if (!hashes || hashes.length < (first + width) * HASH_LENGTH) {
    throw new TileMissingError(`Tile ${place.number} of level ${place.level} lacks hash ${first + width - 1}`);
  }
  return perfectRoot(hashes.subarray(first * HASH_LENGTH, (first + width) * HASH_LENGTH));
}

/** The root of the tree of a size, from its edge tiles. @throws {TileMissingError} */
export function rootOfTiles(size: number, tileAt: TileReader): Uint8Array {
  return foldPeaks(perfectNodes(0, size).map((node) => nodeInTile(node, tileAt)));
}

/**
 * Appends leaves to a log.
 * @param size of the log before.
 * @param tileAt its edge tiles; what they hold beyond that size is not looked at.
 * @param leaves leaf hashes.
 * @returns the tiles that are new or hold more than before, each with all it holds.
 * @throws {TileMissingError}
 */
export function growTiles(size: number, tileAt: TileReader, leaves: readonly Uint8Array[]): Tile[] {
  const changed: Tile[] = [];
  let added = leaves;
  for (let level = 0; added.length > 0; level += 1) {
    const before = Math.floor(size / TILE_WIDTH ** level);
    const upwards: Uint8Array[] = [];
    for (let done = 0; done < added.length;) {
      const number = Math.floor((before + done) / TILE_WIDTH);
      const filled = before + done - number * TILE_WIDTH;
      const taken = added.slice(done, done + TILE_WIDTH - filled);
      const hashes = Buffer.concat([heldHashes({ level, number }, filled, tileAt), ...taken]);
      changed.push({ level, number, hashes });
      if (hashes.length === TILE_WIDTH * HASH_LENGTH) upwards.push(perfectRoot(hashes));
      done += taken.length;
    }
    added = upwards;
  }
  return changed;
}

/**
 * Compares a tile with those below it, of whose roots it is made.
 * @param width hashes that it should have.
 * @returns the leaf with which the first wrong hash begins; null where none is wrong.
 */
export function firstWrongLeaf(place: TilePlace, width: number, tileAt: TileReader): number | null {
  const { level, number } = place;
  const hashes = tileAt(place) ?? new Uint8Array();
  for (let index = 0; index < width; index += 1) {
    const below = number * TILE_WIDTH + index;
    const hash = Buffer.from(hashes.subarray(index * HASH_LENGTH, (index + 1) * HASH_LENGTH));
    const full = tileAt({ level: level - 1, number: below });
    if (full?.length !== TILE_WIDTH * HASH_LENGTH || !hash.equals(perfectRoot(full))) return below * TILE_WIDTH ** level;
  }
  return null;
}

function heldHashes(place: TilePlace, count: number, tileAt: TileReader): Uint8Array {
  if (count === 0) return new Uint8Array();
  const hashes = tileAt(place);
  if (!hashes || hashes.length < count * HASH_LENGTH) {
    throw new TileMissingError(`Tile ${place.number} of level ${place.level} holds less than ${count} hashes`);
  }
  return hashes.subarray(0, count * HASH_LENGTH);
}

/** The root above hashes, a power of two of them. */
function perfectRoot(hashes: Uint8Array): Uint8Array {
  if (hashes.length === HASH_LENGTH) return hashes;
  const half = hashes.length / 2;
  return nodeHash(perfectRoot(hashes.subarray(0, half)), perfectRoot(hashes.subarray(half)));
}
