import type { OrganizationTransaction } from './database.ts';
import type { Queryable } from './queryable.ts';

/** A receiver of syslog as a member sees it, without the key of its client certificate. */
export interface StoredSyslogDestination {
  readonly id: string;
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** Octets of one message. */
  readonly maxMessageBytes: number;
  /** PEM: who vouches for the receiver. Null: those that everybody knows. */
  readonly certificateAuthority: string | null;
  /** PEM: what Signet shows; null: nothing. */
  readonly clientCertificate: string | null;
  readonly enabled: boolean;
  readonly failure: 'failing' | null;
  readonly nextIndex: number;
  /** Failed attempts in a row. */
  readonly attempts: number;
  readonly nextAttemptAt: Date;
  readonly lastSentAt: Date | null;
  readonly lastError: string | null;
  readonly lastErrorAt: Date | null;
  /** The last test of which something became. */
  readonly testedId: string | null;
  readonly testedAt: Date | null;
  /** Null: it was taken. */
  readonly testError: string | null;
  readonly createdAt: Date;
}

/** The key of a client certificate as it lies in the database. */
export interface SealedClientKey {
  readonly sealed: Uint8Array;
  readonly organizationKeyId: string;
}

/** The organization's syslog destinations by name. */
export function listSyslogDestinations(db: Queryable & { readonly organizationId: string }): Promise<StoredSyslogDestination[]> {
  return db.query<StoredSyslogDestination>(
    `select id, name, host, port, max_message_bytes as "maxMessageBytes", certificate_authority as "certificateAuthority",
       client_certificate as "clientCertificate", enabled, failure, next_index as "nextIndex", attempts, next_attempt_at as "nextAttemptAt",
       last_sent_at as "lastSentAt", last_error as "lastError", last_error_at as "lastErrorAt", tested_id as "testedId",
       tested_at as "testedAt", test_error as "testError", created_at as "createdAt"
     from syslog_destination where organization_id = $1::uuid order by name, id`,
    [db.organizationId],
  );
}

/** The same, held so that they change one after the other. */
export async function lockSyslogDestinations(tx: OrganizationTransaction): Promise<StoredSyslogDestination[]> {
  await tx.query('select from organization where id = $1 for no key update', [tx.organizationId]);
  // Whoever sends holds a destination alone, while what became of a batch is noted.
  await tx.query('select from syslog_destination where organization_id = $1::uuid order by id for update', [tx.organizationId]);
  return listSyslogDestinations(tx);
}

export type SyslogFacts = Pick<
  StoredSyslogDestination,
  'id' | 'name' | 'host' | 'port' | 'maxMessageBytes' | 'certificateAuthority' | 'clientCertificate' | 'enabled'
>;

/** Adds a destination that gets what is recorded from now on. */
export async function addSyslogDestination(tx: OrganizationTransaction, facts: SyslogFacts, key: SealedClientKey | null): Promise<void> {
  await tx.query(
    `insert into syslog_destination (organization_id, id, name, host, port, max_message_bytes, certificate_authority, client_certificate, enabled,
       sealed_client_key, organization_key_id, next_index)
     values ($1::uuid, $2::uuid, $3, $4, $5, $6, $7, $8, $9, $10, $11::uuid,
       coalesce((select size from log_head where organization_id = $1::uuid and stream = 'audit'), 0))`,
    [tx.organizationId, ...valuesOf(facts), ...keyValues(key)],
  );
}

/**
 * Sets what a destination is. What is being sent to the former one counts for nothing, and is sent to this one, at once.
 * @param key left out: the one that is there stays.
 */
export async function changeSyslogDestination(
  tx: OrganizationTransaction,
  facts: SyslogFacts,
  key: SealedClientKey | null | undefined,
): Promise<void> {
  await tx.query(
    `update syslog_destination set name = $3, host = $4, port = $5, max_message_bytes = $6, certificate_authority = $7, client_certificate = $8,
       enabled = $9, sealed_client_key = case when $12 then sealed_client_key else $10 end,
       organization_key_id = case when $12 then organization_key_id else $11::uuid end,
       failure = null, attempts = 0, next_attempt_at = clock_timestamp(), former_index = null, lease_id = null, leased_until = null,
       test_id = case when $9 then test_id end
     where organization_id = $1::uuid and id = $2::uuid`,
    [tx.organizationId, ...valuesOf(facts), ...keyValues(key ?? null), key === undefined],
  );
}

function valuesOf(facts: SyslogFacts): unknown[] {
  const { id, name, host, port, maxMessageBytes, certificateAuthority, clientCertificate, enabled } = facts;
  return [id, name, host, port, maxMessageBytes, certificateAuthority, clientCertificate, enabled];
}

function keyValues(key: SealedClientKey | null): unknown[] {
  return [key && Buffer.from(key.sealed), key?.organizationKeyId ?? null];
}

export async function removeSyslogDestination(tx: OrganizationTransaction, id: string): Promise<void> {
  await tx.query('delete from syslog_destination where organization_id = $1::uuid and id = $2::uuid', [tx.organizationId, id]);
}

/** Has a test message sent, before anything else. */
export async function askForSyslogTest(tx: OrganizationTransaction, id: string, testId: string): Promise<void> {
  await tx.query('update syslog_destination set test_id = $3::uuid where organization_id = $1::uuid and id = $2::uuid', [
    tx.organizationId,
    id,
    testId,
  ]);
}

/** Sends from another place of the log on, and at once. */
export async function replaySyslog(tx: OrganizationTransaction, id: string, index: number): Promise<void> {
  await tx.query(
    `update syslog_destination set next_index = $3::bigint, former_index = null, attempts = 0, next_attempt_at = clock_timestamp(),
       lease_id = null, leased_until = null
     where organization_id = $1::uuid and id = $2::uuid`,
    [tx.organizationId, id, index],
  );
}
