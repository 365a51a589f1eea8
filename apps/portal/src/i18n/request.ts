import { recipientLanguage } from '@signet/domain/recipient-language';
import { headers } from 'next/headers';
import { getRequestConfig } from 'next-intl/server';
import { messagesOf } from './messages.ts';
import { LANGUAGE_HEADER } from './page-language.ts';

export default getRequestConfig(async () => {
  const locale = recipientLanguage.catch('en').parse((await headers()).get(LANGUAGE_HEADER));
  // The zone is the reader's, and known only in the reader's browser; what the server writes is UTC and says so.
  return { locale, messages: messagesOf[locale], timeZone: 'UTC' };
});
