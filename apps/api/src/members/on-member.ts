import { appendAdminRecord, type AdminAct } from '@signet/db/admin-record';
import type { OrganizationScope, OrganizationTransaction } from '@signet/db/database';
import { lockMember, type OrganizationMember } from '@signet/db/organization-member';
import type { AdminAction } from '@signet/domain/audit/admin-record';
import { roles, type Role } from '@signet/domain/role';
import type { Administrator } from '../authentication/caller.ts';
import { actBy } from '../authentication/record-act.ts';
import { notFound, ProblemError } from '../http/problem-error.ts';

interface ActOnMember {
  readonly action: AdminAction;
  readonly id: string;
  /** The role that the act gives. */
  readonly gives?: Role | undefined;
  readonly after?: AdminAct['after'];
}

/**
 * Does something to a member, who is locked, in one transaction: only for whoever may do all that the member's role may, so
 * that a key that may manage members neither weakens nor removes an admin. The attempt is on record.
 */
export async function onMember<T>(
  scope: OrganizationScope,
  caller: Administrator,
  act: ActOnMember,
  work: (tx: OrganizationTransaction, member: OrganizationMember) => Promise<T>,
): Promise<T> {
  const outcome = await scope.transaction(async (tx) => {
    const locked = await lockMember(tx, act.id);
    if (!locked) throw notFound();
    const { role } = locked.member;
    const lacking = lackingFor(caller, role);
    const refusal =
      lacking.length > 0 ? `A member with the role ${role} may do what you may not: ${lacking.join(', ')}` : ungiven(caller, act.gives);
    if (refusal === null) return { done: await work(tx, locked.member) };
    await appendAdminRecord(tx, refusedAct(caller, act));
    return { refusal };
  });
  // Only now: the record is committed.
  if ('refusal' in outcome) throw new ProblemError('forbidden', { detail: outcome.refusal });
  return outcome.done;
}

/** Nobody gives what they do not have: a key that may manage members must not make itself an admin. The attempt is on record. */
export async function requireGrant(
  scope: OrganizationScope,
  caller: Administrator,
  role: Role,
  act: Omit<ActOnMember, 'id' | 'gives'>,
): Promise<void> {
  const refusal = ungiven(caller, role);
  if (refusal === null) return;
  await scope.transaction((tx) => appendAdminRecord(tx, refusedAct(caller, { ...act, id: null })));
  throw new ProblemError('forbidden', { detail: refusal });
}

function lackingFor(caller: Administrator, role: Role): string[] {
  return roles[role].filter((wanted) => !caller.permissions.has(wanted));
}

/** Why a role is not the caller's to give, null where it is. */
function ungiven(caller: Administrator, role: Role | undefined): string | null {
  const lacking = role === undefined ? [] : lackingFor(caller, role);
  return lacking.length === 0 ? null : `The role ${role} may do what is not yours to give: ${lacking.join(', ')}`;
}

function refusedAct(caller: Administrator, { action, id, after = null }: Omit<ActOnMember, 'id'> & { id: string | null }): AdminAct {
  return { ...actBy(caller), action, target: { kind: 'member', id }, status: 'Failure', reason: 'forbidden', after };
}
