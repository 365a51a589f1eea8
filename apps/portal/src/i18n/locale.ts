/** The languages that the portal speaks; the first is for everybody else. */
export const locales = ['en'] as const;
export type Locale = (typeof locales)[number];

/**
 * The language to answer in: the one of `available` that `Accept-Language` wants most (RFC 9110, 12.5.4), by whole tag or
 * by its language alone (`en-GB` is served by `en`); the first of `available` where none is wanted.
 */
export function chooseLocale<L extends string>(acceptLanguage: string | null, available: readonly [L, ...L[]]): L {
  const wanted = (acceptLanguage ?? '')
    .slice(0, 1000)
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase());
      const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
      return { tag, weight: weight === undefined ? 1 : Number(weight) };
    })
    .filter(({ tag, weight }) => tag !== '' && weight > 0)
    .toSorted((a, b) => b.weight - a.weight);
  for (const { tag } of wanted) {
    const found =
      available.find((locale) => locale.toLowerCase() === tag) ?? available.find((locale) => tag.startsWith(`${locale.toLowerCase()}-`));
    if (found !== undefined) return found;
  }
  return available[0];
}
