'use server';

import { routes } from '@signet/api-contract/routes';
import { revalidatePath } from 'next/cache';
import { isProblem } from '../../../../api/is-problem.ts';
import { memberApi } from '../../member-session.ts';
import { ACCOUNT_PAGE } from '../../next-path.ts';
import { actRefusalOf } from '../act-refusal-of.ts';
import type { ActRefusal } from '../act-refusal.ts';

/** Makes new recovery codes: those before are void. */
export async function createRecoveryCodes(): Promise<{ readonly recoveryCodes: readonly string[] } | { readonly refusal: ActRefusal }> {
  try {
    const { recoveryCodes } = await (await memberApi()).call(routes.createRecoveryCodes);
    revalidatePath(ACCOUNT_PAGE);
    return { recoveryCodes };
  } catch (error) {
    return { refusal: isProblem(error, 'second_factor_missing') ? 'gone' : actRefusalOf(error) };
  }
}
