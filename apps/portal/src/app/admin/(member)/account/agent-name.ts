import { parse } from 'bowser';

/** A browser in a few words, `Chrome on Linux`, as far as its user agent tells; null where it tells nothing. */
export function agentName(userAgent: string | null): string | null {
  if (userAgent === null || userAgent === '') return null;
  const { browser, os } = parse(userAgent);
  const parts = [browser.name, os.name].filter((part) => part !== undefined && part !== '');
  return parts.length === 0 ? null : parts.join(' on ');
}
