import type { OrganizationScope } from './database.ts';

/** What an idempotency key stands for: the message that it was or will be used for. */
export type KeyReservation = { readonly outcome: 'reserved'; readonly messageUid: string } | { readonly outcome: 'conflict' };

/** What an idempotency key was used for; null for a new one. */
export async function findIdempotencyKey(
  scope: OrganizationScope,
  key: string,
): Promise<{ readonly requestHash: Buffer; readonly messageUid: string } | null> {
  const [row] = await scope.query<{ request_hash: Buffer; message_uid: string }>(
    'select request_hash, message_uid from idempotency_key where organization_id = $1 and key = $2',
    [scope.organizationId, key],
  );
  return row ? { requestHash: row.request_hash, messageUid: row.message_uid } : null;
}

/**
 * Reserves an idempotency key for a request, before it takes effect. The same request again gets the same message's id.
 * @param requestHash SHA-256 of everything that makes the request.
 * @param messageUid id of the message that the request makes, if it is the first with this key.
 * @returns `conflict` when another request has the key.
 */
export async function reserveIdempotencyKey(
  scope: OrganizationScope,
  { key, requestHash, messageUid }: { key: string; requestHash: Uint8Array; messageUid: string },
): Promise<KeyReservation> {
  const [row] = await scope.query<{ request_hash: Buffer; message_uid: string }>(
    `insert into idempotency_key (organization_id, key, request_hash, message_uid) values ($1, $2, $3, $4)
     on conflict (organization_id, key) do update set key = excluded.key returning request_hash, message_uid`,
    [scope.organizationId, key, requestHash, messageUid],
  );
  if (!row) throw new Error('The idempotency key was not stored');
  return row.request_hash.equals(requestHash) ? { outcome: 'reserved', messageUid: row.message_uid } : { outcome: 'conflict' };
}

/** The request turned out to repeat a message that was there before: its key stands for that one. */
export async function pointIdempotencyKey(scope: OrganizationScope, key: string, messageUid: string): Promise<void> {
  await scope.query('update idempotency_key set message_uid = $3 where organization_id = $1 and key = $2', [
    scope.organizationId,
    key,
    messageUid,
  ]);
}
