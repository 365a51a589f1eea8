import { createHmac } from 'node:crypto';
import type { RecordProof } from '@signet/api-contract/logs';
import { readCheckpoint, readCheckpointText, type Checkpoint } from '@signet/domain/log/checkpoint';
import { rootByInclusion } from '@signet/domain/log/inclusion-proof';
import { leafHash } from '@signet/domain/log/merkle-tree';
import { NoteError, readNote, readVerifierKey } from '@signet/domain/log/signed-note';
import { NotDone, UsageError } from './failure.ts';

/**
 * Computes what a proof claims: that the record is the one that was hashed, and its hash at that place under the checkpoint's root (RFC 6962, 2.1.1).
 * @param key verifies the checkpoint's signature where it is given.
 * @returns the checkpoint that covers the entry.
 * @throws {NotDone} where the proof is none, or the checkpoint is not the key's.
 */
export function provedBy({ logIndex, record, salt, hash, proof, checkpoint: note }: RecordProof, key: string | undefined): Checkpoint {
  const entry = createHmac('sha256', Buffer.from(salt, 'hex')).update(record).digest();
  if (entry.toString('hex') !== hash) throw new NotDone('The record is not the one that was hashed.');
  const checkpoint = checkpointOf(note, key);
  const beside = proof.map((text) => Buffer.from(text, 'hex'));
  const root = rootByInclusion(leafHash(entry), logIndex, checkpoint.size, beside);
  if (root === null || !Buffer.from(root).equals(Buffer.from(checkpoint.root)))
    throw new NotDone('The proof does not lead to the checkpoint’s root.');
  return checkpoint;
}

function checkpointOf(note: string, key: string | undefined): Checkpoint {
  const verifierKey = key === undefined ? undefined : keyIn(key);
  try {
    return verifierKey === undefined ? readCheckpointText(readNote(note).text) : readCheckpoint(note, verifierKey);
  } catch (error) {
    if (error instanceof NoteError) throw new NotDone(`The checkpoint: ${error.message}.`);
    throw error;
  }
}

function keyIn(text: string) {
  try {
    return readVerifierKey(text.trim());
  } catch (error) {
    if (error instanceof NoteError) throw new UsageError(`--key: ${error.message}`);
    throw error;
  }
}
