import { Inject, Injectable } from '@nestjs/common';
import type { Log, RecordProof } from '@signet/api-contract/logs';
import { appendAdminRecord } from '@signet/db/admin-record';
import { findLoggedRecord } from '@signet/db/admin-record-walk';
import { Database, newId } from '@signet/db/database';
import { LOG_KEY_LIMIT, listLogKeys, rotateLogKey, type LogKey } from '@signet/db/log-key';
import { readTiles } from '@signet/db/log-tile';
import { findLoggedEntry, listLogs, publishedCheckpoint, publishedTile, type LogStanding } from '@signet/db/log-view';
import { findActiveKey } from '@signet/db/organization-key';
import { canonicalRecord } from '@signet/domain/audit/canonical-form';
import { logOrigin, type LogStream } from '@signet/domain/log/checkpoint';
import { inclusionProof, tilesOfInclusion } from '@signet/domain/log/inclusion-proof';
import { writeVerifierKey } from '@signet/domain/log/signed-note';
import { nodeInTile, readTilePath } from '@signet/domain/log/tile';
import { createLogKey } from '@signet/vault/log-key';
import { Vault } from '@signet/vault/vault';
import { absentEntry } from '../audit-erasures/erased-entry.ts';
import type { Administrator } from '../authentication/caller.ts';
import { actBy, recordAct } from '../authentication/record-act.ts';
import type { Settings } from '../env.ts';
import { notFound, ProblemError } from '../http/problem-error.ts';
import { SETTINGS } from '../settings.ts';

/** The organization's logs: what is published of them, proofs, and their keys. */
@Injectable()
export class LogService {
  constructor(
    private readonly database: Database,
    private readonly vault: Vault,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  async list(caller: Administrator): Promise<Log[]> {
    const scope = this.#scope(caller);
    const [logs, keys] = await Promise.all([listLogs(scope), listLogKeys(scope)]);
    const shown = logs.filter(({ stream }) => caller.permissions.has(stream === 'audit' ? 'audit:read' : 'admin:read'));
    return shown.map((log) =>
      logView(caller.organizationId, log, log.origin ?? logOrigin(this.settings.PUBLIC_URL, caller.organizationId, log.stream), keys),
    );
  }

  /** @throws {ProblemError} `not_found` also for the log of another organization. */
  async checkpoint(caller: Administrator, organizationId: string, stream: LogStream): Promise<string> {
    const found = await publishedCheckpoint(this.#own(caller, organizationId), stream);
    if (!found) throw notFound();
    return found.note;
  }

  /** @throws {ProblemError} as of `checkpoint`, and for what is no tile, or not covered yet. */
  async tile(caller: Administrator, organizationId: string, stream: LogStream, path: string): Promise<Buffer> {
    const scope = this.#own(caller, organizationId);
    const place = readTilePath(path);
    const found = place && (await publishedTile(scope, stream, place));
    if (!found) throw notFound();
    return found;
  }

  async proveEntry(caller: Administrator, id: string): Promise<RecordProof> {
    const scope = this.#scope(caller);
    const found = await findLoggedEntry(scope, id);
    if (!found) throw await absentEntry(scope, id);
    return this.#prove(caller, { stream: 'audit', target: { kind: 'audit-entry', id } }, found);
  }

  async proveRecord(caller: Administrator, id: string): Promise<RecordProof> {
    const found = await findLoggedRecord(this.#scope(caller), id);
    return this.#prove(caller, { stream: 'admin', target: { kind: 'admin-record', id } }, found);
  }

  async #prove(
    caller: Administrator,
    { stream, target }: { readonly stream: LogStream; readonly target: { readonly kind: string; readonly id: string } },
    found: { readonly entry: { readonly logIndex: number }; readonly salt: Buffer; readonly hash: Buffer } | null,
  ): Promise<RecordProof> {
    if (!found) throw notFound();
    const scope = this.#scope(caller);
    const { logIndex } = found.entry;
    const checkpoint = await publishedCheckpoint(scope, stream);
    if (!checkpoint || checkpoint.size <= logIndex) throw new ProblemError('checkpoint_pending');
    const tileAt = await readTiles(scope, stream, tilesOfInclusion(logIndex, checkpoint.size));
    const proof = inclusionProof(logIndex, checkpoint.size, (node) => nodeInTile(node, tileAt));
    await recordAct(scope, caller, { action: 'LogRead', target, after: { size: checkpoint.size } });
    return {
      logIndex,
      record: canonicalRecord(found.entry),
      salt: found.salt.toString('hex'),
      hash: found.hash.toString('hex'),
      proof: proof.map((hash) => Buffer.from(hash).toString('hex')),
      checkpoint: checkpoint.note,
    };
  }

  async rotateKey(caller: Administrator): Promise<Log[]> {
    const scope = this.#scope(caller);
    const id = newId();
    const organizationKey = await findActiveKey(scope);
    const made = await createLogKey(this.vault, organizationKey, { organizationId: caller.organizationId, id });
    const act = { action: 'LogKeyRotate', target: { kind: 'log', id: null } } as const;
    const outcome = await scope.administer(async (tx) => {
      const rotated = await rotateLogKey(tx, { id, ...made, organizationKeyId: organizationKey.keyId });
      if (rotated === 'rotated') {
        await appendAdminRecord(tx, { ...actBy(caller), ...act, after: { publicKey: Buffer.from(made.publicKey).toString('base64') } });
      }
      return rotated;
    });
    if (outcome === 'too_many') {
      await recordAct(scope, caller, { ...act, status: 'Failure', reason: 'too_many' });
      throw new ProblemError('too_many', { detail: `At most ${LOG_KEY_LIMIT} keys sign at once: wait until one of them has run out` });
    }
    return this.list(caller);
  }

  #scope({ organizationId }: Administrator) {
    return this.database.forOrganization(organizationId);
  }

  /** The path names an organization; another one's is not there. */
  #own(caller: Administrator, organizationId: string) {
    if (organizationId !== caller.organizationId) throw notFound();
    return this.#scope(caller);
  }
}

function logView(organizationId: string, log: LogStanding, origin: string, keys: readonly LogKey[]): Log {
  const { stream, entries, publishedSize: size, refusal } = log;
  const isChecked = log.checkedAt !== null && log.checkedSize !== null;
  return {
    organizationId,
    stream,
    origin,
    state: refusal !== null ? 'refused' : size === entries ? 'sealed' : 'pending',
    entries,
    size,
    checkpointAt: log.publishedAt?.toISOString() ?? null,
    refusal,
    check: isChecked
      ? { at: log.checkedAt.toISOString(), size: log.checkedSize, difference: log.difference, index: log.differenceIndex }
      : null,
    keys: keys.map(({ publicKey, createdAt, signsUntil }) => ({
      verifierKey: writeVerifierKey({ name: origin, publicKey }),
      createdAt: createdAt.toISOString(),
      signsUntil: signsUntil?.toISOString() ?? null,
    })),
  };
}
