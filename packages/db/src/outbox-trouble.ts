import type { Actor } from '@signet/domain/audit/entry';
import type { JobKind } from '@signet/domain/jobs';
import { Conditions } from './conditions.ts';
import type { RecordedForm } from '@signet/domain/privacy-policy';
import { clock, type OrganizationScope, type OrganizationTransaction } from './database.ts';
import { memberMailHasUse } from './member-mail.ts';
import { recordSteps, subjectTold } from './tracking.ts';

/** Something that could not be done, and what it was for. */
export interface TroubledRow {
  readonly id: string;
  readonly kind: JobKind;
  readonly message: { readonly id: string; readonly messageId: string; readonly subject: string | null; readonly sender: string } | null;
  readonly recipient: string | null;
  readonly attempts: number;
  readonly lastError: string | null;
  readonly since: Date;
  readonly deadAt: Date | null;
  readonly nextAttemptAt: Date;
  /** Whether somebody still has a use for it. */
  readonly isRevivable: boolean;
}

interface StoredTrouble {
  readonly id: number;
  readonly kind: JobKind;
  readonly attempts: number;
  readonly last_error: string | null;
  readonly created_at: Date;
  readonly next_attempt_at: Date;
  readonly dead_at: Date | null;
  readonly message_uid: string | null;
  readonly message_id: string | null;
  readonly subject: string | null;
  readonly subject_recorded: RecordedForm | null;
  readonly sender: string | null;
  readonly uses_default_template: boolean | null;
  readonly recipient_id: string | null;
  readonly address: string | null;
  readonly revivable: boolean;
}

const readable =
  'r.id is not null and m.id is not null and r.revoked_at is null and m.erased_at is null and (m.expires_at is null or m.expires_at > clock_timestamp())';

/** Mail of a message that its recipient may not read any more helps nobody, nor does a passcode or link that is over. */
const revivable = `o.dead_at is not null and case o.kind
  when 'send-sender-notice' then m.id is not null and m.erased_at is null
  when 'send-sender-facts' then m.id is not null
  when 'send-delivery-report' then m.id is not null
  when 'send-wrapper-mail' then ${readable}
  when 'pass-message' then r.id is not null and m.id is not null and m.erased_at is null
  when 'send-passcode-mail' then ${readable} and p.used_at is null and p.expires_at > clock_timestamp()
  when 'send-member-mail' then ${memberMailHasUse('o', 'clock_timestamp()')}
  when 'send-alert-mail' then ${memberMailHasUse('o', 'clock_timestamp()')}
  when 'send-checkpoint-mail' then true
  else false end`;

const withWhatItIsFor = `outbox o
  left join passcode_request p on o.kind = 'send-passcode-mail' and p.organization_id = o.organization_id
    and p.id = (o.payload ->> 'passcodeRequestId')::uuid
  left join recipient r on r.organization_id = o.organization_id
    and r.id = case when o.kind in ('send-wrapper-mail', 'pass-message') then (o.payload ->> 'recipientId')::uuid else p.recipient_id end
  left join message m on m.organization_id = o.organization_id and m.id = coalesce(o.message_uid, r.message_uid)`;

const columns = `o.id, o.kind, o.attempts, o.last_error, o.created_at, o.next_attempt_at, o.dead_at, m.id as message_uid, m.message_id,
  m.subject, m.subject_recorded, m.sender, m.uses_default_template, r.id as recipient_id, r.address, coalesce(${revivable}, false) as revivable`;

/**
 * One page of what could not be done, the latest first.
 * @param wanted `dead`: given up; `retrying`: failed, and tried again by itself. Of these kinds alone where they are named.
 * @returns the page, and the id that the next one is below.
 */
export async function listTrouble(
  scope: OrganizationScope,
  wanted: { readonly state: 'dead' | 'retrying'; readonly kinds?: readonly JobKind[] | undefined },
  page: { limit: number; below: string | null },
): Promise<{ items: TroubledRow[]; next: string | null }> {
  const where = new Conditions(scope.organizationId);
  if (wanted.kinds !== undefined) where.add((p) => `o.kind = any(${p}::text[])`, wanted.kinds);
  if (page.below !== null) where.add((p) => `o.id < ${p}::bigint`, page.below);
  const state = wanted.state === 'dead' ? 'o.dead_at is not null' : 'o.dead_at is null and o.attempts > 0';
  const rows = await scope.query<StoredTrouble>(
    `select ${columns} from ${withWhatItIsFor} where o.organization_id = $1 and ${state} ${where.sql} order by o.id desc limit ${page.limit + 1}`,
    where.values,
  );
  const items = rows.slice(0, page.limit).map(troubleOf);
  return { items, next: rows.length > page.limit ? (items.at(-1)?.id ?? null) : null };
}

/** What became of a wish to try one row again. `found`: as it is now; null where there is no such row. */
export interface Revival {
  readonly found: TroubledRow | null;
  readonly revived: boolean;
}

/**
 * Lets a dead row be tried again from its first attempt on; a row that is not dead stays as it is. Its recipient is waited for
 * again, and a tracked message has a `WrapperResend`. The admin record is the caller's to append.
 */
export async function reviveRow(tx: OrganizationTransaction, id: string, actor: Actor, kinds?: readonly JobKind[]): Promise<Revival> {
  const [before] = await findTrouble(tx, id, kinds);
  if (!before) return { found: null, revived: false };
  const revived = before.revivable ? await revive(tx, [before], actor) : 0;
  const [after] = revived === 0 ? [before] : await findTrouble(tx, id, kinds);
  return { found: after ? troubleOf(after) : null, revived: revived > 0 };
}

/** The same for as many dead rows as are given, the oldest first. @returns how many, and how many more there are. */
export async function reviveRows(
  tx: OrganizationTransaction,
  limit: number,
  actor: Actor,
  kinds?: readonly JobKind[],
): Promise<{ revived: number; remaining: number }> {
  const where = new Conditions(tx.organizationId);
  if (kinds !== undefined) where.add((p) => `o.kind = any(${p}::text[])`, kinds);
  const from = `from ${withWhatItIsFor} where o.organization_id = $1 and ${revivable} ${where.sql}`;
  const rows = await tx.query<StoredTrouble>(`select ${columns} ${from} order by o.id limit ${limit}`, where.values);
  const revived = await revive(tx, rows, actor);
  const [left] = await tx.query<{ count: number }>(`select count(*) as count ${from}`, where.values);
  return { revived, remaining: left?.count ?? 0 };
}

function findTrouble(tx: OrganizationTransaction, id: string, kinds: readonly JobKind[] | undefined): Promise<StoredTrouble[]> {
  return tx.query<StoredTrouble>(
    `select ${columns} from ${withWhatItIsFor}
     where o.organization_id = $1 and o.id = $2::bigint and ($3::text[] is null or o.kind = any($3::text[]))`,
    [tx.organizationId, id, kinds ?? null],
  );
}

async function revive(tx: OrganizationTransaction, rows: readonly StoredTrouble[], actor: Actor): Promise<number> {
  if (rows.length === 0) return 0;
  const mails = rows.filter(({ kind }) => kind === 'send-wrapper-mail' || kind === 'pass-message');
  // Recipients in the order of their ids, and before outbox rows, as everywhere.
  await tx.query('select from recipient where organization_id = $1 and id = any($2::uuid[]) order by id for update', [
    tx.organizationId,
    mails.map((row) => row.recipient_id),
  ]);
  const revived = await tx.query<{ id: number }>(
    `update outbox set dead_at = null, attempts = 0, leased_until = null, next_attempt_at = clock_timestamp()
     where organization_id = $1 and id = any($2::bigint[]) and dead_at is not null returning id`,
    [tx.organizationId, rows.map(({ id }) => id)],
  );
  const ids = new Set(revived.map(({ id }) => id));
  const resent = mails.filter(({ id }) => ids.has(id));
  await tx.query(
    `update recipient set delivery_state = 'deferred' where organization_id = $1 and id = any($2::uuid[]) and delivery_state = 'bounced'`,
    [tx.organizationId, resent.map((row) => row.recipient_id)],
  );
  // Another mail is another fact, should it come back too.
  await tx.query("delete from sender_fact where organization_id = $1 and recipient_id = any($2::uuid[]) and kind = 'bounced'", [
    tx.organizationId,
    resent.map((row) => row.recipient_id),
  ]);
  await recordResends(
    tx,
    resent.filter(({ kind }) => kind === 'send-wrapper-mail'),
    actor,
  );
  return revived.length;
}

async function recordResends(tx: OrganizationTransaction, rows: readonly StoredTrouble[], actor: Actor): Promise<void> {
  const creationTime = await clock(tx);
  for (const [messageUid, ofMessage] of Map.groupBy(rows, (row) => row.message_uid)) {
    const [first] = ofMessage;
    if (messageUid === null || !first || first.message_id === null || first.sender === null) continue;
    const { message_id: messageId, sender, subject, subject_recorded: subjectRecorded, uses_default_template: usesDefaultTemplate } = first;
    const recipients = ofMessage.flatMap(({ address }) => (address === null ? [] : [address]));
    const message = {
      messageUid,
      messageId,
      sender,
      subject,
      subjectRecorded: subjectRecorded ?? 'none',
      usesDefaultTemplate: usesDefaultTemplate ?? true,
    };
    await recordSteps(tx, message, [{ operation: 'WrapperResend', creationTime, operationStatus: 'Success', recipients, actor }]);
  }
}

function troubleOf(row: StoredTrouble): TroubledRow {
  const { message_uid: id, message_id: messageId, sender } = row;
  const subject = subjectTold(row.subject, row.subject_recorded ?? 'none');
  return {
    id: String(row.id),
    kind: row.kind,
    message: id === null || messageId === null || sender === null ? null : { id, messageId, subject, sender },
    recipient: row.address,
    attempts: row.attempts,
    lastError: row.last_error,
    since: row.created_at,
    deadAt: row.dead_at,
    nextAttemptAt: row.next_attempt_at,
    isRevivable: row.revivable,
  };
}
