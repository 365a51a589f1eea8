/** Places of an audit log whose records were removed, as admin records tell that were proved (`RemovalVerifier`). */
export class KnownRemovals {
  readonly #ranges: { readonly first: number; readonly last: number }[] = [];
  #isInOrder = true;

  /** @param ranges stretches of places, inclusive both ways. */
  add(ranges: readonly { readonly first: number; readonly last: number }[]): void {
    this.#ranges.push(...ranges);
    this.#isInOrder = false;
  }

  has(place: number): boolean {
    if (!this.#isInOrder) {
      this.#ranges.sort((one, other) => one.first - other.first);
      this.#isInOrder = true;
    }
    // The last stretch that begins at the place or before it: stretches do not overlap.
    let [low, high] = [0, this.#ranges.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#ranges[middle]?.first ?? Infinity) <= place) low = middle + 1;
      else high = middle;
    }
    return (this.#ranges[low - 1]?.last ?? -1) >= place;
  }
}
