import type { AdminAction, AdminEvent } from '@signet/domain/audit/admin-record';
import type { Actor } from '@signet/domain/audit/entry';
import { recordTextOf } from '@signet/domain/audit/record-text';
import { z } from 'zod';
import { appendAdminEvents } from './audit.ts';
import { clock, newId, type OrganizationTransaction } from './database.ts';
import { storableJson } from './storable-text.ts';

/** An administrative act as whoever does it states it; texts as they came from outside. */
export interface AdminAct {
  /** A new one, where it is not given. */
  readonly id?: string;
  readonly action: AdminAction;
  readonly actor: Actor;
  readonly target: { readonly kind: string; readonly id: string | null };
  readonly status?: AdminEvent['status'];
  readonly reason?: string | null;
  readonly before?: AdminEvent['before'];
  readonly after?: AdminEvent['after'];
  readonly clientIp?: string | null;
  readonly userAgent?: string | null;
  /** When it was done; the database's clock, now, where it is not given. */
  readonly at?: Date;
}

/** Appends one administrative act in the transaction that it records. */
export async function appendAdminRecord(tx: OrganizationTransaction, act: AdminAct): Promise<void> {
  await appendAdminRecords(tx, [act]);
}

/** Appends acts that were done together. */
export async function appendAdminRecords(tx: OrganizationTransaction, acts: readonly AdminAct[]): Promise<void> {
  const now = acts.every((act) => act.at) ? new Date(0) : await clock(tx);
  await appendAdminEvents(
    tx,
    acts.map((act) => ({
      id: act.id ?? newId(),
      version: 1,
      organizationId: tx.organizationId,
      action: act.action,
      creationTime: (act.at ?? now).toISOString(),
      actor: act.actor,
      target: { kind: act.target.kind, id: textOrNull(act.target.id, 1000) },
      status: act.status ?? 'Success',
      reason: textOrNull(act.reason, 1000),
      before: storable(act.before),
      after: storable(act.after),
      clientIp: textOrNull(act.clientIp, 64),
      userAgent: textOrNull(act.userAgent, 1024),
    })),
  );
}

/** What was asked for may hold what PostgreSQL cannot, and is on record all the same. */
function storable(value: AdminAct['before']): AdminEvent['before'] {
  return value == null ? null : z.json().parse(JSON.parse(storableJson(value)));
}

function textOrNull(text: string | null | undefined, maximum: number): string | null {
  return text == null ? null : recordTextOf(text, maximum);
}
