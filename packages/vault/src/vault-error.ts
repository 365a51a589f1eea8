/**
 * Everything that can stand between a caller and content, with what it means to the caller.
 *
 * - `context_mismatch`: the ciphertext belongs to another organization, message, part or segment than asked for
 * - `decryption_failed`: a wrong key, or bytes that were changed
 * - `layout_invalid`: the recorded layout of a part contradicts itself or its blob
 * - `blob_truncated`, `blob_overlong`: the blob is shorter or longer than recorded
 * - `blob_not_found`: there is no such blob
 * - `key_unavailable`: the key provider is away, or is not the one that wrapped this key
 * - `storage_full`: no room left; `storage_unavailable`: any other failure of the storage
 * - `range_invalid`: a range outside of the part
 * - `writer_closed`: a blob writer was used after commit, abort or a failed write
 */
export const vaultErrorCodes = [
  'context_mismatch',
  'decryption_failed',
  'layout_invalid',
  'blob_truncated',
  'blob_overlong',
  'blob_not_found',
  'key_unavailable',
  'storage_full',
  'storage_unavailable',
  'range_invalid',
  'writer_closed',
] as const;
export type VaultErrorCode = (typeof vaultErrorCodes)[number];

/** The one error of this package. Its message never holds content or keys; `cause` is the error underneath, if any. */
export class VaultError extends Error {
  override readonly name = 'VaultError';
  readonly code: VaultErrorCode;

  constructor(code: VaultErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** EFBIG: the process, or the file system, lets files grow no further. */
const fullCodes = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** The error of a storage operation as a VaultError: a full disk or quota is `storage_full`, all else `storage_unavailable`. */
export function storageErrorOf(error: unknown): VaultError {
  if (error instanceof VaultError) return error;
  const errno = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown error';
  return fullCodes.has(errno)
    ? new VaultError('storage_full', `The blob storage is full (${errno})`, { cause: error })
    : new VaultError('storage_unavailable', `The blob storage failed (${errno})`, { cause: error });
}
