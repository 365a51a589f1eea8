import { appendAdminRecord } from '@signet/db/admin-record';
import { newId, type Database, type OrganizationScope, type OrganizationTransaction } from '@signet/db/database';
import { keepLogKey, listLogKeys, signingLogKeys } from '@signet/db/log-key';
import { acceptLog, holdLog, noteRefusal, notePublished, noteSigned, type LogName, type LogSeal } from '@signet/db/log-seal';
import { readLogEntries, readTiles, writeTiles } from '@signet/db/log-tile';
import { findActiveKey } from '@signet/db/organization-key';
import { checkpointText, logOrigin, type LogStream } from '@signet/domain/log/checkpoint';
import { doubtOf, readSigned, type LogDoubt } from '@signet/domain/log/log-doubt';
import { leafHash } from '@signet/domain/log/merkle-tree';
import { isBy, readNote, signNote, type NoteKey } from '@signet/domain/log/signed-note';
import { edgeTiles, growTiles, rootOfTiles, type TileReader } from '@signet/domain/log/tile';
import type { BlobStore } from '@signet/vault/blob-store';
import { createLogKey, openLogKey } from '@signet/vault/log-key';
import type { Vault } from '@signet/vault/vault';

/** Entries that are signed at once. */
const BATCH = 65_536;

/** Milliseconds that blob storage may take with a checkpoint, of a few hundred bytes, while its log is held. */
const BLOB_PATIENCE = 15_000;

export interface SealerParts {
  readonly database: Database;
  readonly vault: Vault;
  readonly blobStore: Pick<BlobStore, 'readNote' | 'writeNote'>;
  /** Names the logs, together with their organization. */
  readonly publicUrl: string;
  /** Milliseconds that blob storage may take with a checkpoint; `BLOB_PATIENCE` unless said. */
  readonly blobPatience?: number;
}

/** What became of the sealing of a log. `refused` says why; `busy`: another sealer is at it. */
export type Sealing =
  | { readonly outcome: 'sealed'; readonly entries: number }
  | { readonly outcome: 'busy' }
  | { readonly outcome: 'refused'; readonly detail: string; readonly isNew: boolean };

/**
 * Signs what was recorded, and lets it be known.
 *
 * Order of writes, with what a crash between them leaves:
 * 1. One transaction writes tiles and the signed checkpoint into the database. Before its commit nothing happened. After it, nobody has
 *    seen the checkpoint, which is a true one of a log that only grows: the next sealing publishes it, or a later one instead.
 * 2. The checkpoint goes to blob storage. After it, blob storage is ahead of what is published, and not of what is signed: the next
 *    sealing finds there what the database has, writes it once more, and publishes it.
 * 3. One transaction says that the checkpoint is published: from here on it is served.
 * So nobody ever saw a checkpoint that blob storage had not, and blob storage never has one that the database had not before. Where it
 * has, the database is an older one, and would sign a second history: it signs nothing (`doubtOf`). No step is left out when
 * nothing crashed, so what recovers runs every time. Each step holds the log's row; whoever comes second finds what the first one left.
 */
export class LogSealer {
  readonly #parts: SealerParts;

  constructor(parts: SealerParts) {
    this.#parts = parts;
  }

  /** Seals a log as far as it goes. @throws {VaultError} {DatabaseUnavailableError} when something is away: nothing is lost, it is tried again. */
  async seal({ organizationId, stream }: LogName, stopping?: AbortSignal): Promise<Sealing> {
    const scope = this.#parts.database.forOrganization(organizationId);
    for (let entries = 0; ;) {
      const signing = await scope.transaction((tx) => this.#sign(tx, stream));
      if (signing.outcome !== 'sealed') return signing;
      entries += signing.entries;
      const published = await this.#publish(scope, stream);
      if (published) return published;
      if (signing.entries < BATCH || stopping?.aborted) return { outcome: 'sealed', entries };
    }
  }

  /**
   * An operator goes on with a log as the database has it, and gives up the checkpoint of blob storage. That is on record, and whoever
   * holds a checkpoint that was given up will see that the log is another one.
   * @returns why it was refused before; null where it is not.
   * @throws {Error} for a log that contradicts itself: with that nobody can go on.
   */
  async accept({ organizationId, stream }: LogName, reason: string): Promise<string | null> {
    const scope = this.#parts.database.forOrganization(organizationId);
    // Of an organization that is not there nothing is left behind.
    await findActiveKey(scope);
    const doubt = await scope.transaction(async (tx) => {
      const seal = await this.#hold(tx, stream);
      if (!seal) throw new Error('The log is being sealed at this moment: try again');
      const examined = await this.#examine(tx, stream, seal);
      if (!examined.doubt) return null;
      if (!examined.doubt.restorable)
        throw new Error(`${examined.doubt.detail}. With such a log nobody can go on: restore a whole database`);
      await appendAdminRecord(tx, {
        action: 'LogAccept',
        actor: { kind: 'system', id: null, address: null },
        target: { kind: 'log', id: stream },
        reason,
        before: { refusal: examined.doubt.kind, checkpoint: examined.kept },
        after: { checkpoint: seal.note },
      });
      await acceptLog(tx, stream, examined.kept ?? '');
      return examined.doubt.detail;
    });
    await this.seal({ organizationId, stream });
    return doubt;
  }

  async #sign(tx: OrganizationTransaction, stream: LogStream): Promise<Sealing> {
    const seal = await this.#hold(tx, stream);
    if (!seal) return { outcome: 'busy' };
    const { doubt, tileAt } = await this.#examine(tx, stream, seal);
    if (doubt) return refuse(tx, stream, seal, doubt);
    const wanted = Math.min(BATCH, seal.entries - seal.size);
    const added = wanted === 0 ? [] : await readLogEntries(tx, stream, { from: seal.size, limit: wanted });
    if (added.length < wanted) {
      const detail = `Log entry ${seal.size + added.length} is missing in the database, and the log has ${seal.entries} entries`;
      return refuse(tx, stream, seal, { kind: 'entries_missing', restorable: false, detail });
    }
    if (seal.refusal !== null) await noteRefusal(tx, stream, null);
    const size = seal.size + added.length;
    const keys = await this.#signers(tx, seal.origin);
    if (size === 0 || (added.length === 0 && seal.note !== null && isSignedBy(seal.note, keys))) return { outcome: 'sealed', entries: 0 };
    const tiles = growTiles(seal.size, tileAt, added.map(leafHash));
    const grown = new Map(tiles.map(({ level, number, hashes }) => [`${level}/${number}`, hashes]));
    const root = rootOfTiles(size, (place) => grown.get(`${place.level}/${place.number}`) ?? tileAt(place));
    const note = signNote(checkpointText({ origin: seal.origin, size, root }), keys);
    await writeTiles(tx, stream, tiles);
    await noteSigned(tx, stream, { size, note });
    return { outcome: 'sealed', entries: added.length };
  }

  /** @returns null when it is published. */
  #publish(scope: OrganizationScope, stream: LogStream): Promise<Sealing | null> {
    return scope.transaction(async (tx) => {
      const seal = await this.#hold(tx, stream);
      if (!seal) return { outcome: 'busy' };
      const { doubt, kept } = await this.#examine(tx, stream, seal);
      if (doubt) return refuse(tx, stream, seal, doubt);
      if (seal.note === null) return null;
      if (kept !== seal.note) await this.#inTime(this.#parts.blobStore.writeNote(scope.organizationId, `${stream}-checkpoint`, seal.note));
      if (seal.publishedNote !== seal.note) await notePublished(tx, stream);
      return null;
    });
  }

  #hold(tx: OrganizationTransaction, stream: LogStream): Promise<LogSeal | null> {
    return holdLog(tx, stream, logOrigin(this.#parts.publicUrl, tx.organizationId, stream));
  }

  async #examine(
    tx: OrganizationTransaction,
    stream: LogStream,
    seal: LogSeal,
  ): Promise<{ doubt: LogDoubt | null; tileAt: TileReader; kept: string | null }> {
    const kept = await this.#inTime(this.#parts.blobStore.readNote(tx.organizationId, `${stream}-checkpoint`));
    const isAccepted = seal.acceptedNote === (kept ?? '');
    const keys = (await listLogKeys(tx)).map(({ publicKey }) => ({ name: seal.origin, publicKey }));
    const signed = seal.note === null ? null : readSigned(seal.note, keys);
    const last = kept === null || isAccepted ? null : readSigned(kept, keys);
    // What blob storage claims of a larger log has no tiles here that could be looked at.
    const sizes = [signed, last].flatMap((each) => (each && 'size' in each && each.size <= seal.size ? [each.size] : []));
    const tileAt = await readTiles(tx, stream, sizes.flatMap(edgeTiles));
    if (signed && 'unread' in signed) {
      const detail = `The checkpoint of size ${seal.size} in the database is not the log’s: ${signed.unread}`;
      return { doubt: { kind: 'tiles_differ', restorable: false, detail }, tileAt, kept };
    }
    const isPublished = seal.publishedNote !== null && !isAccepted;
    return { doubt: doubtOf({ entries: seal.entries, signed, isPublished, kept: last, tileAt }), tileAt, kept };
  }

  /**
   * What blob storage does, as long as it answers: one that hangs would hold the log, a connection of the database and a lane for good. What
   * is written too late is a checkpoint that the database has signed, maybe an older one than lies there: the next sealing writes its own again.
   */
  async #inTime<T>(doing: Promise<T>): Promise<T> {
    const patience = this.#parts.blobPatience ?? BLOB_PATIENCE;
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => late.reject(new Error(`Blob storage has not answered within ${patience / 1000} s`)), patience);
    try {
      return await Promise.race([doing, late.promise]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** The keys that sign, under the log's name; the first one is made here. */
  async #signers(tx: OrganizationTransaction, name: string): Promise<(NoteKey & { readonly sign: (bytes: Uint8Array) => Uint8Array })[]> {
    const { organizationId } = tx;
    const { vault } = this.#parts;
    let keys = await signingLogKeys(tx);
    if (keys.length === 0) {
      const organizationKey = await findActiveKey(tx);
      const id = newId();
      const made = await createLogKey(vault, organizationKey, { organizationId, id });
      await keepLogKey(tx, { id, ...made, organizationKeyId: organizationKey.keyId });
      keys = await signingLogKeys(tx);
    }
    return Promise.all(
      keys.map(async ({ id, publicKey, sealedPrivateKey, organizationKey }) => ({
        name,
        publicKey,
        sign: await openLogKey(vault, organizationKey, { organizationId, id }, sealedPrivateKey),
      })),
    );
  }
}

function isSignedBy(note: string, keys: readonly NoteKey[]): boolean {
  const { signatures } = readNote(note);
  return keys.every((key) => signatures.some((signature) => isBy(signature, key)));
}

async function refuse(tx: OrganizationTransaction, stream: LogStream, seal: LogSeal, { detail }: LogDoubt): Promise<Sealing> {
  await noteRefusal(tx, stream, detail);
  return { outcome: 'refused', detail, isNew: seal.refusal !== detail };
}
