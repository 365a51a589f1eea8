import { randomBytes } from 'node:crypto';
import { newId } from '@signet/db/database';
import { listLogKeys, rotateLogKey } from '@signet/db/log-key';
import { seedOrganization } from '@signet/db/testing/seed-organization';
import { asSuperuser } from '@signet/db/testing/test-database';
import { readNote } from '@signet/domain/log/signed-note';
import { createLogKey } from '@signet/vault/log-key';
import { expect, test } from 'vitest';
import { sealLogs } from './seal-logs.ts';
import { ingestAll, recordActs, sealerOf, sealOf, verifySealedLog } from './testing/sealed-log.ts';
import { openTestWorker } from './testing/test-worker.ts';

const stopping = new AbortController().signal;

async function worldOf() {
  const worker = await openTestWorker();
  const organizationId = worker.organization.id;
  const sealer = sealerOf(worker);
  const seal = (options?: { all: boolean }) => sealLogs({ system: worker.system, sealer }, stopping, options);
  await recordActs(worker, 3);
  return { ...worker, worker, organizationId, sealer, seal };
}

test('what was recorded is signed and published, of each organization and stream for itself, and again only when there is more', async () => {
  const { worker, database, vault, accept, organizationId, seal, system } = await worldOf();
  const other = await seedOrganization(database, { createKey: (id) => vault.createOrganizationKey(id), domain: 'globex.example' });
  await accept(['bob@example.net', 'eve@example.net']);
  await recordActs(worker, 300, other.id);
  const { entries } = (await system.query<{ entries: number }>('select sum(size)::bigint as entries from log_head'))[0] ?? { entries: 0 };
  expect(await seal()).toBe(entries);
  expect(await verifySealedLog(worker, 'audit')).toBe(1);
  const admin = await verifySealedLog(worker, 'admin');
  expect(await verifySealedLog(worker, 'admin', other.id)).toBeGreaterThanOrEqual(300);
  const note = (await sealOf(worker, 'admin', organizationId)).note;
  expect(note).toContain(`mail.acme.example/logs/${organizationId}/admin\n${admin}\n`);
  const [own, foreign] = await Promise.all([organizationId, other.id].map((id) => listLogKeys(database.forOrganization(id))));
  expect([own?.length, foreign?.length]).toEqual([1, 1]);
  expect(own?.[0]?.publicKey).not.toEqual(foreign?.[0]?.publicKey);

  expect(await seal({ all: true })).toBe(0);
  expect((await sealOf(worker, 'admin', organizationId)).note).toBe(note);
  for (const count of [1, 252, 5, 300]) {
    await recordActs(worker, count);
    expect(await seal()).toBe(count);
    await verifySealedLog(worker, 'admin');
  }
});

test('many sealers at once sign each entry once and leave one whole log', async () => {
  const { worker, organizationId, sealer, seal } = await worldOf();
  const log = { organizationId, stream: 'admin' } as const;
  for (let round = 0; round < 5; round += 1) {
    await recordActs(worker, 20);
    const sealings = await Promise.all(Array.from({ length: 6 }, () => sealer.seal(log)));
    expect(sealings.every(({ outcome }) => outcome !== 'refused')).toBe(true);
  }
  await seal();
  await verifySealedLog(worker, 'admin');
});

test('both logs, sealed at once for the first time, have one key', async () => {
  const { worker, organizationId, accept, sealer, database } = await worldOf();
  await accept(['bob@example.net']);
  await ingestAll(worker);
  const sealings = await Promise.all((['audit', 'admin'] as const).map((stream) => sealer.seal({ organizationId, stream })));
  expect(sealings.map(({ outcome }) => outcome)).toEqual(['sealed', 'sealed']);
  expect(await listLogKeys(database.forOrganization(organizationId))).toHaveLength(1);
  await verifySealedLog(worker, 'audit');
  await verifySealedLog(worker, 'admin');
});

test.each(['before', 'after'] as const)(
  'a crash just %s the checkpoint is in blob storage is recovered by the next sealing',
  async (when) => {
    const { worker, organizationId, blobStore, seal } = await worldOf();
    const log = { organizationId, stream: 'admin' } as const;
    const crashing = sealerOf(worker, {
      async writeNote(...given) {
        if (when === 'after') await blobStore.writeNote(...given);
        throw new Error('crash');
      },
    });
    for (const round of [1, 2]) {
      await recordActs(worker, 10);
      const published = round === 1 ? 0 : (await sealOf(worker, 'admin', organizationId)).published_size;
      await expect(crashing.seal(log)).rejects.toThrow('crash');
      const row = await sealOf(worker, 'admin', organizationId);
      expect(row.published_size).toBe(published);
      expect(row.size).toBeGreaterThan(published);
      // More is recorded before anybody recovers: what was signed and never shown is passed over.
      if (round === 2) await recordActs(worker, 1);
      expect(await seal()).toBe(round === 2 ? 1 : 0);
      await verifySealedLog(worker, 'admin');
    }
  },
);

test('a crash before anything is committed leaves nothing, and the next sealing signs', async () => {
  const { worker, organizationId, url, seal } = await worldOf();
  await asSuperuser(
    url,
    `create function fail() returns trigger language plpgsql as $$ begin raise exception 'crash'; end $$;
     create trigger fail before update of note on log_seal for each row execute function fail()`,
  );
  await expect(seal()).rejects.toThrow('crash');
  expect(await worker.system.query('select 1 from log_tile union all select 1 from log_seal')).toEqual([]);
  expect(await worker.blobStore.readNote(organizationId, 'admin-checkpoint')).toBeNull();
  await asSuperuser(url, 'drop trigger fail on log_seal');
  await seal();
  await verifySealedLog(worker, 'admin');
});

test('while blob storage is away nothing is published, each log that fails is named, others are not held up, and nothing is lost', async () => {
  const { worker, accept, database, vault, organizationId, system, seal, blobStore } = await worldOf();
  const other = await seedOrganization(database, { createKey: (id) => vault.createOrganizationKey(id), domain: 'globex.example' });
  await recordActs(worker, 1, other.id);
  const sealer = sealerOf(worker, {
    async writeNote(organization, ...given) {
      if (organization === organizationId) throw new Error('No storage');
      await blobStore.writeNote(organization, ...given);
    },
  });
  await accept(['bob@example.net']);
  await ingestAll(worker);
  const failed = await sealLogs({ system, sealer }, stopping).catch((error: unknown) => error);
  expect(failed).toMatchObject({
    errors: [{ message: 'No storage' }, { message: 'No storage' }],
    message: expect.stringMatching(new RegExp(`${organizationId}/a.*: No storage; ${organizationId}/a.*: No storage`)),
  });
  expect((await sealOf(worker, 'admin', organizationId)).published_note).toBeNull();
  await verifySealedLog(worker, 'admin', other.id);
  await seal();
  await verifySealedLog(worker, 'admin');
});

test('blob storage that hangs with the checkpoint of one log gives its lane and its connection back, and the log is sealed once it answers', async () => {
  const { worker, database, vault, organizationId, system } = await worldOf();
  const other = await seedOrganization(database, { createKey: (id) => vault.createOrganizationKey(id), domain: 'globex.example' });
  await recordActs(worker, 1, other.id);
  // Answers at once, so that no patience is too short for what does not hang.
  const notes = new Map<string, string>();
  const hangs = new Set<'read' | 'write'>();
  const answer = <T>(step: 'read' | 'write', organization: string, value: T) =>
    hangs.has(step) && organization === organizationId ? new Promise<never>(() => undefined) : Promise.resolve(value);
  const store: Parameters<typeof sealerOf>[1] = {
    readNote: (organization, name) => answer('read', organization, notes.get(`${organization}/${name}`) ?? null),
    writeNote: (organization, name, note) => {
      const writing = answer('write', organization, undefined);
      return writing.then(() => void notes.set(`${organization}/${name}`, note));
    },
  };
  const sealer = sealerOf(worker, store, 50);
  const published = async (id: string) => (await sealOf(worker, 'admin', id)).published_size;
  for (const step of ['read', 'write'] as const) {
    hangs.clear();
    hangs.add(step);
    const before = await published(other.id).catch(() => 0);
    await expect(sealLogs({ system, sealer }, stopping)).rejects.toThrow(/\/admin: Blob storage has not answered/);
    expect(await published(other.id)).toBeGreaterThan(before);
    await recordActs(worker, 1, other.id);
  }
  expect(await published(organizationId)).toBe(0);
  hangs.clear();
  await sealLogs({ system, sealer }, stopping);
  expect(await published(organizationId)).toBe(3);
});

test('after a rotation both keys sign, at once, though nothing was recorded, and the old one no longer when its time is over', async () => {
  const { worker, database, vault, organizationId, seal, url } = await worldOf();
  await seal();
  const scope = database.forOrganization(organizationId);
  const [organizationKey] = await worker.system.query<{ keyId: string; providerKeyId: string; wrappedKey: Buffer }>(
    'select id as "keyId", provider_key_id as "providerKeyId", wrapped_key as "wrappedKey" from organization_key where organization_id = $1',
    [organizationId],
  );
  if (!organizationKey) throw new Error('The organization has no key');
  const id = newId();
  const made = await createLogKey(vault, organizationKey, { organizationId, id });
  const rotated = await scope.transaction((tx) => rotateLogKey(tx, { id, ...made, organizationKeyId: organizationKey.keyId }));
  expect(rotated).toBe('rotated');
  const signatures = async () => readNote((await sealOf(worker, 'admin', organizationId)).note ?? '').signatures.length;
  expect(await signatures()).toBe(1);
  await seal();
  expect(await signatures()).toBe(2);
  await verifySealedLog(worker, 'admin');
  const keys = await listLogKeys(scope);
  const days = ((keys[1]?.signsUntil?.getTime() ?? 0) - Date.now()) / 86_400_000;
  expect(days).toBeGreaterThan(29.9);
  expect(days).toBeLessThanOrEqual(30);

  await asSuperuser(url, 'update log_key set signs_until = clock_timestamp() where signs_until is not null');
  await recordActs(worker, 1);
  await seal();
  expect(await signatures()).toBe(1);
  await verifySealedLog(worker, 'admin');
});

test('the account of the apps can neither change nor remove what is in a tile', async () => {
  const { seal, system } = await worldOf();
  await seal();
  await expect(system.query('delete from log_tile')).rejects.toThrow(/not available/);
  await expect(system.query('update log_tile set level = 9')).rejects.toThrow(/not available/);
  await expect(system.query('update log_tile set hashes = $1', [randomBytes(64)])).rejects.toThrow(/may grow, and not change/);
  await expect(system.query('update log_tile set hashes = substr(hashes, 1, 32)')).rejects.toThrow(/may grow, and not change/);
  await system.query("update log_tile set hashes = hashes || '\\x00'");
});

test('events that nobody ingested yet are in no checkpoint', async () => {
  const { worker, accept, seal } = await worldOf();
  await accept(['bob@example.net']);
  await seal();
  await expect(verifySealedLog(worker, 'audit')).rejects.toThrow('never sealed');
  await ingestAll(worker);
  await seal();
  expect(await verifySealedLog(worker, 'audit')).toBe(1);
});
