import { createHash, randomBytes } from 'node:crypto';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { EncryptionContext } from './encrypted-message.ts';
import { EnvelopeKey, KEY_LENGTH } from './envelope-key.ts';
import type { HealthFinding } from './health-finding.ts';
import type { KeyProvider } from './key-provider.ts';
import { syncFolder } from './sync-folder.ts';
import { VaultError } from './vault-error.ts';

/**
 * Makes a master key: 32 random bytes in a new file of mode 0600, on disk when this returns. Whoever loses the file loses all
 * content, so it is never made by itself.
 * @throws the file system's error; `EEXIST` when there is a file already.
 */
export async function createMasterKeyFile(path: string): Promise<void> {
  {
    await using file = await open(path, 'wx', 0o600);
    await file.writeFile(randomBytes(KEY_LENGTH));
    await file.sync();
  }
  await syncFolder(dirname(path));
}

/** Key provider whose master key is a file of this machine. */
export class LocalKeyProvider implements KeyProvider {
  readonly id: string;
  readonly #path: string;
  readonly #key: EnvelopeKey;

  private constructor(path: string, masterKey: Uint8Array) {
    this.id = idOf(masterKey);
    this.#path = path;
    this.#key = new EnvelopeKey('signet-master-key', this.id, masterKey);
  }

  /** @throws {VaultError} `key_unavailable` when the file is missing, is no master key, or others may read it. */
  static async open(path: string): Promise<LocalKeyProvider> {
    const masterKey = await readMasterKey(path);
    const provider = new LocalKeyProvider(path, masterKey);
    masterKey.fill(0);
    return provider;
  }

  wrapKey(key: Uint8Array, context: EncryptionContext): Promise<Uint8Array> {
    return this.#key.wrapKey(key, context);
  }

  unwrapKey(wrappedKey: Uint8Array, context: EncryptionContext): Promise<Uint8Array> {
    return this.#key.unwrapKey(wrappedKey, context);
  }

  /** Healthy while the file still holds the key that is in use: else the next start would fail. */
  async checkHealth(): Promise<HealthFinding> {
    try {
      const masterKey = await readMasterKey(this.#path);
      const id = idOf(masterKey);
      masterKey.fill(0);
      if (id === this.id) return { subject: 'key_provider', healthy: true, detail: this.id };
      return { subject: 'key_provider', healthy: false, detail: `The master key file now holds ${id}, in use is ${this.id}` };
    } catch (error) {
      return { subject: 'key_provider', healthy: false, detail: error instanceof Error ? error.message : 'unknown error' };
    }
  }
}

/** `local:` and the first 16 hex digits of the key's SHA-256: tells keys apart and nothing about them. */
function idOf(masterKey: Uint8Array): string {
  return `local:${createHash('sha256').update(masterKey).digest('hex').slice(0, 16)}`;
}

async function readMasterKey(path: string): Promise<Uint8Array> {
  try {
    await using file = await open(path, 'r');
    const { mode, size } = await file.stat();
    if ((mode & 0o077) !== 0) throw new VaultError('key_unavailable', `Others may read the master key ${path}: make its mode 0600`);
    if (size !== KEY_LENGTH) throw new VaultError('key_unavailable', `The master key ${path} has ${size} bytes instead of ${KEY_LENGTH}`);
    return await file.readFile();
  } catch (error) {
    if (error instanceof VaultError) throw error;
    const errno = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    throw new VaultError('key_unavailable', `The master key ${path} cannot be read (${errno})`, { cause: error });
  }
}
