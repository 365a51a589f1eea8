import type { StreamingReader } from '@signet/db/recipient-state';
import { YoungGarbage } from '@signet/vault/young-garbage';
import type { FastifyReply } from 'fastify';
import type { ServerResponse } from 'node:http';
import type { CutReason, StreamsInFlight } from './streams-in-flight.ts';

/** Bytes handed to the connection at once: what can still leave after a cut is this and what the kernel holds, which is thrown away. */
const PIECE = 64 * 1024;

/** One for the process, as its memory is. */
const youngGarbage = new YoungGarbage();

/** Plaintext whose first bytes are authenticated already, so that deciding came after decrypting and before sending. */
export class ReadyContent {
  readonly #source: AsyncGenerator<Uint8Array>;
  readonly #first: IteratorResult<Uint8Array, unknown>;

  private constructor(source: AsyncGenerator<Uint8Array>, first: IteratorResult<Uint8Array, unknown>) {
    this.#source = source;
    this.#first = first;
  }

  /** Decrypts the first frame. @throws {VaultError} when the content cannot be read. */
  static async open(source: AsyncGenerator<Uint8Array>): Promise<ReadyContent> {
    return new ReadyContent(source, await source.next());
  }

  get firstBytes(): Uint8Array {
    return this.#first.done ? new Uint8Array() : this.#first.value;
  }

  /**
   * The last piece is held back until the source has ended well: what is only found at the very end (an end that is not
   * authentic) must not come after an answer that looks whole. Each piece is good until the next one is asked for.
   */
  async *pieces(): AsyncGenerator<Uint8Array> {
    // A copy, since the source's memory goes with its next chunk; one buffer serves the whole stream.
    const buffer = Buffer.allocUnsafeSlow(PIECE);
    let held = 0;
    try {
      for (let step = this.#first; !step.done; step = await this.#source.next()) {
        if (step.value.length === 0) continue;
        if (held > 0) yield buffer.subarray(0, held);
        const last = PIECE * Math.floor((step.value.length - 1) / PIECE);
        for (let at = 0; at < last; at += PIECE) yield step.value.subarray(at, at + PIECE);
        buffer.set(step.value.subarray(last));
        held = step.value.length - last;
      }
      if (held > 0) yield buffer.subarray(0, held);
    } finally {
      await this.close();
    }
  }

  /** Closes the blob; whoever decides not to send calls it. */
  async close(): Promise<void> {
    await this.#source.return(undefined);
  }
}

/** How a stream ended. `broken-off`: by its reader. `cut`: because the reader may not have it any more. `failed`: in the vault. */
export type StreamEnd =
  | { readonly outcome: 'complete' | 'broken-off' }
  | { readonly outcome: 'cut'; readonly reason: CutReason }
  | { readonly outcome: 'failed'; readonly error: unknown };

/**
 * Streams content to a reader who may have it now, one piece at a time, and stops when they may not any more. Anything but
 * a complete answer ends with a reset connection: never a clean end, and what waits in the kernel's buffer is thrown away.
 * @param onSent told of bytes once the operating system has them.
 */
export async function streamContent(
  reply: FastifyReply,
  answer: { status: number; headers: Record<string, string | number> },
  content: ReadyContent,
  inFlight: { streams: StreamsInFlight; reader: StreamingReader },
  onSent: (bytes: number) => void = () => undefined,
): Promise<StreamEnd> {
  const raw = reply.hijack().raw;
  const closed = Promise.withResolvers<false>();
  raw.once('close', () => closed.resolve(false));
  const state: { cut: CutReason | null } = { cut: null };
  const over = inFlight.streams.add(inFlight.reader, (reason) => {
    state.cut ??= reason;
    reset(raw);
  });
  const pieces = content.pieces();
  try {
    raw.writeHead(answer.status, answer.headers);
    for await (const piece of pieces) {
      if (!(await write(raw, piece, closed.promise))) break;
      onSent(piece.length);
      youngGarbage.add(piece.length);
    }
    const finished = !raw.destroyed && (await finish(raw, closed.promise));
    if (state.cut !== null) return { outcome: 'cut', reason: state.cut };
    return { outcome: finished ? 'complete' : 'broken-off' };
  } catch (error) {
    reset(raw);
    return { outcome: 'failed', error };
  } finally {
    over();
  }
}

function write(raw: ServerResponse, piece: Uint8Array, closed: Promise<false>): Promise<boolean> {
  if (raw.destroyed) return Promise.resolve(false);
  const written = Promise.withResolvers<boolean>();
  raw.write(piece, (error) => written.resolve(!error));
  return Promise.race([written.promise, closed]);
}

function finish(raw: ServerResponse, closed: Promise<false>): Promise<boolean> {
  const finished = Promise.withResolvers<boolean>();
  raw.end(() => finished.resolve(raw.writableFinished));
  return Promise.race([finished.promise, closed]);
}

function reset(raw: ServerResponse): void {
  if (raw.socket && !raw.socket.destroyed) raw.socket.resetAndDestroy();
  else raw.destroy();
}
