import { recordPieces, type RecordPiece } from '@signet/domain/audit/record-pieces';
import { decodeSlices, EncodingError } from '@signet/domain/decode-text';

/** Characters of one piece: far below what the api takes, however they are encoded, and often enough for whoever watches. */
const PIECE = 1024 * 1024;
/** Bytes that are read at once. */
const SLICE = 4 * 1024 * 1024;

/** Why nothing of a file is sent: it is no text, or cannot be read. */
export type ReadFault = 'wrongEncoding' | 'unreadable';

/** The pieces of a file of records. It is read to its end before anything is sent, so that of a damaged one nothing is. */
export async function readRecords(file: Blob): Promise<readonly RecordPiece[] | ReadFault> {
  const pieces: RecordPiece[] = [];
  try {
    for await (const piece of recordPieces(decodeSlices(slicesOf(file)), PIECE)) pieces.push(piece);
    return pieces;
  } catch (error) {
    if (error instanceof EncodingError) return 'wrongEncoding';
    // As where it was changed or taken away since it was chosen.
    if (error instanceof DOMException) return 'unreadable';
    throw error;
  }
}

async function* slicesOf(file: Blob): AsyncGenerator<Uint8Array, void, undefined> {
  for (let start = 0; start < file.size; start += SLICE) yield new Uint8Array(await file.slice(start, start + SLICE).arrayBuffer());
}
