/** What is smaller goes with the garbage: it does not add up to much. */
const WORTH_FREEING = 4096;

/**
 * Gives memory back that nobody else knows, without waiting for the garbage collector: it lets about 64 MiB of such pieces
 * gather before it looks, which is all the memory that a process has for ten messages at once. Pieces that share their memory
 * with others stay as they are.
 */
export function freeAtOnce({ buffer, byteLength }: Uint8Array): void {
  if (byteLength === buffer.byteLength) free(buffer);
}

/**
 * The same for pieces that were cut off one buffer from its begin to its end, each done with before the next: the last one takes
 * the whole buffer along.
 */
export function freeWithLast({ buffer, byteOffset, byteLength }: Uint8Array): void {
  if (byteOffset + byteLength === buffer.byteLength) free(buffer);
}

function free(buffer: ArrayBufferLike): void {
  if (buffer.byteLength < WORTH_FREEING || !(buffer instanceof ArrayBuffer)) return;
  try {
    buffer.transfer(0);
  } catch (error) {
    // Node's pool of small buffers cannot be taken away: a piece of it may well end where the pool does.
    if (!(error instanceof TypeError)) throw error;
  }
}
