import { randomBytes, randomUUID } from 'node:crypto';
import { copyFile, mkdir, readFile, rename, truncate, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMasterKeyFile, LocalKeyProvider } from './local-key-provider.ts';
import { LARGE_FRAME_LENGTH, SEGMENT_SIZE } from './segment.ts';
import type { StoredPart } from './stored-part.ts';
import { at, drain, openTemporaryVault } from './testing/temporary-vault.ts';
import type { TemporaryVault } from './testing/temporary-vault.ts';
import { VaultError } from './vault-error.ts';
import { Vault } from './vault.ts';
import type { ContentLocation } from './vault.ts';

const content = randomBytes(2 * SEGMENT_SIZE + LARGE_FRAME_LENGTH + 12_345);
let temporary: TemporaryVault;

beforeAll(async () => {
  temporary = await openTemporaryVault();
});
afterAll(() => temporary[Symbol.asyncDispose]());

/** The code under which a part and a range of it are refused, and how many bytes came out if any did. */
async function refusalOf(location: ContentLocation, part: StoredPart): Promise<string> {
  const vault = await temporary.open();
  const refusals = new Set<string>();
  for (const range of [undefined, { start: 1, end: part.size - 1 }]) {
    const { bytes, error } = await drain(vault.readPart(location, part, range));
    const code = error instanceof VaultError ? error.code : String(error);
    refusals.add(bytes.length === 0 ? code : `${code} after ${bytes.length} bytes`);
  }
  return [...refusals].join();
}

describe('content in the wrong place', () => {
  it("refuses another message's blob under this message's name", async () => {
    const a = await temporary.storeMessage({ body: content });
    const b = await temporary.storeMessage({ body: content });
    expect(await refusalOf({ ...a.location, blobName: b.location.blobName }, at(a.parts))).toBe('context_mismatch');
    const [pathA, pathB] = [temporary.pathOf(a.location), temporary.pathOf(b.location)];
    await rename(pathA, `${pathA}.away`);
    await rename(pathB, pathA);
    await rename(`${pathA}.away`, pathB);
    expect(await refusalOf(a.location, at(a.parts))).toBe('context_mismatch');
    expect(await refusalOf(b.location, at(b.parts))).toBe('context_mismatch');
  });

  it('refuses one part of a message in the place of another', async () => {
    const { location, parts } = await temporary.storeMessage({ first: content, other: content });
    const [first, other] = [at(parts), at(parts, 1)];
    expect(await refusalOf(location, { ...first, segments: other.segments })).toBe('context_mismatch');
    expect(await refusalOf(location, { ...other, segments: first.segments })).toBe('context_mismatch');
  });

  it('refuses a part whose recorded compression was changed', async () => {
    const { location, parts } = await temporary.storeMessage({ body: content });
    expect(await refusalOf(location, { ...at(parts), compression: 'zstd' })).toBe('context_mismatch');
  });

  it('refuses segments in another order, in the layout and in the blob', async () => {
    const { location, parts } = await temporary.storeMessage({ body: content });
    const part = at(parts);
    const [first, second, third] = [at(part.segments), at(part.segments, 1), at(part.segments, 2)];
    expect(await refusalOf(location, { ...part, segments: [second, first, third] })).toBe('context_mismatch');

    expect(second.length).toBe(first.length);
    const blob = await readFile(temporary.pathOf(location));
    const firstBytes = Buffer.from(blob.subarray(first.offset, first.offset + first.length));
    blob.copy(blob, first.offset, second.offset, second.offset + second.length);
    firstBytes.copy(blob, second.offset);
    await writeFile(temporary.pathOf(location), blob);
    expect(await refusalOf(location, part)).toBe('context_mismatch');
  });

  it('refuses a message under another organization, with its own key and with the other one', async () => {
    const { location, parts } = await temporary.storeMessage({ body: content });
    const organizationId = randomUUID();
    const otherKey = await temporary.vault.createOrganizationKey(organizationId);
    const foreign = { ...location, organizationId };
    await mkdir(dirname(temporary.pathOf(foreign)), { recursive: true });
    await copyFile(temporary.pathOf(location), temporary.pathOf(foreign));
    expect(await refusalOf(foreign, at(parts))).toBe('context_mismatch');
    expect(await refusalOf({ ...foreign, organizationKey: otherKey }, at(parts))).toBe('context_mismatch');
    expect(await refusalOf({ ...location, organizationKey: otherKey }, at(parts))).toBe('context_mismatch');
  });
});

describe('the wrong key', () => {
  it("refuses another message's key, even renamed to this message", async () => {
    const a = await temporary.storeMessage({ body: content });
    const b = await temporary.storeMessage({ body: content });
    expect(await refusalOf({ ...a.location, wrappedKey: b.location.wrappedKey }, at(a.parts))).toBe('context_mismatch');
    const impostor = await temporary.vault.createMessageKey(temporary.organizationKey, a.location);
    expect(await refusalOf({ ...a.location, wrappedKey: impostor.wrappedKey }, at(a.parts))).toBe('decryption_failed');
  });

  it("refuses another key of the organization, even under this key's id", async () => {
    const { location, parts } = await temporary.storeMessage({ body: content });
    const other = await temporary.vault.createOrganizationKey(temporary.organizationId);
    expect(await refusalOf({ ...location, organizationKey: other }, at(parts))).toBe('context_mismatch');
    const impostor = await temporary.vault.createOrganizationKey(temporary.organizationId, temporary.organizationKey.keyId);
    expect(await refusalOf({ ...location, organizationKey: impostor }, at(parts))).toBe('decryption_failed');
  });

  it("refuses another master key, and says which one is needed; even under the other one's id", async () => {
    const { location, parts } = await temporary.storeMessage({ body: content });
    await createMasterKeyFile(`${temporary.folder}/other.key`);
    const other = await LocalKeyProvider.open(`${temporary.folder}/other.key`);
    const vault = new Vault({ blobStore: temporary.blobStore, keyProvider: other });
    const read = await drain(vault.readPart(location, at(parts)));
    expect(read.bytes).toHaveLength(0);
    expect(read.error).toMatchObject({ code: 'key_unavailable', message: expect.stringContaining(location.organizationKey.providerKeyId) });

    const renamed = { ...location, organizationKey: { ...location.organizationKey, providerKeyId: other.id } };
    const second = await drain(vault.readPart(renamed, at(parts)));
    expect(second.bytes).toHaveLength(0);
    expect(second.error).toMatchObject({ code: 'decryption_failed' });
  });
});

describe('changed bytes', () => {
  it('refuses a blob that is shorter or longer than recorded, before the first byte', async () => {
    const { location, parts } = await temporary.storeMessage({ body: content });
    await truncate(temporary.pathOf(location), location.blobLength - 1);
    expect(await refusalOf(location, at(parts))).toBe('blob_truncated');
    await truncate(temporary.pathOf(location), location.blobLength + 1);
    expect(await refusalOf(location, at(parts))).toBe('blob_overlong');
  });

  it('refuses a part whose recorded layout lost its last segment, or claims to be elsewhere', async () => {
    const { location, parts } = await temporary.storeMessage({ body: content });
    const part = at(parts);
    const segments = part.segments.slice(0, -1);
    expect(await refusalOf(location, { ...part, segments })).toBe('layout_invalid');
    expect(await refusalOf(location, { ...part, segments: [] })).toBe('layout_invalid');
    expect(await refusalOf(location, { ...part, segments: [{ ...at(segments), offset: location.blobLength }] })).toBe('layout_invalid');

    // The size was made to fit: what comes out is whole frames of the right part, and never a clean end.
    const read = await drain(temporary.vault.readPart(location, { ...part, segments, size: 2 * SEGMENT_SIZE }));
    expect(read.error).toMatchObject({ code: 'context_mismatch' });
    expect(read.bytes.equals(content.subarray(0, SEGMENT_SIZE))).toBe(true);
    expect(await refusalOf(location, { ...part, segments: segments.slice(0, 1), size: SEGMENT_SIZE })).toBe('context_mismatch');
  });

  it('refuses frames in another order within a segment', async () => {
    const { location, parts } = await temporary.storeMessage({ body: content });
    const blob = await readFile(temporary.pathOf(location));
    const frame = 4 + 12 + LARGE_FRAME_LENGTH + 16;
    const { offset, length } = at(at(parts).segments);
    const header = length - (SEGMENT_SIZE / LARGE_FRAME_LENGTH) * frame - (4 + 4 + 12 + 4 + 16);
    const first = offset + header;
    const kept = Buffer.from(blob.subarray(first, first + frame));
    blob.copy(blob, first, first + frame, first + 2 * frame);
    kept.copy(blob, first + frame);
    await writeFile(temporary.pathOf(location), blob);
    const read = await drain(temporary.vault.readPart(location, at(parts)));
    expect(read.error).toMatchObject({ code: 'decryption_failed' });
    expect(read.bytes.length).toBe(0);
  });

  it('refuses one flipped bit anywhere in a large part, and gives no byte of its frame or of a later one', async () => {
    const { location, parts } = await temporary.storeMessage({ body: content });
    const part = at(parts);
    const path = temporary.pathOf(location);
    const blob = await readFile(path);
    const frame = 4 + 12 + LARGE_FRAME_LENGTH + 16;
    for (const [index, { offset, length, size }] of part.segments.entries()) {
      const frames = Math.floor(size / LARGE_FRAME_LENGTH);
      const header = length - frames * frame - (4 + 4 + 12 + 4 + (size % LARGE_FRAME_LENGTH) + 16);
      const positions = [0, header - 1];
      for (let number = 0; number <= frames; number += 1) {
        const start = header + number * frame;
        positions.push(start, start + 4, start + 15, start + 40);
      }
      positions.push(header + frame - 1, length - 1);
      for (const position of positions) {
        if (position >= length) continue;
        const changed = Buffer.from(blob);
        changed.writeUInt8(changed.readUInt8(offset + position) ^ 0x10, offset + position);
        await writeFile(path, changed);
        const read = await drain(temporary.vault.readPart(location, part));
        expect(read.error).toMatchObject({ name: 'VaultError' });
        const framesBefore = Math.max(0, Math.floor((position - header) / frame));
        expect(read.bytes.length).toBeLessThanOrEqual(index * SEGMENT_SIZE + framesBefore * LARGE_FRAME_LENGTH);
        expect(read.bytes.equals(content.subarray(0, read.bytes.length))).toBe(true);
      }
    }
  }, 60_000);
});
