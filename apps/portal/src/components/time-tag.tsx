import { LocalTime } from './local-time.tsx';

/** What stands for `<time></time>` in a text: a moment to the second. */
export function timeTag(at: string, locale: string) {
  return () => <LocalTime at={at} locale={locale} timeStyle="medium" />;
}
