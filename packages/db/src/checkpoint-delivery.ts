import { presetDelivery, type CheckpointDelivery } from '@signet/domain/checkpoint-delivery';
import type { OrganizationTransaction } from './database.ts';
import type { Queryable } from './queryable.ts';

type Db = Queryable & { readonly organizationId: string };

/** Whom the organization's checkpoints go to, and how often. */
export async function findCheckpointDelivery(db: Db): Promise<CheckpointDelivery> {
  const [row] = await db.query<CheckpointDelivery>(
    `select every_hours as "everyHours", to_admins as "toAdmins", addresses from checkpoint_delivery where organization_id = $1::uuid`,
    [db.organizationId],
  );
  return row ?? presetDelivery;
}

/** The same, held so that changes come one after the other, and no sending in between. */
export async function lockCheckpointDelivery(tx: OrganizationTransaction): Promise<CheckpointDelivery> {
  await tx.query('select from organization where id = $1 for no key update', [tx.organizationId]);
  return findCheckpointDelivery(tx);
}

export async function setCheckpointDelivery(
  tx: OrganizationTransaction,
  { everyHours, toAdmins, addresses }: CheckpointDelivery,
): Promise<void> {
  await tx.query(
    `insert into checkpoint_delivery (organization_id, every_hours, to_admins, addresses) values ($1::uuid, $2, $3, $4::text[])
     on conflict (organization_id) do update set every_hours = excluded.every_hours, to_admins = excluded.to_admins, addresses = excluded.addresses`,
    [tx.organizationId, everyHours, toAdmins, addresses],
  );
}

/** Checkpoints as they left last. */
export interface LastSending {
  readonly id: string;
  readonly at: Date;
  /** Null where nothing of this log was signed. */
  readonly auditSize: number | null;
  readonly adminSize: number | null;
  readonly mails: readonly { readonly address: string; readonly sentAt: string | null; readonly error: string | null }[];
}

/** When checkpoints leave next, and what became of them the last time; `last` null where they never left. */
export async function checkpointStanding(db: Db): Promise<{ readonly nextAt: Date; readonly last: LastSending | null }> {
  const [next] = await db.query<{ nextAt: Date }>(`select ${nextAt} as "nextAt" from organization o where o.id = $1::uuid`, [
    db.organizationId,
  ]);
  if (!next) throw new Error('The organization is gone');
  const [last] = await db.query<LastSending>(
    `select s.id, s.created_at as at, s.audit_size as "auditSize", s.admin_size as "adminSize",
       coalesce((select json_agg(json_build_object('address', m.address, 'sentAt', m.sent_at, 'error', m.error) order by m.address)
         from checkpoint_mail m where m.organization_id = s.organization_id and m.sending_id = s.id), '[]') as mails
     from checkpoint_sending s where s.organization_id = $1::uuid order by s.id desc limit 1`,
    [db.organizationId],
  );
  return { nextAt: next.nextAt, last: last ?? null };
}

/** SQL: when the checkpoints of an organization `o` leave next. An interval counts from the last time, the first one from its making. */
export const nextAt = `(coalesce((select s.created_at from checkpoint_sending s where s.organization_id = o.id order by s.id desc limit 1), o.created_at)
  + make_interval(hours => coalesce((select d.every_hours from checkpoint_delivery d where d.organization_id = o.id), ${presetDelivery.everyHours})))`;
