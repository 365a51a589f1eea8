import { LocalTime } from './local-time.tsx';

/** What stands for `<time></time>` in a text: a moment to the second, or to the minute (`short`). */
export function timeTag(at: string, locale: string, timeStyle: 'medium' | 'short' = 'medium') {
  return () => <LocalTime at={at} locale={locale} timeStyle={timeStyle} />;
}
