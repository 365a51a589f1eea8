/** Random choices that a seed repeats. */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** From 0 inclusive to 1 exclusive (mulberry32). */
  fraction(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number below a limit. */
  below(limit: number): number {
    return Math.floor(this.fraction() * limit);
  }

  one<T>(of: readonly [T, ...T[]]): T {
    return of[this.below(of.length)] ?? of[0];
  }

  /** A mix of all of them. */
  shuffled<T>(of: readonly T[]): T[] {
    return of
      .map((each) => [this.fraction(), each] as const)
      .toSorted(([a], [b]) => a - b)
      .map(([, each]) => each);
  }

  /** So many of them, each about equally often, in no order. */
  many<T>(of: readonly [T, ...T[]], count: number): T[] {
    const list: T[] = [];
    while (list.length < count) list.push(...this.shuffled(of));
    return list.slice(0, count);
  }
}
