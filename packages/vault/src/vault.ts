import { randomBytes, randomUUID } from 'node:crypto';
import type { BlobStore } from './blob-store.ts';
import { BlobWriter } from './blob-writer.ts';
import type { EncryptionContext } from './encrypted-message.ts';
import { EnvelopeKey, KEY_LENGTH } from './envelope-key.ts';
import type { HealthFinding } from './health-finding.ts';
import type { KeyProvider } from './key-provider.ts';
import { missingBlobs } from './missing-blobs.ts';
import { readStoredPart } from './part-reader.ts';
import type { ByteRange } from './part-reader.ts';
import type { ContentOwner } from './segment.ts';
import type { StoredPart } from './stored-part.ts';
import { VaultError } from './vault-error.ts';

const CACHED_KEYS = 1000;

/** An organization's key as it is stored: wrapped by the key provider. */
export interface OrganizationKey {
  /** UUID of this key; stays the same when another provider key wraps it. */
  readonly keyId: string;
  /** Which key of the provider wraps it (`KeyProvider.id`). */
  readonly providerKeyId: string;
  readonly wrappedKey: Uint8Array;
}

/** Whose content: both are lower-case UUIDs. */
export interface MessageIdentity {
  readonly organizationId: string;
  readonly messageUid: string;
}

/** An unwrapped message key, good for writing blobs of its message. Opaque, never stored. */
export class MessageKey implements ContentOwner {
  readonly organizationId: string;
  readonly messageUid: string;
  readonly key: EnvelopeKey;

  constructor({ organizationId, messageUid }: MessageIdentity, key: Uint8Array) {
    this.organizationId = organizationId;
    this.messageUid = messageUid;
    this.key = new EnvelopeKey('signet-message-key', messageUid, key);
  }
}

/** Everything that is needed to read a part, as it lies in the database. */
export interface ContentLocation extends MessageIdentity {
  readonly organizationKey: OrganizationKey;
  /** The message key, wrapped by the organization's key. */
  readonly wrappedKey: Uint8Array;
  readonly blobName: string;
  /** Bytes of the blob as its commit said: any other length is refused. */
  readonly blobLength: number;
}

/** What a sealed secret is for: it opens only for the same purpose and the same id. */
export interface SecretContext {
  readonly organizationId: string;
  /**
   * `passcode`: the code of a passcode request, whose id it is. `member-link`: the token of a link that is mailed to a member.
   * `authenticator-app`: the secret that a member's authenticator app shares. `dkim-key`: the private key that signs a domain's mails.
   * `next-hop-password`: what Signet signs in with to a mail server of the organization's. `recording-key`: what the hashes in an
   * organization's records are keyed with. `log-key`: the private key that signs an organization's logs. `webhook-secret`: what signs the
   * requests to a webhook's receiver. `syslog-client-key`: what belongs to the certificate that Signet shows to a syslog receiver.
   */
  readonly purpose:
    | 'passcode'
    | 'member-link'
    | 'authenticator-app'
    | 'dkim-key'
    | 'next-hop-password'
    | 'recording-key'
    | 'log-key'
    | 'webhook-secret'
    | 'syslog-client-key'
    | 'health-probe';
  readonly id: string;
}

/** The only door to content: keys wrapped in keys, parts encrypted in blobs. Every error is a `VaultError`. */
export class Vault {
  readonly #blobStore: BlobStore;
  readonly #keyProvider: KeyProvider;
  /** Unwrapped organization keys by organization, key id and provider key, the least recently used first. */
  readonly #organizationKeys = new Map<string, Promise<EnvelopeKey>>();

  constructor({ blobStore, keyProvider }: { blobStore: BlobStore; keyProvider: KeyProvider }) {
    this.#blobStore = blobStore;
    this.#keyProvider = keyProvider;
  }

  /** Makes a random key for an organization. @throws {VaultError} `key_unavailable`. */
  async createOrganizationKey(organizationId: string, keyId: string = randomUUID()): Promise<OrganizationKey> {
    const key = randomBytes(KEY_LENGTH);
    const wrappedKey = await this.#keyProvider.wrapKey(key, organizationKeyContext(organizationId, keyId));
    key.fill(0);
    return { keyId, providerKeyId: this.#keyProvider.id, wrappedKey };
  }

  /**
   * Makes a random key for a message. The key provider must be there, even where the organization's key is at hand: what is encrypted
   * under a key that may be lost is not stored safely.
   * @returns the key for writing; wrapped, for storing with `keyId`, the organization key that wraps it.
   * @throws {VaultError} `key_unavailable`, `context_mismatch`, `decryption_failed` about the organization's key.
   */
  async createMessageKey(
    organizationKey: OrganizationKey,
    message: MessageIdentity,
  ): Promise<{ messageKey: MessageKey; wrappedKey: Uint8Array; keyId: string }> {
    const { healthy, detail } = await this.#keyProvider.checkHealth();
    if (!healthy) throw new VaultError('key_unavailable', detail);
    const wrapping = await this.#organizationKeyOf(message.organizationId, organizationKey);
    const key = randomBytes(KEY_LENGTH);
    const wrappedKey = await wrapping.wrapKey(key, messageKeyContext(message, organizationKey.keyId));
    const messageKey = new MessageKey(message, key);
    key.fill(0);
    return { messageKey, wrappedKey, keyId: organizationKey.keyId };
  }

  /** Begins a blob for parts of a message. @throws {VaultError} `context_mismatch` for another message's key, `storage_full`, `storage_unavailable`. */
  async createBlob({ organizationId, messageUid }: MessageIdentity, messageKey: MessageKey): Promise<BlobWriter> {
    if (messageKey.organizationId !== organizationId || messageKey.messageUid !== messageUid) {
      throw new VaultError('context_mismatch', 'The key is that of another message');
    }
    return new BlobWriter(await this.#blobStore.createBlob(organizationId), messageKey);
  }

  /**
   * Plaintext of a part, or of a range of it (`end` exclusive), in chunks. The first `next()` resolves with bytes whose frame is
   * authenticated, so a caller may take it, decide, and only then send. Whoever leaves early calls `return()`, as `for await`
   * and streams do: that closes the blob. A part is complete only when the iterator ends without an error. Each chunk is good until the
   * next one is asked for: its memory is given back then, so whoever gathers them takes copies.
   * @throws {VaultError} before the first byte: `key_unavailable`, `blob_not_found`, `blob_truncated`, `blob_overlong`,
   *   `layout_invalid`, `range_invalid`; at any byte: `context_mismatch`, `decryption_failed`, `storage_unavailable`.
   */
  async *readPart(location: ContentLocation, part: StoredPart, range?: ByteRange): AsyncGenerator<Uint8Array> {
    const owner = await this.#messageKeyOf(location);
    const source = await this.#blobStore.openBlob(location.organizationId, location.blobName);
    try {
      if (source.length < location.blobLength) {
        throw new VaultError('blob_truncated', `The blob has ${source.length} bytes instead of ${location.blobLength}`);
      }
      if (source.length > location.blobLength) {
        throw new VaultError('blob_overlong', `The blob has ${source.length} bytes instead of ${location.blobLength}`);
      }
      yield* readStoredPart(source, owner, part, range);
    } finally {
      await source.close();
    }
  }

  /**
   * Seals a short secret that has to wait in the database, under the organization's key and bound to its context.
   * @throws {VaultError} `key_unavailable`, `context_mismatch`, `decryption_failed` about the organization's key.
   */
  async sealSecret(organizationKey: OrganizationKey, context: SecretContext, secret: Uint8Array): Promise<Uint8Array> {
    const key = await this.#organizationKeyOf(context.organizationId, organizationKey);
    return key.sealBytes(secret, secretContext(context, organizationKey.keyId));
  }

  /** Opens what `sealSecret` sealed. @throws {VaultError} `key_unavailable`, `context_mismatch`, `decryption_failed`. */
  async openSecret(organizationKey: OrganizationKey, context: SecretContext, sealed: Uint8Array): Promise<Uint8Array> {
    const key = await this.#organizationKeyOf(context.organizationId, organizationKey);
    return key.openBytes(sealed, secretContext(context, organizationKey.keyId));
  }

  /** What readiness checks need to know, one finding each about the key provider and the blob store. */
  async health(): Promise<HealthFinding[]> {
    return Promise.all([this.#keyProvider.checkHealth(), this.#blobStore.checkHealth()]);
  }

  /** Which of these blobs are gone, or not whole. @throws {VaultError} `storage_unavailable` while nothing can be said of any. */
  missingBlobs<B extends { organizationId: string; blobName: string; length: number }>(blobs: readonly B[]): Promise<ReadonlySet<B>> {
    return missingBlobs(this.#blobStore, blobs);
  }

  async #messageKeyOf({ organizationId, messageUid, organizationKey, wrappedKey }: ContentLocation): Promise<MessageKey> {
    const message = { organizationId, messageUid };
    const wrapping = await this.#organizationKeyOf(organizationId, organizationKey);
    const key = await wrapping.unwrapKey(wrappedKey, messageKeyContext(message, organizationKey.keyId));
    const messageKey = new MessageKey(message, key);
    key.fill(0);
    return messageKey;
  }

  #organizationKeyOf(organizationId: string, stored: OrganizationKey): Promise<EnvelopeKey> {
    const name = `${organizationId}/${stored.keyId}/${stored.providerKeyId}`;
    const unwrapped = this.#organizationKeys.get(name) ?? this.#unwrapOrganizationKey(organizationId, stored);
    // Put last, as the most recently used one. The promise itself is kept, so that many at once ask the provider once.
    this.#organizationKeys.delete(name);
    this.#organizationKeys.set(name, unwrapped);
    unwrapped.catch(() => {
      if (this.#organizationKeys.get(name) === unwrapped) this.#organizationKeys.delete(name);
    });
    const [oldest] = this.#organizationKeys.keys();
    if (this.#organizationKeys.size > CACHED_KEYS && oldest !== undefined) this.#organizationKeys.delete(oldest);
    return unwrapped;
  }

  async #unwrapOrganizationKey(organizationId: string, { keyId, providerKeyId, wrappedKey }: OrganizationKey): Promise<EnvelopeKey> {
    if (providerKeyId !== this.#keyProvider.id) {
      throw new VaultError('key_unavailable', `The organization's key is wrapped by ${providerKeyId}, at hand is ${this.#keyProvider.id}`);
    }
    const key = await this.#keyProvider.unwrapKey(wrappedKey, organizationKeyContext(organizationId, keyId));
    const organizationKey = new EnvelopeKey('signet-organization-key', keyId, key);
    key.fill(0);
    return organizationKey;
  }
}

/** Final formats: what is wrapped under them can only be unwrapped under them. */
function organizationKeyContext(organizationId: string, keyId: string): EncryptionContext {
  return { purpose: 'signet organization key v1', organization: organizationId, key: keyId };
}

function messageKeyContext({ organizationId, messageUid }: MessageIdentity, organizationKeyId: string): EncryptionContext {
  return { purpose: 'signet message key v1', organization: organizationId, message: messageUid, key: organizationKeyId };
}

function secretContext({ organizationId, purpose, id }: SecretContext, organizationKeyId: string): EncryptionContext {
  return { purpose: `signet ${purpose} v1`, organization: organizationId, id, key: organizationKeyId };
}
