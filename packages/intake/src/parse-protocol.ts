import type { OriginalOnlyReason, ParseLimits } from './parse-limits.ts';
import type { ParsedMessage, PartMeta } from './parsed-message.ts';

/**
 * From the pool to its worker, one message at a time: `start`, then a `chunk` for each `next` until `end`, and an `ack` for each `bytes`.
 * So neither side runs ahead of the other by more than one piece.
 */
export type ToWorker =
  | { readonly type: 'start'; readonly header: Uint8Array; readonly limits: ParseLimits }
  | { readonly type: 'chunk'; readonly bytes: Uint8Array }
  | { readonly type: 'end' }
  | { readonly type: 'ack' };

/** From the worker to its pool. `done` and `refused` end the message; after `refused` the worker is replaced. */
export type FromWorker =
  | { readonly type: 'next' }
  | { readonly type: 'part'; readonly meta: PartMeta }
  | { readonly type: 'bytes'; readonly bytes: Uint8Array }
  | { readonly type: 'partEnd' }
  | { readonly type: 'done'; readonly message: ParsedMessage }
  | { readonly type: 'refused'; readonly reason: OriginalOnlyReason };
