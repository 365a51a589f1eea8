'use server';

import { routes } from '@signet/api-contract/routes';
import { getTranslations } from 'next-intl/server';
import { revalidatePath } from 'next/cache';
import { memberApi } from '../../member-session.ts';
import { actRefusalOf } from '../act-refusal-of.ts';
import type { ActRefusal } from '../act-refusal.ts';

/** What came of a look, in words, or why there was none. */
export type Look = { readonly said: string } | { readonly refusal: ActRefusal };

/** Looks now for the content of every message whose content is missing. Next refuses forms of other origins. */
export async function lookForContent(): Promise<Look> {
  const t = await getTranslations('deliveries.missing');
  let [found, missing] = [0, 0];
  try {
    const api = await memberApi();
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page = await api.call(routes.checkMissingContent, { query: { cursor } });
      found += page.found;
      missing += page.missing;
      cursor = page.nextCursor;
    }
  } catch (error) {
    return { refusal: actRefusalOf(error) };
  }
  revalidatePath('/admin/deliveries');
  return { said: t('looked', { found, missing }) };
}
