/** How entries are named that are to be erased by law: one by one, or by the address of a sender or recipient. */
export const erasureKinds = ['entries', 'address'] as const;
export type ErasureKind = (typeof erasureKinds)[number];

/**
 * What becomes of an entry that is to be erased. `waiting`: it will be erased. `erased`. `held`: a legal hold came first, and it stays. `gone`:
 * something else, as retention, had removed it.
 */
export const erasureOutcomes = ['waiting', 'erased', 'held', 'gone'] as const;
export type ErasureOutcome = (typeof erasureOutcomes)[number];

/** Entries of one erasure: named one by one, and by an address, of which the oldest are taken; and up to how many of an address that are held are counted. */
export const erasureLimits = { entries: 1_000, byAddress: 100_000, heldByAddress: 10_000 } as const;
