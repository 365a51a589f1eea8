import { createReadStream } from 'node:fs';
import { readCheckpoint, readLogOrigin } from '@signet/domain/log/checkpoint';
import { NoteError, readVerifierKey, type NoteKey } from '@signet/domain/log/signed-note';
import type { KnownRemovals } from '@signet/domain/log/known-removals';
import type { Difference } from '@signet/domain/log/root-comparison';
import { ExportVerifier } from '@signet/domain/log/verify-export';
import { RemovalVerifier } from '@signet/domain/log/verify-removals';
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
  /** The whole admin log as it was exported, for the removals that it tells of. */
  readonly removals: string | undefined;
  /** Checkpoints of the admin log: none without `removals`, one at least with them. */
  readonly removalsCheckpoints: readonly string[];
  /** The admin log's verifier key; where it is not given, that of `key` under the admin log's name. */
  readonly removalsKey: string | undefined;
  readonly json: boolean;
}

/** What takes an exported log line by line. */
type LineVerifier = Pick<ExportVerifier, 'take'>;

/**
 * Compares an exported log with checkpoints, line by line: a log of any length in little memory. Says `ok` with the count, or where the
 * log first differs. The admin log that removals are taken from is compared with its own checkpoints before anything that it says is believed.
 * @throws {NotDone} where one of them differs, or a checkpoint is not the key's.
 */
export async function verifyLog(verification: Verification): Promise<void> {
  const { entries, checkpoints, key, json } = verification;
  const noteKey = keyIn(key);
  const notes = checkpoints.map((file) => checkpointIn(file, noteKey));
  const verifier = new ExportVerifier(notes, await removalsIn(verification, noteKey));
  const result = (await differenceIn(entries, verifier)) ?? verifier.finish();
  if ('index' in result) {
    const { index, detail } = result;
    await (json ? writeJson({ ok: false, index, detail }) : write(`differs at index ${index}: ${printable(detail)}\n`));
    throw new NotDone('The entries are not the log that the checkpoint is of.');
  }
  const { covered, newer } = result;
  const { removed } = verifier;
  if (json) return writeJson({ ok: true, entries: covered, removed, newer });
  await write(
    `ok ${covered} entries${removed > 0 ? `, ${removed} of them removed as records tell` : ''}${newer > 0 ? `; ${newer} more are newer than the checkpoint` : ''}\n`,
  );
}

async function differenceIn(file: string, verifier: LineVerifier): Promise<Difference | null> {
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

/** @returns null where none are given. */
async function removalsIn(
  { entries, removals: file, removalsCheckpoints, removalsKey, json }: Verification,
  auditKey: NoteKey,
): Promise<KnownRemovals | null> {
  const isPlain = removalsCheckpoints.length === 0 && removalsKey === undefined;
  if (file === undefined && isPlain) return null;
  if (file === undefined || removalsCheckpoints.length === 0)
    throw new UsageError(
      '--removals needs --removals-checkpoint, and the other way round: without one of its own the admin log proves nothing.',
    );
  if (file === '-' && entries === '-') throw new UsageError('Only one of --entries and --removals can be standard input.');
  const { organizationId, key } = adminLogOf(auditKey, removalsKey);
  const checkpoints = removalsCheckpoints.map((each) => checkpointIn(each, key));
  const verifier = new RemovalVerifier(checkpoints, organizationId);
  const result = (await differenceIn(file, verifier)) ?? verifier.finish();
  if (!('index' in result)) return result;
  const { index, detail } = result;
  await (json
    ? writeJson({ ok: false, stream: 'admin', index, detail })
    : write(`the admin log differs at index ${index}: ${printable(detail)}\n`));
  throw new NotDone('The records of removals are not the log that their checkpoint is of, and nothing was verified by them.');
}

/** The organization whose audit log a key signs, and the key of its admin log: one key signs both, each under the log's name. */
function adminLogOf(auditKey: NoteKey, given: string | undefined): { readonly organizationId: string; readonly key: NoteKey } {
  const audit = readLogOrigin(auditKey.name);
  if (audit?.stream !== 'audit') throw new UsageError(`--removals is for a log of audit entries: ${printable(auditKey.name)} is none.`);
  const key = given === undefined ? { ...auditKey, name: auditKey.name.replace(/audit$/, 'admin') } : keyIn(given);
  const admin = readLogOrigin(key.name);
  if (admin?.stream !== 'admin' || admin.organizationId !== audit.organizationId)
    throw new UsageError(`--removals-key is that of ${printable(key.name)}, and not of the admin log of ${audit.organizationId}.`);
  return { organizationId: audit.organizationId, key };
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
