import { createHash } from 'node:crypto';
import { z } from 'zod';
import { invalid } from './problem-error.ts';

const envelope = z.strictObject({ search: z.string(), position: z.unknown() });

/**
 * Cursors of one search: opaque to callers, worth nothing in another search or another organization. A position can be
 * made up, which only leads to another place in one's own list.
 */
export class Cursors<P> {
  readonly #search: string;
  readonly #position: z.ZodType<P>;

  /** @param search everything that makes the search: its kind, the organization, the filters. */
  constructor(search: object, position: z.ZodType<P>) {
    this.#search = createHash('sha256').update(JSON.stringify(search)).digest('base64url').slice(0, 16);
    this.#position = position;
  }

  write(position: P | null): string | null {
    return position === null ? null : Buffer.from(JSON.stringify({ search: this.#search, position })).toString('base64url');
  }

  /** @throws {ProblemError} `validation_failed` when the cursor is none, or one of another search. */
  read(cursor: string | undefined): P | null {
    if (cursor === undefined) return null;
    const read = envelope.safeParse(jsonOf(Buffer.from(cursor, 'base64url').toString('utf8')));
    const position = read.success && read.data.search === this.#search ? this.#position.safeParse(read.data.position) : undefined;
    if (!position?.success) throw invalid([{ pointer: '/cursor', detail: 'is not a cursor of this search' }]);
    return position.data;
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
