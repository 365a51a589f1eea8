import { z } from 'zod';
import { canonicalJson, logEntryOfText, SALT_LENGTH } from './canonical-form.ts';

/** Length in bytes of a log entry. */
const HASH_LENGTH = 32;

/** A line of an exported log: a log entry, and what it was made of, where that was not erased by law. */
export interface ExportedLine {
  /** Place in the log, from 0. */
  readonly logIndex: number;
  /** The log entry (`logEntryOf`), 32 bytes: the content of the leaf. */
  readonly hash: Uint8Array;
  /** Null where record and salt were erased. */
  readonly intact: {
    /** 32 bytes. */
    readonly salt: Uint8Array;
    /** The record's canonical text (`canonicalRecord`), as it was hashed. */
    readonly text: string;
  } | null;
}

/** A line that is none of an exported log's. */
export class ExportedLineError extends Error {
  override readonly name = 'ExportedLineError';
}

/**
 * A line of NDJSON, without its end, in one form that never changes: the RFC 8785 text of
 * `{ entry, hash, logIndex, salt }`, or of `{ erased: true, hash, logIndex }`. `hash` and `salt` are in lower-case hex; `entry` is the
 * record without its `logIndex`. As the whole line is canonical, the bytes of `entry` in it are the bytes that were hashed.
 */
export function writeExportedLine({ logIndex, hash, intact }: ExportedLine): string {
  const place = `"hash":"${hexOf(hash)}","logIndex":${logIndex}`;
  return intact === null ? `{"erased":true,${place}}` : `{"entry":${intact.text},${place},"salt":"${hexOf(intact.salt)}"}`;
}

/** Whether an intact line's hash is that of its record under its salt; an erased one has nothing that could be compared. */
export function isTrueLine({ hash, intact }: ExportedLine): boolean {
  return intact === null || hexOf(logEntryOfText(intact.text, intact.salt)) === hexOf(hash);
}

const hex = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${2 * bytes}}$`));
const place = { hash: hex(HASH_LENGTH), logIndex: z.int().nonnegative() };
/** Passed on as it is: what is hashed must not have gone through anything. */
const entry = z.custom<object>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value) && !Object.hasOwn(value, 'logIndex'),
);
const line = z.union([
  z.strictObject({ ...place, entry, salt: hex(SALT_LENGTH) }),
  z.strictObject({ ...place, erased: z.literal(true) }).transform((erased) => ({ ...erased, salt: null, entry: null })),
]);

/**
 * Reads a line of NDJSON, without its end. Whether its hash is its record's says `isTrueLine`.
 * @throws {ExportedLineError} when it is not, to the byte, what `writeExportedLine` writes: then its bytes are not those that were hashed.
 */
export function readExportedLine(text: string): ExportedLine {
  const read = parsed(text);
  if (writeExportedLine(read) !== text) throw new ExportedLineError('The line is not in canonical form (RFC 8785)');
  return read;
}

function parsed(text: string): ExportedLine {
  try {
    const read = line.parse(JSON.parse(text));
    const { logIndex } = read;
    const hash = Buffer.from(read.hash, 'hex');
    if (read.salt === null) return { logIndex, hash, intact: null };
    return { logIndex, hash, intact: { salt: Buffer.from(read.salt, 'hex'), text: canonicalJson(read.entry) } };
  } catch (error) {
    throw new ExportedLineError('The line is none of an exported log', { cause: error });
  }
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
