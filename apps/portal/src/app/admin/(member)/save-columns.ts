'use server';

import { revalidatePath } from 'next/cache';
import { cookies } from 'next/headers';
import { env } from '../../../env.ts';
import { columnsCookie, columnsOf, isListName } from './columns.ts';

const YEAR_SECONDS = 31_536_000;

/** Keeps which columns of a list this browser shows. */
export async function saveColumns(data: FormData): Promise<void> {
  const list = data.get('list');
  if (!isListName(list)) return;
  const names = data.getAll('column').filter((name) => typeof name === 'string');
  (await cookies()).set(columnsCookie(list), columnsOf(list, names.join('.')).join('.'), {
    path: '/admin',
    httpOnly: true,
    sameSite: 'strict',
    secure: env().PUBLIC_URL.startsWith('https:'),
    maxAge: YEAR_SECONDS,
  });
  revalidatePath(`/admin/${list}`);
}
