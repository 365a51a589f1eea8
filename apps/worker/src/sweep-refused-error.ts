/** A sweep that would do harm, if what it sees is not what it seems: it did nothing, and somebody has to look. */
export class SweepRefusedError extends Error {
  override readonly name = 'SweepRefusedError';
}
