import { headers } from 'next/headers';
import { getRequestConfig } from 'next-intl/server';
import { chooseLocale, locales } from './locale.ts';
import { messagesOf } from './messages.ts';

export default getRequestConfig(async () => {
  const locale = chooseLocale((await headers()).get('accept-language'), locales);
  // The zone is the reader's, and known only in the reader's browser; what the server writes is UTC and says so.
  return { locale, messages: messagesOf[locale], timeZone: 'UTC' };
});
