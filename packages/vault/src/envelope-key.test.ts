import { randomBytes } from 'node:crypto';
import * as sdk from '@aws-crypto/client-node';
import { describe, expect, it } from 'vitest';
import { EnvelopeKey } from './envelope-key.ts';
import { drain } from './testing/temporary-vault.ts';
import { VaultError } from './vault-error.ts';

const FRAME = 256;
const context = { purpose: 'test', organization: 'a', last: 'true' };
const key = new EnvelopeKey('test-key', 'one', randomBytes(32));
const plaintext = randomBytes(3 * FRAME + 100);

async function encrypted(): Promise<Buffer> {
  return (await drain(key.encrypt(plaintext, context, FRAME))).bytes;
}

function decrypt(ciphertext: Uint8Array, chunkLength: number) {
  const chunks: Uint8Array[] = [];
  for (let start = 0; start < ciphertext.length; start += chunkLength) chunks.push(ciphertext.subarray(start, start + chunkLength));
  return drain(key.decrypt(chunks, context));
}

describe('a message of several frames', () => {
  it('is refused with any one bit flipped, and nothing but the plaintext of frames before it comes out', async () => {
    const ciphertext = await encrypted();
    const frame = 4 + 12 + FRAME + 16;
    const header = ciphertext.length - 3 * frame - (4 + 4 + 12 + 4 + 100 + 16);
    for (let position = 0; position < ciphertext.length; position += 1) {
      const changed = Buffer.from(ciphertext);
      changed.writeUInt8(changed.readUInt8(position) ^ (1 << (position % 8)), position);
      const { bytes, error } = await decrypt(changed, position % 2 === 0 ? ciphertext.length : 97);
      expect(error).toMatchObject({ name: 'VaultError' });
      expect(bytes.length).toBeLessThanOrEqual(Math.max(0, Math.floor((position - header) / frame)) * FRAME);
      expect(bytes.equals(plaintext.subarray(0, bytes.length))).toBe(true);
    }
  }, 60_000);

  it('is refused when it ends anywhere before its end', async () => {
    const ciphertext = await encrypted();
    for (let length = 0; length < ciphertext.length; length += 1) {
      const { bytes, error } = await decrypt(ciphertext.subarray(0, length), length % 2 === 0 ? 1024 : 61);
      expect(error).toMatchObject({ name: 'VaultError', code: 'decryption_failed' });
      expect(bytes.equals(plaintext.subarray(0, bytes.length))).toBe(true);
    }
  }, 60_000);
});

it('decrypts only under the very same context: no value changed, no name more or less', async () => {
  const ciphertext = await encrypted();
  for (const other of [{ ...context, last: 'false' }, { ...context, more: 'x' }, { purpose: 'test', organization: 'a' }, {}]) {
    const { bytes, error } = await drain(key.decrypt([ciphertext], other));
    expect(error).toMatchObject({ code: 'context_mismatch' });
    expect(bytes).toHaveLength(0);
  }
});

it('decrypts only under the same key, whatever its name', async () => {
  const ciphertext = await encrypted();
  for (const name of ['one', 'two']) {
    const other = new EnvelopeKey('test-key', name, randomBytes(32));
    const { bytes, error } = await drain(other.decrypt([ciphertext], context));
    expect(error).toMatchObject({ code: 'decryption_failed' });
    expect(bytes).toHaveLength(0);
  }
});

it('refuses ciphertexts with a signature or without key commitment, though key and context are right', async () => {
  const lax = sdk.buildClient(sdk.CommitmentPolicy.FORBID_ENCRYPT_ALLOW_DECRYPT);
  const strict = sdk.buildClient(sdk.CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT);
  const secret = randomBytes(32);
  const keyring = new sdk.RawAesKeyringNode({
    keyNamespace: 'test-key',
    keyName: 'one',
    unencryptedMasterKey: Uint8Array.from(secret),
    wrappingSuite: sdk.RawAesWrappingSuiteIdentifier.AES256_GCM_IV12_TAG16_NO_PADDING,
  });
  const ours = new EnvelopeKey('test-key', 'one', secret);
  const encryptionContext = { purpose: 'test' };
  const { result: uncommitted } = await lax.encrypt(keyring, 'text', {
    suiteId: sdk.AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA256,
    encryptionContext,
  });
  const { result: signed } = await strict.encrypt(keyring, 'text', {
    suiteId: sdk.AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA512_COMMIT_KEY_ECDSA_P384,
    encryptionContext,
  });
  const { result: good } = await strict.encrypt(keyring, 'text', {
    suiteId: sdk.AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA512_COMMIT_KEY,
    encryptionContext,
  });
  for (const refused of [uncommitted, signed]) {
    const { bytes, error } = await drain(ours.decrypt([refused], encryptionContext));
    expect(error).toMatchObject({ code: 'decryption_failed' });
    expect(bytes).toHaveLength(0);
  }
  expect((await drain(ours.decrypt([good], encryptionContext))).bytes.toString()).toBe('text');
});

it('passes on an error of the storage that it reads from as it is', async () => {
  const ciphertext = await encrypted();
  const broken = (async function* () {
    yield ciphertext.subarray(0, ciphertext.length >> 1);
    throw new VaultError('storage_unavailable', 'the disk is gone');
  })();
  const { bytes, error } = await drain(key.decrypt(broken, context));
  expect(error).toMatchObject({ code: 'storage_unavailable', message: 'the disk is gone' });
  expect(bytes.equals(plaintext.subarray(0, bytes.length))).toBe(true);
});

it('does not take keys of another length', () => {
  expect(() => new EnvelopeKey('test-key', 'short', randomBytes(16))).toThrow('32 bytes');
});
