import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { FastifyReply } from 'fastify';

/** Milliseconds after which a reader who takes nothing of what lies ready counts as gone. */
const PATIENCE = 120_000;

/** Milliseconds of silence after which the network is asked whether the reader is still there, so that what lies between does not forget the connection. */
const KEEP_ALIVE = 30_000;

/**
 * Answers 200 with text that is made while it is taken: no faster than its reader reads, and not at all once the reader has gone.
 * The reader gets the headers at once, however long the first piece with anything in it is looked for. An answer that cannot be finished ends with a broken connection, never cleanly.
 * @param pieces the text, of which one may be empty: something was looked at, and nothing found. Begun before, so that what is wrong from the start can still be said in words.
 * @returns whether the whole text was handed to the operating system; @throws what making it threw.
 */
export async function sendStream(
  reply: FastifyReply,
  headers: Readonly<Record<string, string>>,
  pieces: AsyncGenerator<string>,
  patience = PATIENCE,
): Promise<boolean> {
  const raw = reply.hijack().raw;
  // A connection is silent, too, while what comes next is looked for: that is no fault of the reader's.
  raw.setTimeout(patience, () => (raw.writableNeedDrain ? raw.destroy() : raw.setTimeout(patience)));
  const state: { failure: { readonly error: unknown } | null } = { failure: null };
  async function* watched() {
    for (;;) {
      const step = await pieces.next().catch((error: unknown) => {
        state.failure = { error };
        throw error;
      });
      if (step.done) return;
      if (step.value !== '') yield step.value;
    }
  }
  try {
    raw.writeHead(200, { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', 'x-accel-buffering': 'no', ...headers });
    raw.flushHeaders();
    raw.socket?.setKeepAlive(true, KEEP_ALIVE);
    await pipeline(Readable.from(watched(), { objectMode: false }), raw);
    return true;
  } catch {
    raw.destroy();
    await pieces.return(undefined);
    // What else can fail is the reader's connection.
    if (state.failure) throw state.failure.error;
    return false;
  }
}

/** The same text, whose first piece is made now: where that fails there is still an answer to say so with. */
export async function begun(pieces: AsyncGenerator<string>): Promise<AsyncGenerator<string>> {
  const first = await pieces.next();
  return (async function* () {
    try {
      if (first.done) return;
      yield first.value;
      yield* pieces;
    } finally {
      await pieces.return(undefined);
    }
  })();
}
