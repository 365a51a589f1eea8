import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { BlobSource } from './blob-store.ts';
import { LocalKeyProvider } from './local-key-provider.ts';
import { SEGMENT_SIZE } from './segment.ts';
import { openBlobStore } from './open-blob-store.ts';
import { storedPart } from './stored-part.ts';
import golden from './testing/golden-blob.json' with { type: 'json' };
import { at, drain, filesUnder, openTemporaryVault } from './testing/temporary-vault.ts';
import type { TemporaryVault } from './testing/temporary-vault.ts';
import { Vault } from './vault.ts';

const KIB = 1024;
const bytes = randomBytes(2 * SEGMENT_SIZE + 100);
let temporary: TemporaryVault;

beforeAll(async () => {
  temporary = await openTemporaryVault();
});
afterAll(() => temporary[Symbol.asyncDispose]());

async function* inChunks(content: Uint8Array, length: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < content.length; start += length) yield content.subarray(start, start + length);
}

async function newWriter() {
  const message = { organizationId: temporary.organizationId, messageUid: randomUUID() };
  const { messageKey, wrappedKey } = await temporary.vault.createMessageKey(temporary.organizationKey, message);
  const writer = await temporary.vault.createBlob(message, messageKey);
  const commit = async () => {
    const { blobName, length } = await writer.commit();
    return { ...message, organizationKey: temporary.organizationKey, wrappedKey, blobName, blobLength: length };
  };
  return { writer, commit };
}

const sizeNearABorder = fc
  .tuple(fc.constantFrom(0, 64 * KIB, 128 * KIB, 1024 * KIB, 2048 * KIB, SEGMENT_SIZE, 2 * SEGMENT_SIZE), fc.integer({ min: -2, max: 2 }))
  .map(([border, beside]) => Math.max(0, border + beside));

it('gives back any bytes of any size around the borders of frames and segments, and any range of them as a slice would', async () => {
  await fc.assert(
    fc.asyncProperty(
      sizeNearABorder,
      fc.constantFrom<'none' | 'zstd'>('none', 'zstd'),
      fc.integer({ min: 1, max: 5 * 1024 * KIB }),
      fc.array(fc.tuple(sizeNearABorder, sizeNearABorder), { minLength: 3, maxLength: 3 }),
      async (size, compression, chunkLength, borders) => {
        const content = bytes.subarray(0, size);
        const { writer, commit } = await newWriter();
        const part = await writer.writePart('body', inChunks(content, Math.max(chunkLength, size >> 8)), { compression });
        const location = await commit();

        expect(storedPart.parse(JSON.parse(JSON.stringify(part)))).toEqual(part);
        expect(part).toMatchObject({ size, sha256: createHash('sha256').update(content).digest('hex') });
        const whole = await drain(temporary.vault.readPart(location, part));
        expect(whole.error).toBeNull();
        expect(whole.bytes.equals(content)).toBe(true);
        for (const [a, b] of borders) {
          const start = Math.min(a, b, size);
          const end = Math.min(Math.max(a, b), size);
          const slice = await drain(temporary.vault.readPart(location, part, { start, end }));
          expect(slice.error).toBeNull();
          expect(slice.bytes.equals(content.subarray(start, end))).toBe(true);
        }
      },
    ),
    { numRuns: 25 },
  );
}, 60_000);

it('stores a compressible part in fewer bytes and gives it back unchanged', async () => {
  const text = Buffer.from('The quick brown fox jumps over the lazy dog.\r\n'.repeat(20_000));
  const { location, parts } = await temporary.storeMessage({ original: text }, { compression: 'zstd' });
  expect(location.blobLength).toBeLessThan(text.length / 50);
  expect((await drain(temporary.vault.readPart(location, at(parts)))).bytes.equals(text)).toBe(true);
});

/** The same vault, telling what it reads from blobs and when it has closed them. */
async function watchedVault() {
  const seen = { ranges: [] as [number, number][], opened: 0, closed: 0 };
  const openBlob = async (organizationId: string, blobName: string): Promise<BlobSource> => {
    const source = await temporary.blobStore.openBlob(organizationId, blobName);
    seen.opened += 1;
    return {
      length: source.length,
      read: (start, end) => {
        seen.ranges.push([start, end]);
        return source.read(start, end);
      },
      close: async () => {
        await source.close();
        seen.closed += 1;
      },
    };
  };
  const blobStore = new Proxy(temporary.blobStore, {
    get: (store, name) => (name === 'openBlob' ? openBlob : Reflect.get(store, name, store)),
  });
  const keyProvider = await LocalKeyProvider.open(temporary.masterKeyPath);
  return { seen, vault: new Vault({ blobStore, keyProvider }) };
}

it('reads a range without touching the segments outside of it', async () => {
  const { location, parts } = await temporary.storeMessage({ file: bytes });
  const { seen, vault } = await watchedVault();
  const start = SEGMENT_SIZE + 5;
  const read = await drain(vault.readPart(location, at(parts), { start, end: start + 10 }));
  expect(read.bytes.equals(bytes.subarray(start, start + 10))).toBe(true);
  const segment = at(at(parts).segments, 1);
  expect(seen.ranges).toEqual([[segment.offset, segment.offset + segment.length]]);
});

it('refuses a range outside of the part', async () => {
  const { location, parts } = await temporary.storeMessage({ file: bytes.subarray(0, 10) });
  for (const range of [
    { start: -1, end: 5 },
    { start: 6, end: 5 },
    { start: 0, end: 11 },
    { start: 0.5, end: 1 },
    { start: 0, end: Number.NaN },
  ]) {
    const read = await drain(temporary.vault.readPart(location, at(parts), range));
    expect(read).toMatchObject({ error: { code: 'range_invalid' } });
    expect(read.bytes).toHaveLength(0);
  }
});

it('reads a part back while the next one is being written, before anything is committed', async () => {
  const { writer, commit } = await newWriter();
  const original = await writer.writePart('original', bytes, { compression: 'zstd' });
  const copy = await writer.writePart('copy', writer.readBack(original));
  expect(copy.sha256).toBe(original.sha256);
  expect((await drain(writer.readBack(copy, { start: 7, end: 99 }))).bytes.equals(bytes.subarray(7, 99))).toBe(true);
  const location = await commit();
  expect((await drain(temporary.vault.readPart(location, copy))).bytes.equals(bytes)).toBe(true);
});

it('yields an authenticated chunk before the rest is read, and closes the file when its reader leaves', async () => {
  const { location, parts } = await temporary.storeMessage({ file: bytes });
  const { seen, vault } = await watchedVault();
  const reading = vault.readPart(location, at(parts));
  const first = await reading.next();
  expect(first.value instanceof Uint8Array && bytes.subarray(0, first.value.length).equals(first.value)).toBe(true);
  expect(seen).toMatchObject({ opened: 1, closed: 0 });
  expect(seen.ranges).toHaveLength(1);
  await reading.return(undefined);
  expect(seen).toMatchObject({ opened: 1, closed: 1 });
  expect(seen.ranges).toHaveLength(1);
});

it('leaves nothing of a canary in clear under the store', async () => {
  const canary = 'CANARY-7f3a9c-do-not-find-me';
  await temporary.storeMessage({ body: Buffer.from(canary.repeat(1000)) });
  await temporary.storeMessage({ original: Buffer.from(canary) }, { compression: 'zstd' });
  const files = await filesUnder(temporary.folder);
  expect(files.length).toBeGreaterThan(2);
  for (const file of files) {
    const content = await readFile(file);
    expect(content.includes(canary)).toBe(false);
    expect(content.includes(canary.slice(0, 12))).toBe(false);
  }
});

it('takes one part at a time, each under an id of its own, and nothing after a failure but the abort', async () => {
  const { writer } = await newWriter();
  await writer.writePart('a', bytes.subarray(0, 10));
  await expect(writer.writePart('a', bytes.subarray(0, 10))).rejects.toMatchObject({ code: 'layout_invalid' });
  await expect(writer.writePart('../b', bytes.subarray(0, 10))).rejects.toMatchObject({ code: 'layout_invalid' });
  const slow = writer.writePart('c', inChunks(bytes, 64 * KIB));
  await expect(writer.writePart('d', bytes)).rejects.toMatchObject({ code: 'writer_closed' });
  await slow;
  const failing = (async function* () {
    yield bytes.subarray(0, 10);
    throw new Error('the sender left');
  })();
  await expect(writer.writePart('e', failing)).rejects.toThrow('the sender left');
  await expect(writer.writePart('f', bytes)).rejects.toMatchObject({ code: 'writer_closed' });
  await expect(writer.commit()).rejects.toMatchObject({ code: 'writer_closed' });
  await writer.abort();
  expect(await readdir(`${temporary.root}/.unfinished`)).toEqual([]);
});

it("refuses to write with another message's key", async () => {
  const message = { organizationId: temporary.organizationId, messageUid: randomUUID() };
  const { messageKey } = await temporary.vault.createMessageKey(temporary.organizationKey, message);
  const other = { ...message, messageUid: randomUUID() };
  await expect(temporary.vault.createBlob(other, messageKey)).rejects.toMatchObject({ code: 'context_mismatch' });
});

it('says that it is healthy with one finding about the keys and one about the storage', async () => {
  const findings = await temporary.vault.health();
  expect(findings.map(({ subject, healthy }) => ({ subject, healthy }))).toEqual([
    { subject: 'key_provider', healthy: true },
    { subject: 'blob_store', healthy: true },
  ]);
});

function decoded(text: string): Buffer {
  return Buffer.from(text, 'base64');
}

it('reads for ever what the first version wrote', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'signet-golden-'));
  const { organizationId, messageUid, blobName } = golden;
  await writeFile(join(folder, 'master.key'), decoded(golden.masterKey), { mode: 0o600 });
  await mkdir(join(folder, organizationId, blobName.slice(0, 2)), { recursive: true });
  const blob = decoded(golden.blob);
  await writeFile(join(folder, organizationId, blobName.slice(0, 2), blobName), blob);
  const vault = new Vault({
    blobStore: await openBlobStore(pathToFileURL(folder).href),
    keyProvider: await LocalKeyProvider.open(join(folder, 'master.key')),
  });
  const organizationKey = { ...golden.organizationKey, wrappedKey: decoded(golden.organizationKey.wrappedKey) };
  const location = {
    organizationId,
    messageUid,
    organizationKey,
    wrappedKey: decoded(golden.wrappedKey),
    blobName,
    blobLength: blob.length,
  };
  const parts = golden.parts.map((part) => storedPart.parse(part));
  expect((await drain(vault.readPart(location, at(parts)))).bytes.toString()).toBe('Pressed into the wax.');
  expect(await drain(vault.readPart(location, at(parts, 1)))).toMatchObject({ error: null, bytes: Buffer.alloc(0) });
  expect((await drain(vault.readPart(location, at(parts, 2)))).bytes.toString()).toBe('signet '.repeat(100));
  await rm(folder, { recursive: true });
});
