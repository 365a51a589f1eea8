import { appendAdminRecord, type AdminAct } from '@signet/db/admin-record';
import type { OrganizationScope } from '@signet/db/database';
import { z } from 'zod';
import { actorOf, type Insider } from './caller.ts';

/** Who acts and from where, as every admin record of theirs says it. */
export function actBy(caller: Insider): Pick<AdminAct, 'actor' | 'clientIp' | 'userAgent'> {
  return { actor: actorOf(caller), clientIp: caller.visitor.clientIp, userAgent: caller.visitor.userAgent };
}

/**
 * Records an act that changes nothing by itself: a read of what is on record, before it is answered. One record for each
 * request, not for each row.
 */
export async function recordAct(
  scope: OrganizationScope,
  caller: Insider,
  act: Pick<AdminAct, 'action' | 'target' | 'after' | 'status' | 'reason'>,
): Promise<void> {
  await scope.transaction((tx) => appendAdminRecord(tx, { ...actBy(caller), ...act }));
}

/** What was asked for, as a record holds it: what was left out is left out. */
export function asked(request: Readonly<Record<string, unknown>>): NonNullable<AdminAct['after']> {
  return z.json().parse(JSON.parse(JSON.stringify(request))) ?? {};
}
