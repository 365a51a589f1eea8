'use server';

import { routes } from '@signet/api-contract/routes';
import { revalidatePath } from 'next/cache';
import { cookies } from 'next/headers';
import { renderSVG } from 'uqr';
import { z } from 'zod';
import { isProblem } from '../../../../api/is-problem.ts';
import { keepMember } from '../../member-cookie.ts';
import { memberApi } from '../../member-session.ts';
import { actRefusalOf } from '../act-refusal-of.ts';
import type { ActRefusal } from '../act-refusal.ts';

/** What an authenticator app is set up with. Shown once, kept nowhere in the portal. */
export interface TotpSetup {
  readonly secret: string;
  /** The same as a picture: the address of an image. */
  readonly qrCode: string;
}

/** Makes a secret for an authenticator app. */
export async function beginTotp(): Promise<TotpSetup | { readonly refusal: ActRefusal }> {
  try {
    const { secret, uri } = await (await memberApi()).call(routes.beginTotp);
    const svg = renderSVG(uri, { ecc: 'M', border: 2 });
    return { secret, qrCode: `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}` };
  } catch (error) {
    return { refusal: actRefusalOf(error) };
  }
}

interface Confirmed {
  /** Shown this once; null where the member has codes already. */
  readonly recoveryCodes: readonly string[] | null;
}

/** Proves by a code that the app was set up: from now on it is asked for. This session has another token then. */
export async function confirmTotp(given: string): Promise<Confirmed | { readonly refusal: ActRefusal | 'code' | 'over' | 'tooMany' }> {
  const code = z.string().parse(given);
  if (code.length > 100) return { refusal: 'code' };
  let recoveryCodes: Confirmed['recoveryCodes'];
  try {
    const answer = await (await memberApi()).call(routes.confirmTotp, { body: { code } });
    keepMember(await cookies(), answer.session.token);
    ({ recoveryCodes } = answer);
  } catch (error) {
    if (isProblem(error, 'validation_failed')) return { refusal: 'code' };
    if (isProblem(error, 'step_void')) return { refusal: 'over' };
    return { refusal: isProblem(error, 'too_many_requests') ? 'tooMany' : actRefusalOf(error) };
  }
  revalidatePath('/admin', 'layout');
  return { recoveryCodes };
}

/** Removes the authenticator app. */
export async function removeTotp(): Promise<ActRefusal | null> {
  try {
    await (await memberApi()).call(routes.removeTotp);
  } catch (error) {
    return isProblem(error, 'second_factor_missing') ? 'gone' : actRefusalOf(error);
  }
  revalidatePath('/admin', 'layout');
  return null;
}
