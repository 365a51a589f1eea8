'use server';

import { routes } from '@signet/api-contract/routes';
import { mailLanguages } from '@signet/domain/recipient-language';
import type { MailLanguages } from '@signet/domain/recipient-language';
import { revalidatePath } from 'next/cache';
import { memberApi } from '../../member-session.ts';
import type { ActRefusal } from '../act-refusal.ts';
import { actRefusalOf } from '../act-refusal-of.ts';

/** Changes the languages of mails to recipients, in force when this returns null. Next refuses forms of other origins. */
export async function changeMailLanguages(given: MailLanguages): Promise<ActRefusal | null> {
  const body = { mailLanguages: mailLanguages.parse(given) };
  try {
    await (await memberApi()).call(routes.changeConfiguration, { body });
  } catch (error) {
    return actRefusalOf(error);
  }
  revalidatePath('/admin/settings');
  return null;
}
