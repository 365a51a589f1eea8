import { html as standard, parseFragment } from 'parse5';
import type { DefaultTreeAdapterMap } from 'parse5';

type Element = DefaultTreeAdapterMap['element'];
type Parent = DefaultTreeAdapterMap['parentNode'];

function elementsIn(parent: Parent): Element[] {
  const found: Element[] = [];
  const waiting: Parent[] = [parent];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const node of next.childNodes) {
      if (!('tagName' in node)) continue;
      found.push(node);
      waiting.push(node);
      if ('content' in node) waiting.push(node.content);
    }
  }
  return found;
}

const FORBIDDEN =
  /^(?:script|style|iframe|frame|frameset|object|embed|applet|form|input|button|select|textarea|link|meta|base|svg|math|template|noscript|title|audio|video|source|html|head|body|plaintext|xmp)$/;

/**
 * Everything in it that could run, load, submit, cover or lead astray, as an independent parser (the one of the HTML standard) sees it.
 * @param isKnownImage whether that is what an image of the message itself is written as.
 */
export function dangersIn(html: string, isKnownImage: (source: string) => boolean): string[] {
  return elementsIn(parseFragment(html)).flatMap((element) => {
    const dangers = FORBIDDEN.test(element.tagName) ? [`<${element.tagName}>`] : [];
    if (element.namespaceURI !== standard.NS.HTML) dangers.push(`namespace of <${element.tagName}>`);
    for (const { name, value } of element.attrs) {
      const told = `${element.tagName}[${name}=${value}]`;
      if (/^on|^(?:background|srcset|srcdoc|action|formaction|ping|poster|id|class|name|xmlns|is|slot)$/.test(name)) dangers.push(told);
      if (name === 'href' && !/^(?:https?:\/\/|mailto:|tel:)/i.test(value)) dangers.push(told);
      if (name === 'src' && !isKnownImage(value) && !/^data:image\/(?:png|gif|jpeg|webp);base64,[\w+/=\s]+$/.test(value))
        dangers.push(told);
      if (name === 'style' && /url|expression|import|@|\\|position|behavior|binding|javascript|var\(|z-index|\/\*/i.test(value))
        dangers.push(told);
    }
    const rel = element.attrs.find(({ name }) => name === 'rel')?.value;
    const hasHref = element.attrs.some(({ name }) => name === 'href');
    if (hasHref && rel !== 'noopener noreferrer nofollow') dangers.push(`${element.tagName} without rel`);
    return dangers;
  });
}
