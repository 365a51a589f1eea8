import { DatabaseUnavailableError } from '@signet/db/database';
import { VaultError } from '@signet/vault/vault-error';

/**
 * What of an error may be logged. The message only where this project wrote it: those of libraries and of the database quote
 * what they stumbled over, which may be content or an address.
 */
export function errorFacts(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { name: typeof error };
  const told = error instanceof VaultError || error instanceof DatabaseUnavailableError;
  return {
    name: error.name,
    ...('code' in error && typeof error.code === 'string' ? { code: error.code } : {}),
    ...(told ? { message: error.message } : {}),
    frames: (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at ')),
  };
}
