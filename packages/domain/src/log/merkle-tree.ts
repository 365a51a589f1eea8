import { hash as digestOf } from 'node:crypto';

/** Length in bytes of every hash of a tree. */
export const HASH_LENGTH = 32;

/** A perfect subtree: the leaves from `number * 2^level` on, 2^level of them. */
export interface Node {
  readonly level: number;
  readonly number: number;
}

/** The leaf of a log entry (RFC 6962, 2.1). */
export function leafHash(logEntry: Uint8Array): Uint8Array {
  return digestOf('sha256', Buffer.concat([leafPrefix, logEntry]), 'buffer');
}

/** The node above two others (RFC 6962, 2.1). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return digestOf('sha256', Buffer.concat([nodePrefix, left, right]), 'buffer');
}

const leafPrefix = Uint8Array.of(0);
const nodePrefix = Uint8Array.of(1);

/** The root of a tree without leaves. */
export function emptyRoot(): Uint8Array {
  return digestOf('sha256', '', 'buffer');
}

/** Roots of subtrees that lie side by side, each smaller than the one before, as one root. */
export function foldPeaks(peaks: readonly Uint8Array[]): Uint8Array {
  return peaks.length === 0 ? emptyRoot() : peaks.reduceRight((right, left) => nodeHash(left, right));
}

/**
 * The largest perfect subtrees that leaves are made of, from the left.
 * @param from where the first one may begin: a multiple of the largest power of two that fits.
 * @param to exclusive.
 */
export function perfectNodes(from: number, to: number): Node[] {
  const nodes: Node[] = [];
  for (let start = from; start < to;) {
    const width = largestPowerWithin(to - start);
    nodes.push({ level: Math.log2(width), number: start / width });
    start += width;
  }
  return nodes;
}

/** The largest power of two that is not above a number of 1 or more: counted up, since logarithms of large numbers are rounded. */
export function largestPowerWithin(count: number): number {
  let power = 1;
  while (power * 2 <= count) power *= 2;
  return power;
}

/** A tree that grows leaf by leaf and remembers no more than the roots of its perfect subtrees. */
export class GrowingTree {
  readonly #peaks: { readonly level: number; readonly hash: Uint8Array }[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  append(leaf: Uint8Array): void {
    let peak = { level: 0, hash: leaf };
    for (let last = this.#peaks.at(-1); last?.level === peak.level; last = this.#peaks.at(-1)) {
      this.#peaks.pop();
      peak = { level: peak.level + 1, hash: nodeHash(last.hash, peak.hash) };
    }
    this.#peaks.push(peak);
    this.#size += 1;
  }

  root(): Uint8Array {
    return foldPeaks(this.#peaks.map(({ hash }) => hash));
  }
}
