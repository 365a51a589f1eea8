import { recordTextOf } from '@signet/domain/audit/record-text';
import type { WebhookFailure } from '@signet/domain/webhook';
import { appendAdminRecord } from './admin-record.ts';
import { newId, type OrganizationScope, type OrganizationTransaction } from './database.ts';
import type { HeldWebhook, WebhookRequest } from './webhook-sending.ts';

/** Requests of each webhook that are kept. */
const KEPT = 200;
/** Attempts after which an alert is dropped: the trail must not wait for it. */
const ALERT_ATTEMPTS = 3;
/** Attempts after which checkpoints are set aside, for so many seconds: they are not dropped, and hold up nothing else. */
const CHECKPOINT = { attempts: 3, asideSeconds: 3_600 } as const;

/** What came of a request. */
export interface WebhookOutcome {
  readonly sentAt: Date;
  readonly status: number | null;
  /** Null: the receiver took it. */
  readonly error: string | null;
  /** Seconds until it is tried again; null where it was taken, or is given up. */
  readonly retrySeconds: number | null;
  /** Why no more is sent to this receiver. */
  readonly failure: WebhookFailure | null;
}

/**
 * Notes what came of a request. Where the webhook was changed meanwhile, or set to another place, only that it was sent: what is to be sent is
 * what the change says.
 * @returns whether the webhook goes on at once.
 */
export async function noteWebhookOutcome(
  scope: OrganizationScope,
  held: HeldWebhook,
  { kind, eventId, batch, attempts, url }: WebhookRequest,
  outcome: WebhookOutcome,
): Promise<boolean> {
  return scope.transaction(async (tx) => {
    const key = [tx.organizationId, held.id];
    const [row] = await tx.query<{ current: boolean; tries: number; hasMore: boolean; isKnownAside: boolean }>(
      `select enabled and case $4 when 'test' then test_id = $3::uuid when 'entries' then batch_id = $3::uuid
         when 'checkpoint' then checkpoint_id = $3::uuid and url = $6 else exists (
         select from webhook_alert a where a.organization_id = w.organization_id and a.webhook_id = w.id and a.id = $3::uuid) end is true as current,
         (select count(*)::int from webhook_delivery d where d.organization_id = w.organization_id and d.webhook_id = w.id and d.event_id = $3::uuid) as tries,
         entries or alerts as "hasMore", checkpoint_after is not null as "isKnownAside"
       from webhook w where organization_id = $1::uuid and id = $2::uuid and lease_id = $5::uuid for update`,
      [...key, eventId, kind, held.leaseId, url],
    );
    if (!row) return false;
    const isTaken = outcome.error === null;
    const isCurrent = row.current;
    const isDropped = kind === 'alert' && !isTaken && outcome.failure === null && (isRefused(outcome) || row.tries + 1 >= ALERT_ATTEMPTS);
    const isAside =
      kind === 'checkpoint' &&
      !isTaken &&
      outcome.failure === null &&
      row.hasMore &&
      (isRefused(outcome) || row.isKnownAside || row.tries + 1 >= CHECKPOINT.attempts);
    if (isCurrent && isAside)
      await tx.query(
        `update webhook set checkpoint_after = clock_timestamp() + make_interval(secs => $3) where organization_id = $1::uuid and id = $2::uuid`,
        [...key, CHECKPOINT.asideSeconds],
      );
    if (kind === 'test') {
      // A receiver that answers again need not be waited for, and begins anew: what an administrator tried is no day of failure.
      if (isCurrent)
        await tx.query(
          `update webhook set test_id = null, next_attempt_at = case when $3 then clock_timestamp() else next_attempt_at end,
             attempts = case when $3 then 0 else attempts end
           where organization_id = $1::uuid and id = $2::uuid`,
          [...key, isTaken],
        );
    } else if (isCurrent && isTaken && kind === 'checkpoint') {
      await tx.query(
        'update webhook set checkpoint_id = null, checkpoint_after = null, attempts = 0 where organization_id = $1::uuid and id = $2::uuid',
        key,
      );
    } else if (isCurrent && isTaken && batch === null) {
      await dropAlert(tx, held.id, eventId);
      await tx.query('update webhook set attempts = 0 where organization_id = $1::uuid and id = $2::uuid', key);
    } else if (isCurrent && isTaken && batch !== null) {
      await tx.query(
        `update webhook set next_index = $3::bigint, batch_id = null, batch_end = null, attempts = 0
         where organization_id = $1::uuid and id = $2::uuid`,
        [...key, batch.end],
      );
    } else if (isCurrent && (isDropped || isAside) && isRefused(outcome)) {
      // The receiver is there and will not have it: that says nothing of entries, which go on at once.
      if (isDropped) await dropAlert(tx, held.id, eventId);
    } else if (isCurrent) {
      if (isDropped) await dropAlert(tx, held.id, eventId);
      await tx.query(
        `update webhook set attempts = $3, next_attempt_at = clock_timestamp() + make_interval(secs => $4), enabled = enabled and $5::text is null,
           failure = $5, test_id = case when $5::text is null then test_id end where organization_id = $1::uuid and id = $2::uuid`,
        [...key, attempts + 1, outcome.retrySeconds ?? 0, outcome.failure],
      );
      if (outcome.failure !== null) {
        await appendAdminRecord(tx, {
          actor: { kind: 'system', id: null, address: null },
          action: 'WebhookDisable',
          target: { kind: 'webhook', id: held.id },
          // What the receiver said may name whom an entry is about: its words go with the deliveries, and into no record that stays.
          reason:
            outcome.failure === 'gone'
              ? 'The receiver answered 410 Gone'
              : `No attempt went well for days: ${outcome.status === null ? outcome.error : `it answered ${outcome.status}`}`,
          before: { enabled: true },
          after: { enabled: false },
        });
      }
    }
    const pause = isAside ? Math.max(CHECKPOINT.asideSeconds, isRefused(outcome) ? 0 : (outcome.retrySeconds ?? 0)) : outcome.retrySeconds;
    const retry = kind !== 'test' && isCurrent && !isTaken && !isDropped ? pause : null;
    await tx.query(
      `insert into webhook_delivery
         (organization_id, webhook_id, id, event_id, kind, first_index, last_index, entries, attempt, status, error, sent_at, next_attempt_at)
       values ($1::uuid, $2::uuid, $3::uuid, $4::uuid, $5, $6::bigint, $7::bigint, $8, $9, $10::int, $11, $12,
         clock_timestamp() + make_interval(secs => $13::float8))`,
      [
        ...key,
        newId(),
        eventId,
        kind,
        batch?.firstIndex ?? null,
        batch === null ? null : batch.end - 1,
        batch?.entries.length ?? 0,
        kind === 'test' ? 1 : attempts + 1,
        outcome.status,
        outcome.error === null ? null : recordTextOf(outcome.error, 500),
        outcome.sentAt,
        retry,
      ],
    );
    await tx.query(
      `delete from webhook_delivery where organization_id = $1::uuid and webhook_id = $2::uuid
         and id <= (select id from webhook_delivery where organization_id = $1::uuid and webhook_id = $2::uuid order by id desc offset ${KEPT} limit 1)`,
      key,
    );
    return isTaken || ((isDropped || isAside) && isRefused(outcome));
  });
}

/** Whether the receiver said that it will not have it: of the answers 4xx all but those that say "later". */
const isRefused = ({ status }: WebhookOutcome) => status !== null && status >= 400 && status < 500 && status !== 408 && status !== 429;

async function dropAlert(tx: OrganizationTransaction, webhookId: string, id: string): Promise<void> {
  await tx.query('delete from webhook_alert where organization_id = $1::uuid and webhook_id = $2::uuid and id = $3::uuid', [
    tx.organizationId,
    webhookId,
    id,
  ]);
}
