import { tileOfNode, type TilePlace } from './tile.ts';
import { foldPeaks, largestPowerWithin, nodeHash, perfectNodes, type Node } from './merkle-tree.ts';

/**
 * The subtrees beside the way from a leaf to the root (RFC 6962, 2.1.1), the lowest first; each as its perfect subtrees from the left.
 * @throws {RangeError} for a leaf that the tree has not.
 */
function nodesOfInclusion(index: number, size: number): Node[][] {
  if (!(index >= 0 && index < size)) throw new RangeError(`A tree of ${size} leaves has no leaf ${index}`);
  const beside: Node[][] = [];
  let [from, to] = [0, size];
  while (to - from > 1) {
    const middle = from + largestPowerWithin(to - from - 1);
    if (index < middle) {
      beside.push(perfectNodes(middle, to));
      to = middle;
    } else {
      beside.push(perfectNodes(from, middle));
      from = middle;
    }
  }
  return beside.toReversed();
}

/** The tiles that a proof is made of. */
export function tilesOfInclusion(index: number, size: number): TilePlace[] {
  const places = nodesOfInclusion(index, size).flat().map(tileOfNode);
  return [...new Map(places.map((place) => [`${place.level}/${place.number}`, place])).values()];
}

/** The proof, from the hashes of perfect subtrees. */
export function inclusionProof(index: number, size: number, hashOf: (node: Node) => Uint8Array): Uint8Array[] {
  return nodesOfInclusion(index, size).map((nodes) => foldPeaks(nodes.map(hashOf)));
}

/** The root of the tree of that size in which the proof puts the leaf; null where it cannot be a proof for that place. */
export function rootByInclusion(leaf: Uint8Array, index: number, size: number, proof: readonly Uint8Array[]): Uint8Array | null {
  if (!(index >= 0 && index < size)) return null;
  const sides: ('left' | 'right')[] = [];
  let [from, to] = [0, size];
  while (to - from > 1) {
    const middle = from + largestPowerWithin(to - from - 1);
    sides.push(index < middle ? 'right' : 'left');
    if (index < middle) to = middle;
    else from = middle;
  }
  if (sides.length !== proof.length) return null;
  return proof.reduce((hash, beside, step) => (sides.at(-1 - step) === 'right' ? nodeHash(hash, beside) : nodeHash(beside, hash)), leaf);
}
