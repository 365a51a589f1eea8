import { DatabaseUnavailableError } from '@signet/db/database-unavailable-error';
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
    frames: framesOf(error),
  };
}

/** Where it was thrown. The stack begins with the message, whose own lines may look like frames: they are passed over. */
function framesOf({ stack = '', message }: Error): string[] {
  const start = stack.indexOf(message);
  const frames = start === -1 ? '' : stack.slice(start + message.length);
  return frames.split('\n').filter((line) => line.startsWith('    at '));
}
