'use server';

import { routes } from '@signet/api-contract/routes';
import { revalidatePath } from 'next/cache';
import { cookies } from 'next/headers';
import { z } from 'zod';
import { ApiProblem } from '@signet/api-contract/client';
import { keepMember } from '../../member-cookie.ts';
import { memberApi } from '../../member-session.ts';
import { ACCOUNT_PAGE } from '../../next-path.ts';
import { retryAtOf } from '../../retry-at.ts';
import { actRefusalOf } from '../act-refusal-of.ts';
import type { ActRefusal } from '../act-refusal.ts';

/** Why the password was not changed: what is wrong at which box, or what else. */
export interface PasswordChangeRefusal {
  readonly refusal: ActRefusal | 'tooMany' | 'fields';
  /** With `fields`: what the api says of each, as the rest of a sentence. */
  readonly current: readonly string[];
  readonly chosen: readonly string[];
  readonly retryAt: string;
}

const given = z.strictObject({ currentPassword: z.string(), newPassword: z.string() });

/** Changes the member's password. All other sessions end; this one has another token then. */
export async function changePassword(asked: z.infer<typeof given>): Promise<PasswordChangeRefusal | null> {
  const refused = { current: [], chosen: [], retryAt: '' };
  try {
    const { token } = await (await memberApi()).call(routes.changePassword, { body: given.parse(asked) });
    keepMember(await cookies(), token);
  } catch (error) {
    if (!(error instanceof ApiProblem)) return { ...refused, refusal: 'away' };
    if (error.code === 'too_many_requests') return { ...refused, refusal: 'tooMany', retryAt: retryAtOf(error) };
    if (error.code !== 'validation_failed') return { ...refused, refusal: actRefusalOf(error) };
    const at = (pointer: string) => error.errors.filter((each) => each.pointer === pointer).map(({ detail }) => detail);
    return { refusal: 'fields', current: at('/currentPassword'), chosen: at('/newPassword'), retryAt: '' };
  }
  revalidatePath(ACCOUNT_PAGE);
  return null;
}
