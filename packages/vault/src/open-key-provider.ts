import { fileURLToPath } from 'node:url';
import type { KeyProvider } from './key-provider.ts';
import { LocalKeyProvider } from './local-key-provider.ts';
import { VaultError } from './vault-error.ts';

/** The key provider of a URL: `file:///path/of/the/master.key`. @throws {VaultError} `key_unavailable`, also for any other scheme. */
export async function openKeyProvider(url: string): Promise<KeyProvider> {
  const parsed = URL.parse(url);
  if (parsed?.protocol !== 'file:' || parsed.host !== '') {
    const given = parsed ? `${parsed.protocol}//${parsed.host}` : 'no URL';
    throw new VaultError('key_unavailable', `A key provider is given as file:///path, not as ${given}`);
  }
  return LocalKeyProvider.open(fileURLToPath(parsed));
}
