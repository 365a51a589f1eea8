import { randomBytes } from 'node:crypto';
import * as sdk from '@aws-crypto/client-node';
import { describe, expect, it } from 'vitest';
import { MAXIMUM_FRAME_LENGTH } from './encrypted-message.ts';
import { EnvelopeKey } from './envelope-key.ts';
import { drain } from './testing/temporary-vault.ts';

const FRAME = 1024;
const context = { purpose: 'test', organization: 'a', last: 'true' };
const secret = randomBytes(32);
const ours = new EnvelopeKey('test-key', 'one', secret);
const theirs = sdk.buildClient({ commitmentPolicy: sdk.CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT, maxEncryptedDataKeys: 1 });
const suiteId = sdk.AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA512_COMMIT_KEY;

function keyringNamed(keyName: string) {
  return new sdk.RawAesKeyringNode({
    keyNamespace: 'test-key',
    keyName,
    unencryptedMasterKey: Uint8Array.from(secret),
    wrappingSuite: sdk.RawAesWrappingSuiteIdentifier.AES256_GCM_IV12_TAG16_NO_PADDING,
  });
}
const keyring = keyringNamed('one');
const sizes = [0, 1, FRAME - 1, FRAME, FRAME + 1, 3 * FRAME, 200_000];

describe("beside the SDK's own client", () => {
  it('writes what the SDK reads', async () => {
    for (const size of sizes) {
      const plaintext = randomBytes(size);
      const { bytes } = await drain(ours.encrypt(plaintext, context, FRAME));
      const read = await theirs.decrypt(keyring, bytes);
      expect(read.plaintext.equals(plaintext)).toBe(true);
      expect(read.messageHeader).toMatchObject({ suiteId, encryptionContext: context, frameLength: FRAME });
    }
  });

  it('reads what the SDK writes, and writes the same bytes but for keys and nonces', async () => {
    for (const size of sizes) {
      const plaintext = randomBytes(size);
      const { result } = await theirs.encrypt(keyring, plaintext, { suiteId, encryptionContext: { ...context }, frameLength: FRAME });
      const read = await drain(ours.decrypt([result], context));
      expect(read.error).toBeNull();
      expect(read.bytes.equals(plaintext)).toBe(true);
      expect((await drain(ours.encrypt(plaintext, context, FRAME))).bytes).toHaveLength(result.length);
    }
  });
});

it('reads from a source that uses its memory again, in chunks of any length', async () => {
  const plaintext = randomBytes(5 * FRAME + 7);
  const { bytes } = await drain(ours.encrypt(plaintext, context, FRAME));
  for (const length of [1, 13, 100, 1000, FRAME, bytes.length]) {
    const memory = Buffer.alloc(length);
    const source = (function* () {
      for (let start = 0; start < bytes.length; start += length) {
        memory.fill(0);
        yield memory.subarray(0, bytes.copy(memory, 0, start, start + length));
      }
    })();
    const read = await drain(ours.decrypt(source, context));
    expect(read.error).toBeNull();
    expect(read.bytes.equals(plaintext)).toBe(true);
  }
});

it('refuses bytes behind the final frame before it gives that frame out', async () => {
  const { bytes } = await drain(ours.encrypt(randomBytes(FRAME + 5), context, FRAME));
  for (const chunks of [[Buffer.concat([bytes, Buffer.alloc(1)])], [bytes, Buffer.alloc(0), Buffer.alloc(3)]]) {
    const read = await drain(ours.decrypt(chunks, context));
    expect(read.error).toMatchObject({ code: 'decryption_failed' });
    expect(read.bytes).toHaveLength(FRAME);
  }
});

it('refuses longer frames than are ever written, and more than one data key', async () => {
  const options = { suiteId, encryptionContext: { ...context } };
  const long = await theirs.encrypt(keyring, 'text', { ...options, frameLength: MAXIMUM_FRAME_LENGTH + 1 });
  const both = new sdk.MultiKeyringNode({ generator: keyring, children: [keyringNamed('two')] });
  const twice = await sdk.buildClient().encrypt(both, 'text', options);
  for (const { result } of [long, twice]) {
    const read = await drain(ours.decrypt([result], context));
    expect(read.error).toMatchObject({ code: 'decryption_failed' });
    expect(read.bytes).toHaveLength(0);
  }
});

it('gives up on a header that does not end, without gathering all of it', async () => {
  const { bytes } = await drain(ours.encrypt(Buffer.from('text'), context, FRAME));
  // The context claims to be as long as it can be.
  const endless = Buffer.concat([bytes.subarray(0, 35), Buffer.from([0xff, 0xff])]);
  let asked = 0;
  const source = (function* () {
    yield endless;
    for (; asked < 1000; asked += 1) yield Buffer.alloc(1024, 1);
  })();
  const read = await drain(ours.decrypt(source, context));
  expect(read.error).toMatchObject({ code: 'decryption_failed' });
  expect(asked).toBeLessThan(20);
});

it('closes its source when the reader leaves and when the ciphertext is bad', async () => {
  const { bytes } = await drain(ours.encrypt(randomBytes(3 * FRAME), context, FRAME));
  let closed = 0;
  const source = function* (ciphertext: Buffer) {
    try {
      for (let start = 0; start < ciphertext.length; start += 100) yield ciphertext.subarray(start, start + 100);
    } finally {
      closed += 1;
    }
  };
  const reading = ours.decrypt(source(bytes), context);
  expect((await reading.next()).done).toBe(false);
  expect(closed).toBe(0);
  await reading.return(undefined);
  expect(closed).toBe(1);

  const { error } = await drain(ours.decrypt(source(Buffer.concat([bytes.subarray(0, 700), Buffer.alloc(3000)])), context));
  expect(error).toMatchObject({ code: 'decryption_failed' });
  expect(closed).toBe(2);
});
