import type { OrganizationTransaction } from './database.ts';

/** Stores recovery codes in the place of those before. @param codeHashes SHA-256 each: the codes have more than 128 random bits. */
export async function replaceRecoveryCodes(
  tx: OrganizationTransaction,
  memberId: string,
  codeHashes: readonly Uint8Array[],
): Promise<void> {
  await removeRecoveryCodes(tx, memberId);
  await tx.query(
    `insert into member_recovery_code (organization_id, member_id, code_hash, created_at)
     select $1::uuid, $2::uuid, hash, clock_timestamp() from unnest($3::bytea[]) as hash`,
    [tx.organizationId, memberId, codeHashes],
  );
}

export async function removeRecoveryCodes(tx: OrganizationTransaction, memberId: string): Promise<void> {
  await tx.query('delete from member_recovery_code where organization_id = $1 and member_id = $2', [tx.organizationId, memberId]);
}

/** Uses a recovery code up: of any number of tries with one code, one wins. @returns whether it was this one. */
export async function useRecoveryCode(tx: OrganizationTransaction, memberId: string, codeHash: Uint8Array): Promise<boolean> {
  const used = await tx.query(
    `update member_recovery_code set used_at = clock_timestamp()
     where organization_id = $1 and member_id = $2 and code_hash = $3 and used_at is null returning code_hash`,
    [tx.organizationId, memberId, codeHash],
  );
  return used.length > 0;
}
