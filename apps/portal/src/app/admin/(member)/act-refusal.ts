const words = ['signedOut', 'unconfirmed', 'forbidden', 'gone', 'away'] as const;

/** Why an act could not be done, in a word of `account.refused`; each act may have more of its own. */
export type ActRefusal = (typeof words)[number];

/** Whether a refusal is one that any act may meet. */
export function isActRefusal(refusal: string): refusal is ActRefusal {
  return words.some((word) => word === refusal);
}
