import type { EncryptionContext } from './encrypted-message.ts';
import type { HealthFinding } from './health-finding.ts';

/** Port to whoever holds the keys that wrap organizations' keys: a local file, later a key management service. */
export interface KeyProvider {
  /** Names the wrapping key: the provider's kind, a colon and which key, e.g. `local:0123456789abcdef`. Stored with every wrap. */
  readonly id: string;
  /** Wraps a key; the context is authenticated with it. The given bytes stay the caller's. */
  wrapKey(key: Uint8Array, context: EncryptionContext): Promise<Uint8Array>;
  /**
   * Unwraps what `wrapKey` made under the very same context.
   * @throws {VaultError} `context_mismatch`, `decryption_failed`, or `key_unavailable` when the provider is away.
   */
  unwrapKey(wrappedKey: Uint8Array, context: EncryptionContext): Promise<Uint8Array>;
  checkHealth(): Promise<HealthFinding>;
}
