import { HOLD_LIMIT } from '@signet/domain/legal-hold';
import { appendAdminRecord, type AdminAct } from './admin-record.ts';
import { clock, newId, type OrganizationTransaction } from './database.ts';
import { NAMED_RECIPIENTS } from './expiry-booking.ts';
import { lockHolds } from './held.ts';
import type { Doer } from './message-detail.ts';
import { holdColumns, holdOf, type HoldRow, type StoredHold } from './stored-hold.ts';
import { recordSteps } from './tracking.ts';

/** Thrown when as many hold as may. */
export class TooManyHoldsError extends Error {
  override readonly name = 'TooManyHoldsError';
}

/** Who holds or releases, as every record of theirs says it, and as it is kept beside the hold. */
export interface HoldAct extends Pick<AdminAct, 'actor' | 'clientIp' | 'userAgent'> {
  readonly by: Doer;
}

/** What is to be held. */
export interface NewHold extends Pick<StoredHold, 'kind' | 'messageUid' | 'messageId' | 'reason'> {
  readonly address: string | null;
  readonly from: Date | null;
  readonly to: Date | null;
}

/**
 * Holds entries and content, from the moment at which the transaction ends: it waits for removals and erasures that are under way, and those that
 * come later see it. A held message says so in its trail, where it is tracked.
 * @throws {TooManyHoldsError}
 */
export async function createHold(tx: OrganizationTransaction, hold: NewHold, act: HoldAct): Promise<StoredHold> {
  await lockHolds(tx);
  // Erasing holds the organization's row while it erases.
  await tx.query('select from organization where id = $1::uuid for no key update', [tx.organizationId]);
  const [{ count } = { count: 0 }] = await tx.query<{ count: number }>(
    'select count(*) as count from legal_hold where organization_id = $1::uuid and released_at is null',
    [tx.organizationId],
  );
  if (count >= HOLD_LIMIT) throw new TooManyHoldsError(`At most ${HOLD_LIMIT} legal holds may hold at a time: release one first`);
  const at = await clock(tx);
  const [row] = await tx.query<HoldRow>(
    `insert into legal_hold (organization_id, id, kind, message_uid, message_id, address, from_time, to_time, reason, created_at, created_by)
     values ($1::uuid, $2::uuid, $3, $4::uuid, $5, lower($6), $7, $8, $9, $10, $11::json) returning ${holdColumns}`,
    [
      tx.organizationId,
      newId(),
      hold.kind,
      hold.messageUid,
      hold.messageId,
      hold.address,
      hold.from,
      hold.to,
      hold.reason,
      at,
      JSON.stringify(act.by),
    ],
  );
  if (!row) throw new Error('The hold is gone');
  const made = holdOf(row);
  if (hold.messageUid !== null) await recordInTrail(tx, hold.messageUid, hold.reason, act, at);
  await record(tx, act, 'LegalHoldCreate', null, made, hold.reason);
  return made;
}

async function recordInTrail(tx: OrganizationTransaction, messageUid: string, reason: string, act: HoldAct, at: Date): Promise<void> {
  const [message] = await tx.query<Omit<Parameters<typeof recordSteps>[1], 'messageUid'> & { recipients: string[] }>(
    `select m.message_id as "messageId", m.sender, m.subject, m.subject_recorded as "subjectRecorded", m.uses_default_template as "usesDefaultTemplate",
       array(select address from recipient where organization_id = $1::uuid and message_uid = m.id order by id limit $3) as recipients
     from message m where m.organization_id = $1::uuid and m.id = $2::uuid`,
    [tx.organizationId, messageUid, NAMED_RECIPIENTS],
  );
  if (!message) throw new Error('The message is gone');
  const { recipients, ...tracked } = message;
  await recordSteps(tx, { ...tracked, messageUid }, [
    {
      operation: 'ContentHold',
      creationTime: at,
      operationStatus: 'Success',
      actor: act.actor,
      recipients,
      properties: { Reason: reason },
    },
  ]);
}

/** Gives a hold that holds another reason; null where there is none. */
export async function changeHold(tx: OrganizationTransaction, id: string, reason: string, act: HoldAct): Promise<StoredHold | null> {
  const before = await lockHold(tx, id);
  if (!before || before.releasedAt !== null) return null;
  if (before.reason === reason) return before;
  await tx.query('update legal_hold set reason = $3 where organization_id = $1::uuid and id = $2::uuid', [tx.organizationId, id, reason]);
  const after = { ...before, reason };
  await record(tx, act, 'LegalHoldChange', before, after, null);
  return after;
}

/** Lets go what a hold kept; null where there is none. Of one that was released before, that release stands. */
export async function releaseHold(tx: OrganizationTransaction, id: string, reason: string, act: HoldAct): Promise<StoredHold | null> {
  await lockHolds(tx);
  const before = await lockHold(tx, id);
  if (!before || before.releasedAt !== null) return before;
  const [row] = await tx.query<HoldRow>(
    `update legal_hold set released_at = $3, released_by = $4::json, release_reason = $5
     where organization_id = $1::uuid and id = $2::uuid returning ${holdColumns}`,
    [tx.organizationId, id, await clock(tx), JSON.stringify(act.by), reason],
  );
  if (!row) return null;
  const after = holdOf(row);
  await record(tx, act, 'LegalHoldRelease', before, after, reason);
  return after;
}

async function lockHold(tx: OrganizationTransaction, id: string): Promise<StoredHold | null> {
  const [row] = await tx.query<HoldRow>(
    `select ${holdColumns} from legal_hold where organization_id = $1::uuid and id = $2::uuid for update`,
    [tx.organizationId, id],
  );
  return row ? holdOf(row) : null;
}

type HoldAction = 'LegalHoldCreate' | 'LegalHoldChange' | 'LegalHoldRelease';

function record(
  tx: OrganizationTransaction,
  { actor, clientIp, userAgent }: HoldAct,
  action: HoldAction,
  before: StoredHold | null,
  after: StoredHold,
  reason: string | null,
): Promise<void> {
  const act = { actor, clientIp: clientIp ?? null, userAgent: userAgent ?? null, reason };
  return appendAdminRecord(tx, {
    ...act,
    action,
    target: { kind: 'legal-hold', id: after.id },
    before: before && recorded(before),
    after: recorded(after),
  });
}

function recorded({ kind, messageUid, messageId, address, from, to, reason, releasedAt }: StoredHold) {
  const [fromText, toText] = [from?.toISOString() ?? null, to?.toISOString() ?? null];
  return { kind, messageUid, messageId, address, from: fromText, to: toText, reason, releasedAt: releasedAt?.toISOString() ?? null };
}
