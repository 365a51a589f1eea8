import type { SystemScope } from '@signet/db/database';
import { putSetupToken } from '@signet/db/setup-token';
import { hashOfSecret, newToken } from '../authentication/secret.ts';

/**
 * Makes a new setup token where nobody can sign in; the one before is void.
 * @returns what to tell the operator, in plain words; null where Signet is set up. The token is nowhere else.
 */
export async function offerSetup(system: SystemScope): Promise<string | null> {
  const token = newToken();
  if (!(await putSetupToken(system, hashOfSecret(token)))) return null;
  return `
Nobody can sign in to this Signet yet. To make its organization and invite the first admin, run

  signet setup

and give it this token, which is good once and until the api starts again:

  ${token}

`;
}
