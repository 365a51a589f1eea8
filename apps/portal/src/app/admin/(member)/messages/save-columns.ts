'use server';

import { revalidatePath } from 'next/cache';
import { cookies } from 'next/headers';
import { env } from '../../../../env.ts';
import { COLUMNS_COOKIE, columnsOf } from './columns.ts';

const YEAR_SECONDS = 31_536_000;

/** Keeps which columns this browser shows. */
export async function saveColumns(data: FormData): Promise<void> {
  const names = data.getAll('column').filter((name) => typeof name === 'string');
  const chosen = columnsOf(names.join('.'));
  (await cookies()).set(COLUMNS_COOKIE, chosen.join('.'), {
    path: '/admin',
    httpOnly: true,
    sameSite: 'strict',
    secure: env().PUBLIC_URL.startsWith('https:'),
    maxAge: YEAR_SECONDS,
  });
  revalidatePath('/admin/messages');
}
