/**
 * How the C library keeps memory, where it is glibc's. Pieces of 128 KiB or more go back to the system when they are done with: left to
 * itself it raises that mark to megabytes, and keeps what ten large messages at once took. And threads share two heaps between them.
 */
export const allocatorSettings = { MALLOC_MMAP_THRESHOLD_: '131072', MALLOC_ARENA_MAX: '2' } as const;

/** MiB that V8 lets new objects take before it looks which are still needed: it holds up to three times as much, 48 with its own choice of 16. */
const youngHeap = (mebibytes: number) => `--max-semi-space-size=${mebibytes}`;

/** Percent by which V8 lets its old objects grow before it looks which are still needed; left to itself 300, and large pages of rows grow old (decision 0032). */
const oldHeap = '--heap-growing-percent=30';

/**
 * Options of Node for each program; the images (infra/images/Dockerfile) start them with the same. What the api reads for an export must not grow old before
 * it is written. The portal makes little of its own while a file passes: with 4 MiB for new objects, 50 MiB of pieces that had left were still there.
 */
export const nodeOptions = {
  api: [youngHeap(8), oldHeap],
  gateway: [youngHeap(4)],
  worker: [youngHeap(4)],
  portal: [youngHeap(1)],
  mailbox: [youngHeap(4)],
} as const;
