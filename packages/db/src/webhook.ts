import type { Operation } from '@signet/domain/audit/operation';
import { FORMER_SECRET_HOURS, type WebhookFailure } from '@signet/domain/webhook';
import type { OrganizationScope, OrganizationTransaction } from './database.ts';
import type { Queryable } from './queryable.ts';

/** A receiver of the audit log as a member sees it, without its secret. */
export interface StoredWebhook {
  readonly id: string;
  readonly name: string;
  readonly url: string;
  /** Empty: all. */
  readonly operations: readonly Operation[];
  readonly enabled: boolean;
  /** Whether it is told of alerts too. */
  readonly alerts: boolean;
  /** Whether entries are sent at all. */
  readonly entries: boolean;
  /** Whether it gets the logs' checkpoints. */
  readonly checkpoints: boolean;
  readonly failure: WebhookFailure | null;
  /** Until when the former secret signs too. */
  readonly formerUntil: Date | null;
  readonly nextIndex: number;
  /** Failed attempts in a row. */
  readonly attempts: number;
  readonly nextAttemptAt: Date;
  readonly createdAt: Date;
}

/** A secret as it lies in the database. */
export interface SealedWebhookSecret {
  readonly sealed: Uint8Array;
  readonly organizationKeyId: string;
}

/** SQL: the place behind the last of the organization's log, for a transaction of it. */
const logEnd = `coalesce((select size from log_head where organization_id = $1::uuid and stream = 'audit'), 0)`;

/** What stands in place of operations where no entries are sent: a version that does not know `entries` takes none for all. */
const noOperation = `'{None}'::text[]`;

/** The organization's webhooks by name. */
export function listWebhooks(db: Queryable & { readonly organizationId: string }): Promise<StoredWebhook[]> {
  return db.query<StoredWebhook>(
    `select id, name, url, case when entries then operations else '{}' end as operations, enabled, alerts, entries, checkpoints, failure,
       case when former_until > clock_timestamp() then former_until end as "formerUntil",
       next_index as "nextIndex", attempts, next_attempt_at as "nextAttemptAt", created_at as "createdAt"
     from webhook where organization_id = $1::uuid order by name, id`,
    [db.organizationId],
  );
}

/** The same, held so that they change one after the other. */
export async function lockWebhooks(tx: OrganizationTransaction): Promise<StoredWebhook[]> {
  await tx.query('select from organization where id = $1 for no key update', [tx.organizationId]);
  // Whoever sends holds a webhook alone, while what became of a request is noted.
  await tx.query('select from webhook where organization_id = $1::uuid order by id for update', [tx.organizationId]);
  return listWebhooks(tx);
}

/** What a webhook is, as whoever made it said. */
export type WebhookFacts = Pick<StoredWebhook, 'name' | 'url' | 'operations' | 'enabled' | 'alerts' | 'entries' | 'checkpoints'>;

/** Adds a webhook that gets what happens from now on. */
export async function addWebhook(
  tx: OrganizationTransaction,
  { id, name, url, operations, enabled, alerts, entries, checkpoints }: WebhookFacts & { readonly id: string },
  { sealed, organizationKeyId }: SealedWebhookSecret,
): Promise<void> {
  await tx.query(
    `insert into webhook (organization_id, id, name, url, operations, enabled, sealed_secret, organization_key_id, alerts, entries, checkpoints,
       next_index)
     values ($1::uuid, $2::uuid, $3, $4, case when $10 then $5::text[] else ${noOperation} end, $6, $7, $8::uuid, $9, $10, $11, ${logEnd})`,
    [tx.organizationId, id, name, url, operations, enabled, Buffer.from(sealed), organizationKeyId, alerts, entries, checkpoints],
  );
}

/**
 * Sets what a webhook is. What is being tried is begun anew, as another request, and at once. One that got no entries gets those from now on.
 */
export async function changeWebhook(tx: OrganizationTransaction, id: string, facts: WebhookFacts): Promise<void> {
  await tx.query(
    `update webhook set name = $3, url = $4, operations = case when $8 then $5::text[] else ${noOperation} end, enabled = $6, failure = null,
       batch_id = null, batch_end = null, attempts = 0, next_attempt_at = clock_timestamp(), test_id = case when $6 then test_id end, alerts = $7,
       next_index = case when $8 and not entries then ${logEnd} else next_index end, entries = $8,
       checkpoints = $9, checkpoint_id = case when $9 then checkpoint_id end, checkpoint_after = null
     where organization_id = $1::uuid and id = $2::uuid`,
    [tx.organizationId, id, facts.name, facts.url, facts.operations, facts.enabled, facts.alerts, facts.entries, facts.checkpoints],
  );
  if (!facts.alerts)
    await tx.query('delete from webhook_alert where organization_id = $1::uuid and webhook_id = $2::uuid', [tx.organizationId, id]);
}

export async function removeWebhook(tx: OrganizationTransaction, id: string): Promise<void> {
  await tx.query('delete from webhook where organization_id = $1::uuid and id = $2::uuid', [tx.organizationId, id]);
}

/** Puts another secret in the place of a webhook's, which signs besides it for a while. @returns until when. */
export async function rotateWebhookSecret(
  tx: OrganizationTransaction,
  id: string,
  { sealed, organizationKeyId }: SealedWebhookSecret,
): Promise<Date> {
  const [row] = await tx.query<{ until: Date }>(
    `update webhook set former_sealed_secret = sealed_secret, former_organization_key_id = organization_key_id,
       former_until = date_trunc('milliseconds', clock_timestamp()) + make_interval(hours => $5), sealed_secret = $3, organization_key_id = $4::uuid
     where organization_id = $1::uuid and id = $2::uuid returning former_until as until`,
    [tx.organizationId, id, Buffer.from(sealed), organizationKeyId, FORMER_SECRET_HOURS],
  );
  if (!row) throw new Error('The webhook is gone');
  return row.until;
}

/** Has a test event sent, before anything else. */
export async function askForTest(tx: OrganizationTransaction, id: string, testId: string): Promise<void> {
  await tx.query('update webhook set test_id = $3::uuid where organization_id = $1::uuid and id = $2::uuid', [
    tx.organizationId,
    id,
    testId,
  ]);
}

/** Sends from another place of the log on, as new requests, and at once. */
export async function replayWebhook(tx: OrganizationTransaction, id: string, index: number): Promise<void> {
  await tx.query(
    `update webhook set next_index = $3::bigint, batch_id = null, batch_end = null, attempts = 0, next_attempt_at = clock_timestamp()
     where organization_id = $1::uuid and id = $2::uuid`,
    [tx.organizationId, id, index],
  );
}

/** The first place in the log whose entry tells of a time or a later one; null where there is none. */
export async function placeOfTime(tx: OrganizationTransaction, from: Date): Promise<number | null> {
  const [row] = await tx.query<{ place: number | null }>(
    'select min(log_index) as place from audit_entry where organization_id = $1::uuid and creation_time >= $2::timestamptz',
    [tx.organizationId, from],
  );
  return row?.place ?? null;
}

/** One request to a receiver, and what came of it. */
export interface WebhookDelivery {
  readonly id: string;
  /** The request's `webhook-id`, the same at each attempt. */
  readonly eventId: string;
  readonly kind: 'entries' | 'alert' | 'checkpoint' | 'test';
  readonly firstIndex: number | null;
  /** Inclusive. */
  readonly lastIndex: number | null;
  readonly entries: number;
  readonly attempt: number;
  /** Null where nobody answered. */
  readonly status: number | null;
  /** Null where the receiver took it. */
  readonly error: string | null;
  readonly nextAttemptAt: Date | null;
  readonly sentAt: Date;
}

/** The last requests to a webhook's receiver, the newest first; null where there is no such webhook. */
export async function listWebhookDeliveries(scope: OrganizationScope, id: string): Promise<WebhookDelivery[] | null> {
  const [known] = await scope.query('select 1 from webhook where organization_id = $1::uuid and id = $2::uuid', [scope.organizationId, id]);
  if (!known) return null;
  return scope.query<WebhookDelivery>(
    `select id, event_id as "eventId", kind, first_index as "firstIndex", last_index as "lastIndex", entries, attempt, status, error,
       next_attempt_at as "nextAttemptAt", sent_at as "sentAt"
     from webhook_delivery where organization_id = $1::uuid and webhook_id = $2::uuid order by id desc`,
    [scope.organizationId, id],
  );
}
