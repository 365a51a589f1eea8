import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';
import type { OrganizationKey, Vault } from './vault.ts';

/** Whose key it is. Both are lower-case UUIDs. */
interface LogKeyIdentity {
  readonly organizationId: string;
  readonly id: string;
}

/**
 * Makes a key pair that signs an organization's logs (Ed25519).
 * @returns the public half (32 bytes), and the private one sealed.
 * @throws {VaultError} as of `Vault.sealSecret`.
 */
export async function createLogKey(
  vault: Vault,
  organizationKey: OrganizationKey,
  key: LogKeyIdentity,
): Promise<{ publicKey: Uint8Array; sealedPrivateKey: Uint8Array }> {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const der = privateKey.export({ format: 'der', type: 'pkcs8' });
  const sealedPrivateKey = await vault.sealSecret(organizationKey, { ...key, purpose: 'log-key' }, der);
  der.fill(0);
  return { publicKey: Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url'), sealedPrivateKey };
}

/** What signs with such a key: Ed25519, 64 bytes. @throws {VaultError} as of `Vault.openSecret`. */
export async function openLogKey(
  vault: Vault,
  organizationKey: OrganizationKey,
  key: LogKeyIdentity,
  sealed: Uint8Array,
): Promise<(bytes: Uint8Array) => Uint8Array> {
  const der = Buffer.from(await vault.openSecret(organizationKey, { ...key, purpose: 'log-key' }, sealed));
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  der.fill(0);
  return (bytes) => sign(null, bytes, privateKey);
}
