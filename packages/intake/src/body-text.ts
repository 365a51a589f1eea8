import type { ParsedMessage } from './parsed-message.ts';

/** Elements that stand within a line: what they part is still one word. */
const INLINE =
  /<\/?(?:a|abbr|b|bdi|bdo|big|cite|code|del|dfn|em|font|i|ins|kbd|mark|q|s|samp|small|span|strike|strong|sub|sup|tt|u|var|wbr)\b[^>]*>/g;
const ENTITIES: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&amp;': '&' };

/**
 * What people read of a message's body, for rules that look for words: its plain text and its HTML, both, since a reader may be shown
 * either. The HTML is what the sanitiser wrote: no angle bracket in it is other than a tag's, and it knows these entities alone.
 */
export function bodyText({ text, html }: Pick<ParsedMessage, 'text' | 'html'>): string {
  const seen = (html?.html ?? '')
    .replace(INLINE, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&(?:lt|gt|quot|amp);/g, (entity) => ENTITIES[entity] ?? entity);
  return `${text ?? ''}\n${seen}`;
}
