import { useLocale } from 'next-intl';

/** A language’s name in that of the page, and its tag: `German (de)`; the tag alone where there is no name. */
export function LanguageName({ tag }: { readonly tag: string }) {
  const name = new Intl.DisplayNames([useLocale()], { type: 'language' }).of(tag);
  return name === undefined || name === tag ? tag : `${name} (${tag})`;
}
