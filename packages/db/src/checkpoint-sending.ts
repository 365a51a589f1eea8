import type { LogStream } from '@signet/domain/log/checkpoint';
import { appendAdminRecord } from './admin-record.ts';
import { lockCheckpointDelivery, nextAt } from './checkpoint-delivery.ts';
import { newId, type Database, type OrganizationTransaction } from './database.ts';
import { addToOutbox } from './outbox.ts';

/** Organizations that are looked at at once. */
const BATCH = 100;
/** Sendings of each organization that are kept. */
const KEPT = 100;

const due = `${nextAt} <= clock_timestamp()
  and exists (select from log_seal s where s.organization_id = o.id and s.published_note is not null)`;

/**
 * Books that checkpoints leave, for each organization whose interval is over: a mail to each address, and a message to each syslog
 * destination, and a request to each webhook that asked. All of them get the same. Each organization is a transaction of its own, so it is booked whole and once; one that fails holds
 * no other one up.
 * @returns how many organizations' checkpoints leave.
 * @throws {AggregateError} when some failed, with what each did: they are still due.
 */
export async function bookCheckpoints(database: Database, stopping: AbortSignal): Promise<number> {
  let booked = 0;
  const failures: { readonly id: string; readonly error: unknown }[] = [];
  for (let after: string | null = null, isMore = true; isMore && !stopping.aborted;) {
    const found: { id: string }[] = await database.system.query<{ id: string }>(
      `select o.id from organization o where ($1::uuid is null or o.id > $1::uuid) and ${due} order by o.id limit ${BATCH}`,
      [after],
    );
    for (const { id } of found) {
      if (stopping.aborted) break;
      try {
        if (await database.forOrganization(id).transaction(bookSending)) booked += 1;
      } catch (error) {
        failures.push({ id, error });
      }
    }
    after = found.at(-1)?.id ?? null;
    isMore = found.length === BATCH;
  }
  if (failures.length === 0) return booked;
  const each = failures.map(({ id, error }) => `${id}: ${error instanceof Error ? error.message : String(error)}`);
  throw new AggregateError(
    failures.map(({ error }) => error),
    `The checkpoints of these organizations could not be booked, and are tried again: ${each.join('; ')}`,
  );
}

interface Published {
  readonly stream: LogStream;
  readonly size: number;
  readonly note: string;
}

/** @returns whether it was still due. */
async function bookSending(tx: OrganizationTransaction): Promise<boolean> {
  const { toAdmins, addresses } = await lockCheckpointDelivery(tx);
  const [isDue] = await tx.query(`select 1 from organization o where o.id = $1::uuid and ${due}`, [tx.organizationId]);
  if (!isDue) return false;
  const published = await tx.query<Published>(
    `select stream, published_size as size, published_note as note from log_seal where organization_id = $1::uuid and published_note is not null`,
    [tx.organizationId],
  );
  const of = (stream: LogStream) => published.find((each) => each.stream === stream);
  const [audit, admin] = [of('audit'), of('admin')];
  const id = newId();
  await tx.query(
    `insert into checkpoint_sending (organization_id, id, audit_size, audit_note, admin_size, admin_note)
     values ($1::uuid, $2::uuid, $3::bigint, $4, $5::bigint, $6)`,
    [tx.organizationId, id, audit?.size ?? null, audit?.note ?? null, admin?.size ?? null, admin?.note ?? null],
  );
  const admins = toAdmins
    ? await tx.query<{ email: string }>(
        `select email from member where organization_id = $1::uuid and role = 'admin' and disabled_at is null and password_hash is not null order by email`,
        [tx.organizationId],
      )
    : [];
  const to = distinct([...admins.map(({ email }) => email), ...addresses]);
  await bookMails(tx, id, to);
  // What one still waits for gives way to what is newer: it covers the same entries.
  const syslog = await tx.query<{ name: string }>(
    `update syslog_destination set checkpoint_id = $2::uuid where organization_id = $1::uuid and enabled returning name`,
    [tx.organizationId, id],
  );
  const webhooks = await tx.query<{ name: string }>(
    `update webhook set checkpoint_id = $2::uuid where organization_id = $1::uuid and enabled and checkpoints returning name`,
    [tx.organizationId, id],
  );
  await appendAdminRecord(tx, {
    actor: { kind: 'system', id: null, address: null },
    action: 'CheckpointSend',
    target: { kind: 'log', id: null },
    after: {
      audit: audit?.size ?? null,
      admin: admin?.size ?? null,
      mails: to,
      syslog: syslog.map(({ name }) => name),
      webhooks: webhooks.map(({ name }) => name),
    },
  });
  await tx.query(
    `delete from checkpoint_sending where organization_id = $1::uuid
       and id <= (select id from checkpoint_sending where organization_id = $1::uuid order by id desc offset ${KEPT} limit 1)`,
    [tx.organizationId],
  );
  return true;
}

async function bookMails(tx: OrganizationTransaction, sendingId: string, to: readonly string[]): Promise<void> {
  const mails = to.map((address) => ({ id: newId(), address }));
  await tx.query(
    `insert into checkpoint_mail (organization_id, id, sending_id, address)
     select $1::uuid, mail.id, $2::uuid, mail.address from unnest($3::uuid[], $4::text[]) as mail(id, address)`,
    [tx.organizationId, sendingId, mails.map(({ id }) => id), mails.map(({ address }) => address)],
  );
  await addToOutbox(
    tx,
    mails.map(({ id }) => ({ kind: 'send-checkpoint-mail', payload: { checkpointMailId: id } })),
  );
}

/** Nobody gets two, however their address is written. */
function distinct(addresses: readonly string[]): string[] {
  return [...new Map(addresses.map((address) => [address.toLowerCase(), address])).values()];
}
