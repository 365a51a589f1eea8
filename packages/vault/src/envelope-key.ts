import { NodeDefaultCryptographicMaterialsManager } from '@aws-crypto/material-management-node';
import { RawAesKeyringNode, RawAesWrappingSuiteIdentifier } from '@aws-crypto/raw-aes-keyring-node';
import { decryptMessage, encryptMessage } from './encrypted-message.ts';
import type { EncryptionContext } from './encrypted-message.ts';
import { VaultError } from './vault-error.ts';

/** Bytes of every symmetric key here (AES-256). */
export const KEY_LENGTH = 32;

const WRAP_FRAME_LENGTH = 4096;

/**
 * A 256-bit key that encrypts in the AWS Encryption SDK's message format (version 2, suite 0x0478: AES-256-GCM, HKDF-SHA-512,
 * key commitment, no signature), through the raw AES keyring. It is opaque: the bytes cannot be taken out again.
 */
export class EnvelopeKey {
  readonly #materials: NodeDefaultCryptographicMaterialsManager;

  /**
   * @param namespace what kind of key it is, and `name` which one: both stand in clear in what it encrypts.
   * @param key 32 bytes; a copy is taken.
   */
  constructor(namespace: string, name: string, key: Uint8Array) {
    if (key.length !== KEY_LENGTH) throw new VaultError('decryption_failed', `A key has ${KEY_LENGTH} bytes, not ${key.length}`);
    const keyring = new RawAesKeyringNode({
      keyNamespace: namespace,
      keyName: name,
      // The keyring zeroes what it is given.
      unencryptedMasterKey: Uint8Array.from(key),
      wrappingSuite: RawAesWrappingSuiteIdentifier.AES256_GCM_IV12_TAG16_NO_PADDING,
    });
    this.#materials = new NodeDefaultCryptographicMaterialsManager(keyring);
  }

  /** Encrypts bytes, cut into frames of `frameLength` plaintext bytes; yields the ciphertext in pieces as they are ready. */
  encrypt(plaintext: Uint8Array, context: EncryptionContext, frameLength: number): AsyncGenerator<Uint8Array> {
    return encryptMessage(this.#materials, plaintext, context, frameLength);
  }

  /**
   * Decrypts one whole ciphertext. The context is compared before the data key is unwrapped, so before any plaintext
   * exists; each frame is yielded only once its tag is checked; a ciphertext that ends early is an error, never an end. Each piece
   * is good until the next one is asked for.
   * @throws {VaultError} `context_mismatch`, `decryption_failed`, or what `ciphertext` throws.
   */
  async *decrypt(ciphertext: Iterable<Uint8Array> | AsyncIterable<Uint8Array>, context: EncryptionContext): AsyncGenerator<Uint8Array> {
    try {
      yield* decryptMessage(this.#materials, ciphertext, context);
    } catch (error) {
      throw error instanceof VaultError
        ? error
        : new VaultError('decryption_failed', 'The ciphertext does not belong to this key, or was changed', { cause: error });
    }
  }

  /** Encrypts a few bytes at once: at most 4 KiB. */
  sealBytes(bytes: Uint8Array, context: EncryptionContext): Promise<Uint8Array> {
    return collect(this.encrypt(bytes, context, WRAP_FRAME_LENGTH));
  }

  /** What `sealBytes` encrypted under the same context. @throws {VaultError} `context_mismatch`, `decryption_failed`. */
  openBytes(sealed: Uint8Array, context: EncryptionContext): Promise<Uint8Array> {
    return collect(this.decrypt([sealed], context));
  }

  /** Encrypts another key under this one. */
  wrapKey(key: Uint8Array, context: EncryptionContext): Promise<Uint8Array> {
    return this.sealBytes(key, context);
  }

  /** The key that `wrapKey` encrypted under the same context: 32 bytes. @throws {VaultError} `context_mismatch`, `decryption_failed`. */
  async unwrapKey(wrappedKey: Uint8Array, context: EncryptionContext): Promise<Uint8Array> {
    const key = await this.openBytes(wrappedKey, context);
    if (key.length !== KEY_LENGTH) throw new VaultError('decryption_failed', `A key has ${KEY_LENGTH} bytes, not ${key.length}`);
    return key;
  }
}

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const chunk of chunks) pieces.push(Buffer.from(chunk));
  return Buffer.concat(pieces);
}
