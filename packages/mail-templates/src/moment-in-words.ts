import type { RecipientLanguage } from '@signet/domain/recipient-language';

/** E.g. `22 December 2026, 10:36 UTC`: the reader's time zone is unknown, and seconds are dropped to the safe side. */
export function momentInWords(moment: Date, language: RecipientLanguage = 'en'): string {
  const part = (options: Intl.DateTimeFormatOptions) =>
    moment.toLocaleString(language === 'en' ? 'en-GB' : language, { timeZone: 'UTC', numberingSystem: 'latn', ...options });
  const date = part({ day: 'numeric', month: 'long', year: 'numeric' });
  return `${date}, ${part({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })} UTC`;
}
