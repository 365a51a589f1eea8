import { createHash } from 'node:crypto';
import { z } from 'zod';
import { invalid } from './problem-error.ts';

const envelope = z.strictObject({ check: z.string(), position: z.unknown() });

/**
 * Cursors of one search: opaque to callers, worth nothing in another search or another organization, nor once a character of them is
 * changed. Whoever makes up a whole one gets to another place in their own list, and nowhere else.
 */
export class Cursors<P> {
  readonly #search: string;
  readonly #position: z.ZodType<P>;

  /** @param search everything that makes the search: its kind, the organization, the filters. */
  constructor(search: object, position: z.ZodType<P>) {
    this.#search = JSON.stringify(search);
    this.#position = position;
  }

  write(position: P | null): string | null {
    return position === null ? null : Buffer.from(JSON.stringify({ check: this.#checkOf(position), position })).toString('base64url');
  }

  /** @throws {ProblemError} `validation_failed` when the cursor is none, or one of another search. */
  read(cursor: string | undefined): P | null {
    if (cursor === undefined) return null;
    const read = envelope.safeParse(jsonOf(Buffer.from(cursor, 'base64url').toString('utf8')));
    const position =
      read.success && read.data.check === this.#checkOf(read.data.position) ? this.#position.safeParse(read.data.position) : undefined;
    if (!position?.success) throw invalid([{ pointer: '/cursor', detail: 'is not a cursor of this search' }]);
    return position.data;
  }

  #checkOf(position: unknown): string {
    return createHash('sha256')
      .update(`${this.#search}${JSON.stringify(position)}`)
      .digest('base64url')
      .slice(0, 16);
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
