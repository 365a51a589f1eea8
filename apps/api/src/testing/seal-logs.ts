import { newId } from '@signet/db/database';
import { keepLogKey, signingLogKeys } from '@signet/db/log-key';
import { holdLog, notePublished, noteSigned } from '@signet/db/log-seal';
import { readLogEntries, readTiles, writeTiles } from '@signet/db/log-tile';
import { findActiveKey } from '@signet/db/organization-key';
import { checkpointText, logOrigin, logStreams } from '@signet/domain/log/checkpoint';
import { leafHash } from '@signet/domain/log/merkle-tree';
import { signNote } from '@signet/domain/log/signed-note';
import { edgeTiles, growTiles, rootOfTiles } from '@signet/domain/log/tile';
import { createLogKey, openLogKey } from '@signet/vault/log-key';
import type { TestApi } from './test-api.ts';

/** Signs and publishes what is recorded, as the worker does, without its care for crashes. */
export async function sealLogs({ database, vault, settings }: TestApi, organizationId: string): Promise<void> {
  for (const stream of logStreams) {
    await database.forOrganization(organizationId).transaction(async (tx) => {
      const seal = await holdLog(tx, stream, logOrigin(settings.PUBLIC_URL, organizationId, stream));
      if (!seal || seal.entries === 0) return;
      const organizationKey = await findActiveKey(tx);
      const id = newId();
      if ((await signingLogKeys(tx)).length === 0) {
        await keepLogKey(tx, {
          id,
          ...(await createLogKey(vault, organizationKey, { organizationId, id })),
          organizationKeyId: organizationKey.keyId,
        });
      }
      const keys = await Promise.all(
        (await signingLogKeys(tx)).map(async (key) => ({
          name: seal.origin,
          publicKey: key.publicKey,
          sign: await openLogKey(vault, key.organizationKey, { organizationId, id: key.id }, key.sealedPrivateKey),
        })),
      );
      const added = await readLogEntries(tx, stream, { from: seal.size, limit: seal.entries - seal.size });
      await writeTiles(tx, stream, growTiles(seal.size, await readTiles(tx, stream, edgeTiles(seal.size)), added.map(leafHash)));
      const root = rootOfTiles(seal.entries, await readTiles(tx, stream, edgeTiles(seal.entries)));
      const note = signNote(checkpointText({ origin: seal.origin, size: seal.entries, root }), keys);
      await noteSigned(tx, stream, { size: seal.entries, note });
      await notePublished(tx, stream);
    });
  }
}
