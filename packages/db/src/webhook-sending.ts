import type { AuditEntry } from '@signet/domain/audit/entry';
import type { Operation } from '@signet/domain/audit/operation';
import { WEBHOOK_BYTES, WEBHOOK_ENTRIES, WEBHOOK_LANES } from '@signet/domain/webhook';
import { auditLogSize, readAuditLog, type PlaceRemoval } from './audit-walk.ts';
import { newId, type OrganizationScope, type SystemScope } from './database.ts';
import { checkpointsOf, sentCheckpoints, type SendingRow, type SentCheckpoint } from './sent-checkpoint.ts';

/** For so long a webhook is in one sender's hands after each step: longer than a request can take. A killed sender is waited for. */
const LEASE_SECONDS = 60;
/** Places of the log that are looked at for one request. */
const PLACES = 1_000;

/** SQL: whether a webhook's checkpoints are set aside for now, so that they hold up nothing else. */
const isAside = (webhook: string) => `(${webhook}.checkpoint_after is not null and ${webhook}.checkpoint_after > clock_timestamp())`;

/** A webhook in the hands of one sender. */
export interface HeldWebhook {
  readonly organizationId: string;
  readonly id: string;
  readonly leaseId: string;
}

/**
 * Takes webhooks for which there is something to send now and that nobody has in hand, those that wait longest first, and of an organization no
 * more than its lanes: however many of its receivers are slow, they leave the others room.
 */
export function leaseWebhooks(system: SystemScope, limit: number): Promise<HeldWebhook[]> {
  return system.query<HeldWebhook>(
    `with free as (
       select w.organization_id, w.id, w.next_attempt_at,
         row_number() over (partition by w.organization_id order by w.next_attempt_at, w.id) + (
           select count(*) from webhook o where o.organization_id = w.organization_id and o.leased_until >= clock_timestamp()
         ) as lane
       from webhook w
       left join log_head h on h.organization_id = w.organization_id and h.stream = 'audit'
       where w.enabled and (w.leased_until is null or w.leased_until < clock_timestamp())
         and (w.test_id is not null or (w.next_attempt_at <= clock_timestamp() and ((w.entries and h.size > w.next_index)
           or exists (select from webhook_alert a where a.organization_id = w.organization_id and a.webhook_id = w.id)
           or (not ${isAside('w')}
             and exists (select from checkpoint_sending s where s.organization_id = w.organization_id and s.id = w.checkpoint_id)))))
     ), due as materialized (
       select w.organization_id, w.id from webhook w
       join free on free.organization_id = w.organization_id and free.id = w.id and free.lane <= ${WEBHOOK_LANES}
       where w.leased_until is null or w.leased_until < clock_timestamp()
       order by free.next_attempt_at, free.id limit $1 for update of w skip locked
     )
     update webhook w set lease_id = gen_random_uuid(), leased_until = clock_timestamp() + make_interval(secs => ${LEASE_SECONDS})
     from due
     where w.organization_id = due.organization_id and w.id = due.id
     returning w.organization_id as "organizationId", w.id, w.lease_id as "leaseId"`,
    [limit],
  );
}

/** Gives a webhook back: it waits behind the others that are due. */
export async function returnWebhook(scope: OrganizationScope, { id, leaseId }: HeldWebhook): Promise<void> {
  await scope.query(
    `update webhook set lease_id = null, leased_until = null, next_attempt_at = greatest(next_attempt_at, clock_timestamp())
     where organization_id = $1::uuid and id = $2::uuid and lease_id = $3::uuid`,
    [scope.organizationId, id, leaseId],
  );
}

interface OrganizationKeyRow {
  readonly keyId: string;
  readonly providerKeyId: string;
  readonly wrappedKey: Buffer;
}

/** What is to be sent, and to whom. */
export interface WebhookRequest {
  readonly eventId: string;
  readonly url: string;
  /** The current one first. */
  readonly secrets: readonly { readonly sealed: Buffer; readonly organizationKey: OrganizationKeyRow }[];
  readonly kind: 'entries' | 'alert' | 'checkpoint' | 'test';
  /** Of an alert: what is sent. */
  readonly body: string | null;
  /** Null where no checkpoints are sent. */
  readonly sending: { readonly at: Date; readonly checkpoints: readonly SentCheckpoint[] } | null;
  /** Null where no entries are sent. */
  readonly batch: {
    readonly firstIndex: number;
    readonly end: number;
    readonly entries: readonly AuditEntry[];
    /** Stretches of the places up to the last entry's whose entries are gone, inclusive both ways. */
    readonly removed: readonly { readonly firstIndex: number; readonly lastIndex: number; readonly removal: PlaceRemoval | null }[];
  } | null;
  /** Failed attempts so far. */
  readonly attempts: number;
}

interface HeldRow {
  readonly url: string;
  readonly operations: readonly Operation[];
  readonly next: number;
  readonly batchId: string | null;
  readonly batchEnd: number | null;
  readonly testId: string | null;
  readonly alert: { readonly id: string; readonly body: string } | null;
  readonly entries: boolean;
  readonly sendingId: string | null;
  readonly sentAt: Date | null;
  readonly checkpoints: SendingRow;
  readonly attempts: number;
  readonly isDue: boolean;
  readonly sealed: Buffer;
  readonly key: OrganizationKeyRow;
  readonly formerSealed: Buffer | null;
  readonly formerKey: OrganizationKeyRow | null;
}

const keyOf = (alias: string) =>
  `json_build_object('keyId', ${alias}.id, 'providerKeyId', ${alias}.provider_key_id, 'wrappedKey', encode(${alias}.wrapped_key, 'base64'))`;

/**
 * What a held webhook's receiver is to be sent next; places of the log that it does not want are passed over. What was tried before is
 * the same again, under the same id: where a batch ends is written before it leaves.
 * @returns null when there is nothing to send, or the webhook is in other hands.
 */
export async function nextWebhookRequest(scope: OrganizationScope, held: HeldWebhook): Promise<WebhookRequest | null> {
  for (;;) {
    const row = await extend(scope, held);
    if (!row) return null;
    const facts = { url: row.url, secrets: secretsOf(row), attempts: row.attempts, body: null, sending: null, batch: null };
    if (row.testId !== null) return { ...facts, kind: 'test', eventId: row.testId };
    // Few, and each is urgent: they go before entries, and wait no less for a receiver that fails.
    if (row.isDue && row.alert !== null) return { ...facts, kind: 'alert', eventId: row.alert.id, body: row.alert.body };
    if (row.isDue && row.sendingId !== null && row.sentAt) {
      const sending = { at: row.sentAt, checkpoints: sentCheckpoints(row.checkpoints) };
      return { ...facts, kind: 'checkpoint', eventId: row.sendingId, sending };
    }
    if (!row.entries) return null;
    const size = await auditLogSize(scope);
    if (!row.isDue || row.next >= size) return null;
    const places = await readAuditLog(scope, row.next, row.batchEnd ?? Math.min(size, row.next + PLACES));
    const { entries, end, removed } = batchOf(places, row);
    if (end === row.next) throw new Error('The log has a gap');
    const eventId = row.batchId ?? newId();
    const [noted] = await scope.query(
      entries.length === 0
        ? `update webhook set next_index = $5::bigint, batch_id = null, batch_end = null
           where organization_id = $1::uuid and id = $2::uuid and lease_id = $3::uuid and next_index = $4::bigint and enabled
             and batch_id is not distinct from $6::uuid returning 1`
        : `update webhook set batch_id = $7::uuid, batch_end = $5::bigint
           where organization_id = $1::uuid and id = $2::uuid and lease_id = $3::uuid and next_index = $4::bigint and enabled
             and batch_id is not distinct from $6::uuid and operations = $8::text[] and url = $9 returning 1`,
      [
        scope.organizationId,
        held.id,
        held.leaseId,
        row.next,
        end,
        row.batchId,
        ...(entries.length === 0 ? [] : [eventId, row.operations, row.url]),
      ],
    );
    if (noted && entries.length > 0) return { ...facts, kind: 'entries', eventId, batch: { firstIndex: row.next, end, entries, removed } };
  }
}

async function extend(scope: OrganizationScope, { id, leaseId }: HeldWebhook): Promise<HeldRow | null> {
  const [row] = await scope.query<HeldRow & { key: WrittenKey; formerKey: WrittenKey }>(
    `with held as (
       update webhook set leased_until = clock_timestamp() + make_interval(secs => ${LEASE_SECONDS})
       where organization_id = $1::uuid and id = $2::uuid and lease_id = $3::uuid and enabled returning *
     )
     select h.url, h.operations, h.next_index as next, h.batch_id as "batchId", h.batch_end as "batchEnd", h.test_id as "testId", h.attempts,
       h.entries, s.id as "sendingId", s.created_at as "sentAt", ${checkpointsOf('s')} as checkpoints,
       (select json_build_object('id', a.id, 'body', a.body) from webhook_alert a
        where a.organization_id = h.organization_id and a.webhook_id = h.id order by a.id limit 1) as alert,
       h.next_attempt_at <= clock_timestamp() as "isDue", h.sealed_secret as sealed, ${keyOf('k')} as key,
       case when h.former_until > clock_timestamp() then h.former_sealed_secret end as "formerSealed", ${keyOf('f')} as "formerKey"
     from held h
     left join checkpoint_sending s on s.organization_id = h.organization_id and s.id = h.checkpoint_id and not ${isAside('h')}
     join organization_key k on k.organization_id = h.organization_id and k.id = h.organization_key_id
     left join organization_key f on f.organization_id = h.organization_id and f.id = h.former_organization_key_id`,
    [scope.organizationId, id, leaseId],
  );
  return row ? { ...row, key: readKey(row.key), formerKey: row.formerSealed === null ? null : readKey(row.formerKey) } : null;
}

type WrittenKey = Omit<OrganizationKeyRow, 'wrappedKey'> & { readonly wrappedKey: Buffer & string };

function readKey({ keyId, providerKeyId, wrappedKey }: WrittenKey): OrganizationKeyRow {
  return { keyId, providerKeyId, wrappedKey: Buffer.from(wrappedKey, 'base64') };
}

function secretsOf({ sealed, key, formerSealed, formerKey }: HeldRow): WebhookRequest['secrets'] {
  const current = { sealed, organizationKey: key };
  return formerSealed === null || formerKey === null ? [current] : [current, { sealed: formerSealed, organizationKey: formerKey }];
}

/** The wanted entries of places that follow each other, as many as one request takes, and the place behind the last of them. */
function batchOf(places: Awaited<ReturnType<typeof readAuditLog>>, { operations, next }: HeldRow) {
  const entries: AuditEntry[] = [];
  const removed: { firstIndex: number; lastIndex: number; removal: PlaceRemoval | null }[] = [];
  let bytes = 0;
  let end = next;
  for (const { logIndex, logged, removal } of places) {
    if (logIndex !== end) throw new Error(`The log has a gap at place ${end}`);
    const wanted = logged !== null && (operations.length === 0 || operations.includes(logged.entry.operation)) ? logged.entry : null;
    const size = wanted === null ? 0 : Buffer.byteLength(JSON.stringify(wanted));
    if (wanted !== null && entries.length > 0 && (entries.length >= WEBHOOK_ENTRIES || bytes + size > WEBHOOK_BYTES)) break;
    if (wanted !== null) entries.push(wanted);
    if (logged === null) {
      const last = removed.at(-1);
      if (last?.lastIndex === logIndex - 1 && last.removal?.record === removal?.record) last.lastIndex = logIndex;
      else removed.push({ firstIndex: logIndex, lastIndex: logIndex, removal });
    }
    bytes += size;
    end += 1;
  }
  return { entries, end, removed };
}
