import { recipientLanguageOf, type RecipientLanguage } from './recipient-language.ts';

/** The languages that a browser wants, the most wanted one first (`Accept-Language`, RFC 9110, 12.5.4). */
function wantedLanguages(acceptLanguage: string | null): string[] {
  return (acceptLanguage ?? '')
    .slice(0, 1000)
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.split(';').map((piece) => piece.trim());
      const weight = parameters.find((parameter) => /^q=/i.test(parameter))?.slice(2);
      return { tag, weight: weight === undefined ? 1 : Number(weight) };
    })
    .filter(({ tag, weight }) => /^[a-z]{2,8}(?:-[a-z\d]{1,8})*$/i.test(tag) && weight > 0)
    .toSorted((a, b) => b.weight - a.weight)
    .map(({ tag }) => tag.slice(0, 35));
}

/** The language that a browser wants most; null where it wants none in particular. */
export function preferredLanguage(acceptLanguage: string | null): string | null {
  return wantedLanguages(acceptLanguage)[0] ?? null;
}

/** The language in which Signet answers a recipient's browser: of those that it speaks, the most wanted one. */
export function spokenLanguage(acceptLanguage: string | null): RecipientLanguage {
  return (
    wantedLanguages(acceptLanguage)
      .map(recipientLanguageOf)
      .find((language) => language !== undefined) ?? 'en'
  );
}
