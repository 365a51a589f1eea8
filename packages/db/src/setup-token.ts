import type { OrganizationTransaction, SystemScope, Transaction } from './database.ts';

/** Whether nobody can sign in: there is no organization, or the link of its first admin was lost or has expired. */
const nobodyCanSignIn = 'not exists (select from member where password_hash is not null)';

/** Held by whoever offers a token and whoever uses one, so that none is offered beside the organization that is being made. */
const SETUP_LOCK = 72_707_371;

/** Stores the hash of a new token in the place of the one before; where somebody can sign in, no token stays. @returns whether it is stored. */
export async function putSetupToken(system: SystemScope, tokenHash: Uint8Array): Promise<boolean> {
  return system.transaction(async (tx) => {
    await holdSetup(tx);
    await tx.query('delete from setup_token');
    const stored = await tx.query(
      `insert into setup_token (token_hash) select $1::bytea where ${nobodyCanSignIn} returning true as stored`,
      [tokenHash],
    );
    return stored.length > 0;
  });
}

/** The hash of the token that is good now; null where there is none, or somebody can sign in. */
export async function findSetupToken(system: SystemScope): Promise<Uint8Array | null> {
  const [row] = await system.query<{ token_hash: Uint8Array }>(`select token_hash from setup_token where ${nobodyCanSignIn}`);
  return row?.token_hash ?? null;
}

/** Uses a token up, in the transaction that makes the organization: of any number of tries at once one wins. @returns whether it was still good. */
export async function useSetupToken(tx: OrganizationTransaction, tokenHash: Uint8Array): Promise<boolean> {
  await holdSetup(tx);
  return (await tx.query('delete from setup_token where token_hash = $1::bytea returning true as used', [tokenHash])).length > 0;
}

async function holdSetup(tx: Transaction): Promise<void> {
  await tx.query(`select true as held from pg_advisory_xact_lock(${SETUP_LOCK})`);
}
