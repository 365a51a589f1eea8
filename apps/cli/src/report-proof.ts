import { recordProof, type RecordProof } from '@signet/api-contract/logs';
import { z } from 'zod';
import { NotDone, UsageError } from './failure.ts';
import { jsonObjectIn, jsonOrText } from './json-in.ts';
import { note, write, writeJson } from './output.ts';
import { provedBy } from './prove-entry.ts';

/**
 * Computes what a proof claims of the record that was asked for, and says so.
 * @param asked `id` of the record, `noun` what it is called, `key` the log's verifier key where somebody has it.
 * @throws {NotDone} where the proof is none, is of another record, or its checkpoint is not the key's.
 */
export async function reportProof(
  proof: RecordProof,
  { id, noun, key, json }: { readonly id: string; readonly noun: string; readonly key: string | undefined; readonly json: boolean },
): Promise<void> {
  const { size } = provedBy(proof, key);
  if (idIn(proof.record) !== id.toLowerCase()) throw new NotDone(`The proof is of another ${noun}.`);
  if (json) return writeJson(proof);
  await write(`ok ${noun} ${proof.logIndex} of ${size}\n`);
  if (key === undefined) note(UNSIGNED);
}

/**
 * Computes what a proof in a file claims, and writes the record that it proves. Nobody is asked: whoever was given the file can do it.
 * @param key the log's verifier key where somebody has it.
 * @throws {NotDone} where the proof is none, or its checkpoint is not the key's.
 */
export async function reportProofIn(
  file: string,
  { key, json }: { readonly key: string | undefined; readonly json: boolean },
): Promise<void> {
  const read = recordProof.safeParse(jsonObjectIn(file));
  if (!read.success) throw new UsageError(`${file} is no proof of an entry or a record, as their pages and “prove --json” give it.`);
  const { size } = provedBy(read.data, key);
  const record = jsonOrText(read.data.record);
  // Without a key whoever made the file may have made the log as well.
  if (key === undefined) note(UNSIGNED);
  if (json) return writeJson({ logIndex: read.data.logIndex, size, signatureVerified: key !== undefined, record });
  await write(`ok ${read.data.logIndex} of ${size}\n`);
  await writeJson(record);
}

const UNSIGNED = 'Nobody’s signature was verified: give the log’s key that you have kept as --key (signet log key).';

/** Whose record it is: its own id, and none that stands somewhere within. */
function idIn(record: string): string | undefined {
  return z.object({ id: z.string() }).safeParse(JSON.parse(record)).data?.id;
}
