import { newId, type OrganizationTransaction, type SystemScope } from './database.ts';
import { storedMemberColumns, type StoredMember } from './member.ts';

/** A sign-in whose password was right and whose second factor is awaited. */
export interface SignInStep {
  readonly id: string;
  readonly member: StoredMember;
}

/** Begins the second step of a sign-in. @returns its end. */
export async function putSignInStep(
  tx: OrganizationTransaction,
  step: { memberId: string; tokenHash: Uint8Array; seconds: number },
): Promise<Date> {
  const [row] = await tx.query<{ expires_at: Date }>(
    `insert into member_sign_in_step (organization_id, id, member_id, token_hash, created_at, expires_at)
     values ($1, $2, $3, $4, clock_timestamp(), clock_timestamp() + make_interval(secs => $5::int)) returning expires_at`,
    [tx.organizationId, newId(), step.memberId, step.tokenHash, step.seconds],
  );
  if (!row) throw new Error('The step was not stored');
  return row.expires_at;
}

/** The step with this token's SHA-256; null where it is over, done, its member disabled, or there is none. */
export async function findSignInStep(system: SystemScope, tokenHash: Uint8Array): Promise<SignInStep | null> {
  const [row] = await system.query<StoredMember & { stepId: string }>(
    `select step.id as "stepId", ${storedMemberColumns}
     from member_sign_in_step step
     join member on member.organization_id = step.organization_id and member.id = step.member_id
     join organization on organization.id = step.organization_id
     where step.token_hash = $1 and step.expires_at > statement_timestamp() and member.disabled_at is null`,
    [tokenHash],
  );
  if (!row) return null;
  const { stepId: id, ...member } = row;
  return { id, member };
}

/** Ends a step, for its sign-in is complete. @returns false where that was so already. */
export async function useSignInStep(tx: OrganizationTransaction, id: string): Promise<boolean> {
  const used = await tx.query('delete from member_sign_in_step where organization_id = $1 and id = $2 returning id', [
    tx.organizationId,
    id,
  ]);
  return used.length > 0;
}

/** Ends all steps of a member: whoever is half signed in begins again. */
export async function endSignInSteps(tx: OrganizationTransaction, memberId: string): Promise<void> {
  await tx.query('delete from member_sign_in_step where organization_id = $1 and member_id = $2', [tx.organizationId, memberId]);
}
