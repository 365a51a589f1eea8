'use server';

import { passkeyRegistration } from '@signet/api-contract/passkeys';
import type { AnswerOf } from '@signet/api-contract/route';
import { routes } from '@signet/api-contract/routes';
import { revalidatePath } from 'next/cache';
import { cookies } from 'next/headers';
import { z } from 'zod';
import { isProblem } from '../../../../api/is-problem.ts';
import { keepMember } from '../../member-cookie.ts';
import { memberApi } from '../../member-session.ts';
import { ACCOUNT_PAGE } from '../../next-path.ts';
import { actRefusalOf } from '../act-refusal-of.ts';
import type { ActRefusal } from '../act-refusal.ts';

/** What the browser makes a passkey from. */
export async function beginPasskey(): Promise<
  { readonly options: AnswerOf<typeof routes.beginPasskey> } | { readonly refusal: ActRefusal }
> {
  try {
    return { options: await (await memberApi()).call(routes.beginPasskey) };
  } catch (error) {
    return { refusal: actRefusalOf(error) };
  }
}

interface Added {
  /** Shown this once; null where the member has codes already. */
  readonly recoveryCodes: readonly string[] | null;
}

const passkey = z.strictObject({ name: z.string(), response: passkeyRegistration });

/** Adds the passkey that the browser made. This session has another token then. */
export async function addPasskey(given: {
  name: string;
  response: unknown;
}): Promise<Added | { readonly refusal: ActRefusal | 'name' | 'over' | 'notTaken' }> {
  const asked = passkey.safeParse(given);
  if (!asked.success) return { refusal: 'notTaken' };
  let recoveryCodes: Added['recoveryCodes'];
  try {
    const answer = await (await memberApi()).call(routes.addPasskey, { body: asked.data });
    keepMember(await cookies(), answer.session.token);
    ({ recoveryCodes } = answer);
  } catch (error) {
    if (isProblem(error, 'step_void')) return { refusal: 'over' };
    if (!isProblem(error, 'validation_failed')) return { refusal: actRefusalOf(error) };
    return { refusal: error.errors.some(({ pointer }) => pointer === '/name') ? 'name' : 'notTaken' };
  }
  revalidatePath('/admin', 'layout');
  return { recoveryCodes };
}

/** Gives a passkey another name. */
export async function renamePasskey(id: string, given: string): Promise<ActRefusal | 'name' | null> {
  const name = z.string().parse(given);
  try {
    await (await memberApi()).call(routes.renamePasskey, { params: { id: z.uuid().parse(id) }, body: { name } });
  } catch (error) {
    return isProblem(error, 'validation_failed') ? 'name' : actRefusalOf(error);
  }
  revalidatePath(ACCOUNT_PAGE);
  return null;
}

/** Removes a passkey. */
export async function removePasskey(id: string): Promise<ActRefusal | null> {
  try {
    await (await memberApi()).call(routes.removePasskey, { params: { id: z.uuid().parse(id) } });
  } catch (error) {
    return actRefusalOf(error);
  }
  revalidatePath('/admin', 'layout');
  return null;
}
