import { z } from 'zod';
import { removalCauses, type RemovalCause } from '../retention.ts';
import { canonicalJson, logEntryOfText, SALT_LENGTH } from './canonical-form.ts';
import { instant, recordId } from './entry.ts';

/** Length in bytes of a log entry. */
const HASH_LENGTH = 32;

/** Why a record is gone from its place: an admin record tells of it, and proves it by its own log. */
export interface LineRemoval {
  /** RFC 3339. */
  readonly at: string;
  readonly cause: RemovalCause;
  /** Id of the admin record. */
  readonly record: string;
}

/** A line of an exported log: a log entry, and what it was made of, where that was not removed. */
export interface ExportedLine {
  /** Place in the log, from 0. */
  readonly logIndex: number;
  /** The log entry (`logEntryOf`), 32 bytes: the content of the leaf. */
  readonly hash: Uint8Array;
  /** Null where record and salt were removed: their time was over, or they were erased by law. */
  readonly intact: {
    /** 32 bytes. */
    readonly salt: Uint8Array;
    /** The record's canonical text (`canonicalRecord`), as it was hashed. */
    readonly text: string;
  } | null;
  /** Where they were removed and the log's server says why. */
  readonly removal?: LineRemoval;
}

/** A line that is none of an exported log's. */
export class ExportedLineError extends Error {
  override readonly name = 'ExportedLineError';
}

/**
 * A line of NDJSON, without its end, in one form that never changes: the RFC 8785 text of
 * `{ entry, hash, logIndex, salt }`, or of `{ erased: true, hash, logIndex, removal? }`, with `{ at, cause, record }` of a removal. `hash` and `salt` are in lower-case hex; `entry` is the
 * record without its `logIndex`. As the whole line is canonical, the bytes of `entry` in it are the bytes that were hashed.
 */
export function writeExportedLine({ logIndex, hash, intact, removal }: ExportedLine): string {
  const place = `"hash":"${hexOf(hash)}","logIndex":${logIndex}`;
  const why = removal === undefined ? '' : `,"removal":${canonicalJson(removal)}`;
  return intact === null ? `{"erased":true,${place}${why}}` : `{"entry":${intact.text},${place},"salt":"${hexOf(intact.salt)}"}`;
}

/** Whether an intact line's hash is that of its record under its salt; an erased one has nothing that could be compared. */
export function isTrueLine({ hash, intact }: ExportedLine): boolean {
  return intact === null || Buffer.compare(logEntryOfText(intact.text, intact.salt), hash) === 0;
}

const hex = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${2 * bytes}}$`));
const place = { hash: hex(HASH_LENGTH), logIndex: z.int().nonnegative() };
/** Passed on as it is: what is hashed must not have gone through anything. */
const entry = z.custom<object>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value) && !Object.hasOwn(value, 'logIndex'),
);
const line = z.union([
  z.strictObject({ ...place, entry, salt: hex(SALT_LENGTH) }),
  z
    .strictObject({
      ...place,
      erased: z.literal(true),
      removal: z.strictObject({ at: instant, cause: z.enum(removalCauses), record: recordId }).optional(),
    })
    .transform((erased) => ({ ...erased, salt: null, entry: null })),
]);

/**
 * Reads a line of NDJSON, without its end. Whether its hash is its record's says `isTrueLine`.
 * @throws {ExportedLineError} when it is not, to the byte, what `writeExportedLine` writes: then its bytes are not those that were hashed.
 */
export function readExportedLine(text: string): ExportedLine {
  const intact = readIntactLine(text);
  if (intact) return intact;
  const read = parsed(text);
  if (writeExportedLine(read) !== text) throw new ExportedLineError('The line is not in canonical form (RFC 8785)');
  return read;
}

const head = '{"entry":';
/** All that stands behind the record, and more characters than it ever has. */
const tail = /,"hash":"([0-9a-f]{64})","logIndex":(0|[1-9]\d{0,14}),"salt":"([0-9a-f]{64})"\}$/;
const TAIL_LENGTH = 200;

/** The short way for almost every line there is: what stands around the record has one form. @returns null for a line of which this cannot tell. */
function readIntactLine(text: string): ExportedLine | null {
  const [found = '', hash = '', logIndex = '', salt = ''] = tail.exec(text.slice(-TAIL_LENGTH)) ?? [];
  if (found === '' || !text.startsWith(head)) return null;
  const record = text.slice(head.length, text.length - found.length);
  if (!isPlainlyCanonical(record)) return null;
  return { logIndex: Number(logIndex), hash: Buffer.from(hash, 'hex'), intact: { salt: Buffer.from(salt, 'hex'), text: record } };
}

/**
 * Whether a text is surely the RFC 8785 text of a record without `logIndex`: where it is written again as it was read, its strings and numbers
 * are as JavaScript writes them, as the RFC does too, no name stands twice, and only the order of the names is left to be looked at.
 */
function isPlainlyCanonical(text: string): boolean {
  // A lone surrogate, which has no canonical form, may be written like this, and nothing else needs to be.
  if (!text.startsWith('{') || text.includes(String.raw`\ud`)) return false;
  try {
    const value: unknown = JSON.parse(text);
    return JSON.stringify(value) === text && areNamesInOrder(value) && !Object.hasOwn(Object(value), 'logIndex');
  } catch {
    // No JSON, or nested too deeply to be looked at here.
    return false;
  }
}

/** By UTF-16 code units, as JavaScript compares and as the RFC wants. */
function areNamesInOrder(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every(areNamesInOrder);
  const members = Object.entries(value);
  return members.every(([name, member], index) => (index === 0 || (members[index - 1]?.[0] ?? '') < name) && areNamesInOrder(member));
}

function parsed(text: string): ExportedLine {
  try {
    const read = line.parse(JSON.parse(text));
    const { logIndex } = read;
    const hash = Buffer.from(read.hash, 'hex');
    if (read.salt === null) return { logIndex, hash, intact: null, ...(read.removal && { removal: read.removal }) };
    return { logIndex, hash, intact: { salt: Buffer.from(read.salt, 'hex'), text: canonicalJson(read.entry) } };
  } catch (error) {
    throw new ExportedLineError('The line is none of an exported log', { cause: error });
  }
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
