import { createReadStream } from 'node:fs';
import { ExportedLineError } from '@signet/domain/audit/exported-line';
import { readCheckpoint } from '@signet/domain/log/checkpoint';
import { NoteError, readVerifierKey, type NoteKey } from '@signet/domain/log/signed-note';
import { KnownRemovals } from '@signet/domain/log/known-removals';
import type { Difference } from '@signet/domain/log/root-comparison';
import { ExportVerifier } from '@signet/domain/log/verify-export';
import { NotDone, UsageError } from './failure.ts';
import { fileIn } from './file-in.ts';
import { linesByChunk } from './lines.ts';
import { write, writeJson } from './output.ts';
import { printable } from './printable.ts';

/** Bytes of a file that are read at once. */
const CHUNK_BYTES = 1_048_576;

/** Files, and a key in words. */
interface Verification {
  readonly entries: string;
  readonly checkpoints: readonly string[];
  readonly key: string;
  /** How many records are known to have been erased by law. */
  readonly erased: number;
  /** A file of records of removals. */
  readonly removals: string | undefined;
  readonly json: boolean;
}

/**
 * Compares an exported log with checkpoints, line by line: a log of any length in little memory. Says `ok` with the count, or where the
 * log first differs.
 * @throws {NotDone} where it differs, or a checkpoint is not the key's.
 */
export async function verifyLog({ entries, checkpoints, key, erased: mayBeErased, removals, json }: Verification): Promise<void> {
  const noteKey = keyIn(key);
  const verifier = new ExportVerifier(
    checkpoints.map((file) => checkpointIn(file, noteKey)),
    mayBeErased,
    removals === undefined ? null : await removalsIn(removals),
  );
  const result = (await differenceIn(entries, verifier)) ?? verifier.finish();
  if ('index' in result) {
    const { index, detail } = result;
    await (json ? writeJson({ ok: false, index, detail }) : write(`differs at index ${index}: ${printable(detail)}\n`));
    throw new NotDone('The entries are not the log that the checkpoint is of.');
  }
  const { covered, newer } = result;
  const { erased, removed } = verifier;
  if (json) return writeJson({ ok: true, entries: covered, erased, removed, newer });
  await write(
    `ok ${covered} entries${removed > 0 ? `, ${removed} of them removed as records tell` : ''}${erased > 0 ? `, ${erased} of them erased` : ''}${newer > 0 ? `; ${newer} more are newer than the checkpoint` : ''}\n`,
  );
}

async function differenceIn(file: string, verifier: ExportVerifier): Promise<Difference | null> {
  const input = file === '-' ? process.stdin : createReadStream(file, { highWaterMark: CHUNK_BYTES });
  try {
    for await (const lines of linesByChunk(input)) {
      for (const line of lines) {
        const difference = verifier.take(line);
        if (difference) return difference;
      }
    }
    return null;
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) throw new UsageError(`${file} cannot be read: ${error.message}`);
    throw error;
  } finally {
    input.destroy();
  }
}

async function removalsIn(file: string): Promise<KnownRemovals> {
  const removals = new KnownRemovals();
  const input = createReadStream(file);
  let number = 0;
  try {
    for await (const lines of linesByChunk(input)) {
      for (const line of lines) {
        number += 1;
        removals.add(line);
      }
    }
    return removals;
  } catch (error) {
    if (error instanceof ExportedLineError) throw new NotDone(`${file}, line ${number}: ${error.message}.`);
    if (error instanceof Error && 'syscall' in error) throw new UsageError(`${file} cannot be read: ${error.message}`);
    throw error;
  } finally {
    input.destroy();
  }
}

function keyIn(text: string): NoteKey {
  try {
    return readVerifierKey(text.trim());
  } catch (error) {
    if (error instanceof NoteError) throw new UsageError(error.message);
    throw error;
  }
}

function checkpointIn(file: string, key: NoteKey) {
  try {
    return readCheckpoint(fileIn(file).toString('utf8'), key);
  } catch (error) {
    if (error instanceof NoteError) throw new NotDone(`${file}: ${error.message}.`);
    throw error;
  }
}
