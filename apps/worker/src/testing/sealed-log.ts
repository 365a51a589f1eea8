import { appendAdminRecord } from '@signet/db/admin-record';
import { ingestAdminEvents, ingestAuditEvents } from '@signet/db/ingest';
import { logsToSeal } from '@signet/db/log-seal';
import { listLogKeys } from '@signet/db/log-key';
import { readTiles } from '@signet/db/log-tile';
import { readCheckpoint, type LogStream } from '@signet/domain/log/checkpoint';
import { GrowingTree, leafHash } from '@signet/domain/log/merkle-tree';
import { widthOf } from '@signet/domain/log/tile';
import type { BlobStore } from '@signet/vault/blob-store';
import { expect } from 'vitest';
import { LogSealer } from '../log-sealer.ts';
import type { openTestWorker } from './test-worker.ts';

type TestWorker = Awaited<ReturnType<typeof openTestWorker>>;

/** The sealer of a test's worker. @param blobStore where something shall go wrong with it. */
export function sealerOf(
  { database, vault, blobStore }: TestWorker,
  faulty: Partial<Pick<BlobStore, 'readNote' | 'writeNote'>> = {},
  blobPatience?: number,
): LogSealer {
  const store: Pick<BlobStore, 'readNote' | 'writeNote'> = {
    readNote: (...given) => blobStore.readNote(...given),
    writeNote: (...given) => blobStore.writeNote(...given),
    ...faulty,
  };
  return new LogSealer({
    database,
    vault,
    blobStore: store,
    publicUrl: 'https://mail.acme.example',
    ...(blobPatience === undefined ? {} : { blobPatience }),
  });
}

/** Records administrative acts and ingests them, and what else waits. */
export async function recordActs(worker: TestWorker, count: number, organizationId = worker.organization.id): Promise<void> {
  const scope = worker.database.forOrganization(organizationId);
  await scope.transaction(async (tx) => {
    for (let index = 0; index < count; index += 1) {
      await appendAdminRecord(tx, {
        action: 'MessageSearch',
        actor: { kind: 'member', id: null, address: 'admin@acme.example' },
        target: { kind: 'message', id: null },
        after: { index },
      });
    }
  });
  await ingestAll(worker);
}

/** Ingests every event that waits. */
export async function ingestAll({ system }: TestWorker): Promise<void> {
  const idsOf = async (kind: string) =>
    (await system.query<{ id: string }>('select id from outbox where kind = $1 order by id', [kind])).map(({ id }) => id);
  await ingestAdminEvents(system, await idsOf('ingest-admin-event'));
  await ingestAuditEvents(system, await idsOf('ingest-audit-event'));
}

/** The row that says how far a log is. */
export async function sealOf({ system }: TestWorker, stream: LogStream, organizationId: string) {
  const [row] = await system.query<{
    origin: string;
    size: number;
    note: string | null;
    published_size: number;
    published_note: string | null;
    refusal: string | null;
    difference: string | null;
    difference_index: number | null;
  }>('select * from log_seal where organization_id = $1 and stream = $2', [organizationId, stream]);
  if (!row) throw new Error('The log was never sealed');
  return row;
}

/**
 * Verifies a log as a stranger would, from nothing but its published checkpoint, tiles and keys, and that nothing of it waits.
 * @returns its size.
 */
export async function verifySealedLog(worker: TestWorker, stream: LogStream, organizationId = worker.organization.id): Promise<number> {
  const scope = worker.database.forOrganization(organizationId);
  const row = await sealOf(worker, stream, organizationId);
  expect(row).toMatchObject({ refusal: null, published_note: row.note, published_size: row.size });
  expect(await worker.blobStore.readNote(organizationId, `${stream}-checkpoint`)).toBe(row.note);
  for (const key of (await listLogKeys(scope)).filter(({ isSigning }) => isSigning)) {
    const { size, root } = readCheckpoint(row.note ?? '', { name: row.origin, publicKey: key.publicKey });
    expect(size).toBe(row.size);
    const tree = new GrowingTree();
    for (const { hash } of await worker.system.query<{ hash: Buffer }>(
      'select hash from log_entry where organization_id = $1 and stream = $2 order by log_index',
      [organizationId, stream],
    ))
      tree.append(leafHash(hash));
    expect(tree.size).toBe(size);
    expect(Buffer.from(tree.root()).toString('hex')).toBe(Buffer.from(root).toString('hex'));
  }
  const tiles = await worker.system.query<{ level: number; number: number; hashes: Buffer }>(
    'select level, number, hashes from log_tile where organization_id = $1 and stream = $2',
    [organizationId, stream],
  );
  const tileAt = await readTiles(scope, stream, tiles);
  for (const { hashes, ...place } of tiles) {
    expect(hashes.length).toBe(32 * widthOf(place, row.size));
    expect(tileAt(place)).toEqual(hashes);
  }
  expect((await logsToSeal(worker.system)).filter((log) => log.organizationId === organizationId && log.stream === stream)).toEqual([]);
  return row.size;
}
