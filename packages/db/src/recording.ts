import type { PrivacyPolicy } from '@signet/domain/privacy-policy';
import { keyedHash, type Recording } from '@signet/domain/recorded-value';
import type { OrganizationScope, OrganizationTransaction } from './database.ts';

/** The policy's settings and their columns. */
export const privacyColumns = {
  recordedClientIp: 'recorded_client_ip',
  recordedUserAgent: 'recorded_user_agent',
  recordedSubject: 'recorded_subject',
} as const satisfies Record<keyof PrivacyPolicy, string>;

/** The key of an organization's hashes, sealed by the vault under the organization key that is named. */
export interface SealedRecordingKey {
  readonly id: string;
  readonly organizationKeyId: string;
  readonly sealedKey: Uint8Array;
}

/** The policy, and whether steps of messages under custom templates are recorded at all. */
export interface CurrentRecording extends Recording {
  readonly tracking: boolean;
}

/** What `recordingColumns` select. */
export interface RecordingRow extends PrivacyPolicy {
  readonly tracking: boolean;
  readonly recordingKeyId: string | null;
  readonly sealedKey: Buffer;
  readonly keyId: string;
  readonly providerKeyId: string;
  readonly wrappedKey: Buffer;
}

const selected = Object.entries(privacyColumns)
  .map(([setting, column]) => `o.${column} as "${setting}"`)
  .join(', ');

/** The policy and its key, in SQL: columns of the organization `o` and of what `recordingJoins` bring. */
export const recordingColumns = `${selected}, o.enable_portal_tracking_logs as tracking, rk.id as "recordingKeyId", rk.sealed_key as "sealedKey",
  ok.id as "keyId", ok.provider_key_id as "providerKeyId", ok.wrapped_key as "wrappedKey"`;
export const recordingJoins = `left join recording_key rk on rk.organization_id = o.id
  left join organization_key ok on ok.organization_id = o.id and ok.id = rk.organization_key_id`;

/**
 * Whether, and how much, is recorded now: decided anew at each event, in its transaction. Read, not locked: an event beside a change falls on
 * one side of it or the other.
 * Where the key of the hashes cannot be opened, it is hashing that throws: an event that cannot be made as the policy says is not made at
 * all, and one that has nothing to hash needs no key.
 */
export async function readRecording(db: OrganizationScope | OrganizationTransaction): Promise<CurrentRecording> {
  const { organizationId } = db;
  const [row] = await db.query<RecordingRow>(`select ${recordingColumns} from organization o ${recordingJoins} where o.id = $1::uuid`, [
    organizationId,
  ]);
  if (!row) throw new Error('The organization is gone');
  return recordingOf(db, row);
}

/** The same of a row that another statement brought. */
export async function recordingOf(db: OrganizationScope | OrganizationTransaction, row: RecordingRow): Promise<CurrentRecording> {
  const { recordedClientIp, recordedUserAgent, recordedSubject, tracking, recordingKeyId: id } = row;
  const policy = { recordedClientIp, recordedUserAgent, recordedSubject, tracking };
  const isHashed = [recordedClientIp, recordedUserAgent, recordedSubject].includes('hash');
  if (!isHashed || id === null) return { ...policy, hash: failing(new Error('The organization has no key to hash with')) };
  const { keyId, providerKeyId, wrappedKey, sealedKey } = row;
  const context = { organizationId: db.organizationId, purpose: 'recording-key', id } as const;
  const hash = await db.secrets.openSecret({ keyId, providerKeyId, wrappedKey }, context, sealedKey).then(keyedHash, failing);
  return { ...policy, hash };
}

function failing(error: unknown): Recording['hash'] {
  return () => {
    throw error;
  };
}

/** Keeps the key of an organization's hashes, where it has none yet: one for good, so that equal values stay recognisable. */
export async function keepRecordingKey(
  tx: OrganizationTransaction,
  { id, organizationKeyId, sealedKey }: SealedRecordingKey,
): Promise<void> {
  await tx.query(
    `insert into recording_key (organization_id, id, organization_key_id, sealed_key) values ($1::uuid, $2::uuid, $3::uuid, $4)
     on conflict (organization_id) do nothing`,
    [tx.organizationId, id, organizationKeyId, sealedKey],
  );
}
