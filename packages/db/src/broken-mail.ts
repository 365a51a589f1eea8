import { recordTextOf } from '@signet/domain/audit/record-text';
import { jobs } from '@signet/domain/jobs';
import { clock, type Database, type OrganizationTransaction } from './database.ts';
import { DatabaseUnavailableError } from './database-unavailable-error.ts';
import { noteDelivery } from './delivery-report.ts';
import { failRow, lockBroken } from './outbox.ts';
import { recordSteps, type TrackedMessage } from './tracking.ts';

/** How the work on a mail broke. */
export interface BrokenMail {
  readonly error: string;
  /** Whether the next hop had answered by then: the mail may be out. */
  readonly isAnswered: boolean;
  /** Attempts that it may take; as many as its kind has where it is not given. */
  readonly attempts?: number | undefined;
}

/** How the last error of a mail begins whose answer was lost. */
const LOST_ANSWER = 'The next hop answered, but that cannot be recorded: ';

/** Characters of an answer that a recipient's row keeps. */
const RESPONSE_LENGTH = 2_000;

/**
 * Books a failed attempt of a mail whose work broke half-way: see `failRow`. A row that was claimed for that work counts too,
 * though it is not due: else it would be begun again after every claim, for ever and with no word about why. One whose answer
 * cannot be recorded twice in a row is given up: it may have gone out each time. A wrapper mail, or a message, that is
 * given up has bounced for its recipient, and the trail says so; where that cannot be recorded, the row is dead all the same.
 * @returns whether the row is dead now.
 */
export async function failBrokenMail(database: Database, id: string, broken: BrokenMail): Promise<boolean> {
  const [found] = await database.system.query<{ organization_id: string }>('select organization_id from outbox where id = $1', [id]);
  if (!found) return false;
  const scope = database.forOrganization(found.organization_id);
  try {
    return await scope.transaction((tx) => fail(tx, id, broken, true));
  } catch (error) {
    if (error instanceof DatabaseUnavailableError) throw error;
    return scope.transaction((tx) => fail(tx, id, broken, false));
  }
}

async function fail(tx: OrganizationTransaction, id: string, broken: BrokenMail, isTold: boolean): Promise<boolean> {
  // Recipient before outbox row, as everywhere.
  await tx.query(
    `select from recipient join outbox o on o.organization_id = recipient.organization_id and o.payload ->> 'recipientId' = recipient.id::text
     where o.id = $1 and o.kind in ('send-wrapper-mail', 'pass-message') for update of recipient`,
    [id],
  );
  const row = await lockBroken(tx, id);
  if (!row) return false;
  const { isAnswered, attempts = jobs[row.kind].attempts } = broken;
  const isLostAgain = isAnswered && row.lastError?.startsWith(LOST_ANSWER) === true;
  const error = isAnswered ? `${LOST_ANSWER}${broken.error}` : broken.error;
  const dead = await failRow(tx, row, error, isLostAgain ? 0 : attempts);
  const isMessage = row.kind === 'send-wrapper-mail' || row.kind === 'pass-message';
  if (dead && isTold && isMessage) await bounce(tx, id, `Given up after ${row.attempts + 1} attempts. ${error}`);
  return dead;
}

/** For the recipient it has bounced. */
async function bounce(tx: OrganizationTransaction, id: string, response: string): Promise<void> {
  const text = recordTextOf(response, RESPONSE_LENGTH);
  const [about] = await tx.query<TrackedMessage & { recipientId: string; address: string; attempt: number }>(
    `update recipient set delivery_state = 'bounced', last_response = $2, wrapper_attempts = wrapper_attempts + 1
     from outbox o, message m
     where o.id = $1 and recipient.organization_id = o.organization_id and recipient.id::text = o.payload ->> 'recipientId'
       and m.organization_id = recipient.organization_id and m.id = recipient.message_uid
     returning recipient.id as "recipientId", recipient.address, recipient.wrapper_attempts as attempt, m.id as "messageUid", m.message_id as "messageId", m.sender,
       m.subject, m.subject_recorded as "subjectRecorded", m.uses_default_template as "usesDefaultTemplate"`,
    [id, text],
  );
  if (!about) return;
  const { recipientId, address, attempt, ...message } = about;
  await noteDelivery(tx, 'bounced', recipientId, '');
  await recordSteps(tx, message, [
    {
      operation: 'WrapperDelivery',
      creationTime: await clock(tx),
      operationStatus: 'Failure',
      recipients: [address],
      actor: { kind: 'system', id: null, address: null },
      properties: { Delivery: 'Bounced', Response: text, Attempt: attempt },
    },
  ]);
}
