import type { Link } from '@signet/api-contract/recipient';
import { spokenLanguage } from '@signet/domain/accept-language';
import { directionOf } from '@signet/domain/recipient-language';
import { createTranslator } from 'next-intl';
import { messagesOf } from '../../i18n/messages.ts';
import { brandColors } from './brand.ts';
import { refusalStatus } from './refusal.ts';
import type { Refusal } from './refusal.ts';

interface RefusedPage {
  readonly refusal: Refusal;
  /** What is known of the link; without it the page has no brand and names nobody. */
  readonly link?: Pick<Link, 'branding' | 'senderName' | 'senderAddress' | 'expiresAt'> | undefined;
  /** Where the logo of the link's brand is, for one that has a logo. */
  readonly logoAddress?: string | undefined;
  /** Where the message's own page is, when the reader came from there. */
  readonly back?: string | undefined;
  readonly acceptLanguage: string | null;
}

/**
 * The answer where there is no content, with its status. An own document and not a page of Next: those answer no 410, and
 * a message's frame, which runs no script, shows it as well as a window does.
 */
export function refusedResponse(page: RefusedPage): Response {
  const headers = { 'Content-Type': 'text/html; charset=utf-8', ...(refusalStatus[page.refusal] === 503 ? { 'Retry-After': '30' } : {}) };
  return new Response(refusedDocument(page), { status: refusalStatus[page.refusal], headers });
}

function refusedDocument({ refusal, link, logoAddress, back, acceptLanguage }: RefusedPage): string {
  const locale = spokenLanguage(acceptLanguage);
  const t = createTranslator({ locale, messages: messagesOf[locale], namespace: 'recipient.refused' });
  const organization = link?.branding.organizationName ?? '';
  const known = {
    organization,
    sender: link === undefined ? t('theSender') : (link.senderName ?? link.senderAddress),
    expiresAt: link?.expiresAt == null ? '' : utc(link.expiresAt, locale),
  };
  const text = refusal === 'expired' && known.expiresAt !== '' ? t('expired.textWithDate', known) : t(`${refusal}.text`, known);
  const address = link === undefined ? '' : `<p class="who">${mailLink(link.senderAddress)}</p>`;
  const band = link === undefined ? '' : bandOf(link.branding, logoAddress);
  const way = back === undefined ? '' : `<p><a href="${escaped(back)}">${escaped(t('back'))}</a></p>`;
  return `<!doctype html>
<html lang="${locale}" dir="${directionOf(locale)}" data-refused="${refusal}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"><meta name="color-scheme" content="light dark">
<title>${escaped(t(`${refusal}.title`))}</title><style>${style}</style></head>
<body>${band}<main><h1>${escaped(t(`${refusal}.title`))}</h1><p>${escaped(text)}</p><p class="next">${escaped(t(`${refusal}.next`, known))}</p>${address}${way}</main></body>
</html>`;
}

function bandOf({ backgroundColor, organizationName, logo }: Link['branding'], logoAddress: string | undefined): string {
  const { background, text } = brandColors(backgroundColor);
  const name = escaped(organizationName);
  const picture = (address: string, size: { width: number; height: number }) =>
    `<img src="${escaped(address)}" alt="${name}" width="${size.width}" height="${size.height}">`;
  return `<header style="background:${background};color:${text}"><div>${logo === null || logoAddress === undefined ? name : picture(logoAddress, logo)}</div></header>`;
}

function mailLink(address: string): string {
  return `<a href="mailto:${escaped(encodeURIComponent(address).replace('%40', '@'))}">${escaped(address)}</a>`;
}

function utc(time: string, locale: string): string {
  return `${new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' }).format(new Date(time))} UTC`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** The look of the other pages, whose style sheet has a name that only Next knows. */
const style = [
  ':root{color-scheme:light dark;--page:#f3f4f6;--surface:#fff;--ink:#1c2127;--quiet:#56606b;--line:#e3e6ea;--link:#1f3a5f;--focus:#2563c9}',
  '@media(prefers-color-scheme:dark){:root{--page:#0f1216;--surface:#1a1f26;--ink:#e8eaed;--quiet:#a3abb6;--line:#2f3742;--link:#a9c7ee;--focus:#8ab4ff}}',
  '*{box-sizing:border-box}body{margin:0;background:var(--page);color:var(--ink);font:1rem/1.6 ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Noto Sans","Liberation Sans",Arial,sans-serif}',
  'header{padding:1.25rem 1.5rem;font-weight:600;overflow-wrap:anywhere}header div{max-width:32rem;margin:0 auto}img{display:block;max-width:100%;height:auto}',
  'main{max-width:32rem;margin:clamp(1rem,8vh,5rem) auto;padding:clamp(1.5rem,6vw,2.5rem);background:var(--surface);border:1px solid var(--line);border-radius:1rem;overflow-wrap:anywhere}',
  'h1{margin:0 0 .75rem;font-size:1.5rem;line-height:1.25}p{margin:0 0 .75rem}p:last-child{margin-bottom:0}.next{color:var(--quiet)}.who{padding-top:.25rem}',
  'a{color:var(--link);text-underline-offset:.2em}a:focus-visible{outline:2px solid var(--focus);outline-offset:2px;border-radius:2px}',
  '@media(max-width:34rem){main{margin:1rem}}',
].join('');
