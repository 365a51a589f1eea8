import { spokenLanguage } from '@signet/domain/accept-language';
import type { RecipientLanguage } from '@signet/domain/recipient-language';

/** Carries a page's language from proxy.ts, which knows the page, to the page. */
export const LANGUAGE_HEADER = 'x-signet-language';

/** The language of a page: on those that recipients see, of those that Signet speaks the one that the browser wants most; English on the others. */
export function languageOfPage(path: string, acceptLanguage: string | null): RecipientLanguage {
  return path === '/' || path.startsWith('/m/') ? spokenLanguage(acceptLanguage) : 'en';
}
