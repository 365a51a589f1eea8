import type { Press } from '../audit/touch-signals.ts';
import type { TouchVerdict } from '../audit/touch-verdict.ts';

/** One request for a link, as it comes to the portal. */
export interface ProfileRequest {
  readonly method: 'GET' | 'HEAD';
  readonly headers: Readonly<Record<string, string>>;
  /** Another network than the profile's. */
  readonly fromElsewhere?: true;
}

/** How somebody, or something, comes to a link, and what is to be thought of it. */
export interface TouchProfile {
  readonly name: string;
  readonly requests: readonly ProfileRequest[];
  /** Seconds between the mail's delivery and the first request. */
  readonly secondsAfterDelivery: number;
  /** How it presses the button then, and how many milliseconds after it came. */
  readonly press?: { readonly by: Press | null; readonly after: number };
  /** Of each of its touches. */
  readonly verdict: TouchVerdict;
}

const chrome = (more = '') =>
  `Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36${more}`;
const firefox = 'Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0';
const safari = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15';
const iphone =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1';

/** What a browser says that somebody goes to a page with: by a link of webmail, or of a mail program. */
const navigation = (site: 'none' | 'cross-site' = 'none') => ({
  accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
  'sec-fetch-site': site,
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
  'sec-fetch-user': '?1',
});
const safariNavigation = {
  accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
  'sec-fetch-site': 'none',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
};

function get(userAgent: string | null, more: Record<string, string> = {}): ProfileRequest {
  return { method: 'GET', headers: { ...(userAgent === null ? {} : { 'user-agent': userAgent }), ...more } };
}
function head(userAgent: string, more: Record<string, string> = {}): ProfileRequest {
  return { ...get(userAgent, more), method: 'HEAD' };
}

/**
 * Programs that follow links in mails, modelled after what their makers and those who run mail say publicly of them (agents, HEAD before GET,
 * the headers of an HTTP library behind a browser's name, moments after delivery). They are no copies of anybody's traffic.
 */
export const scannerProfiles: readonly TouchProfile[] = [
  {
    name: 'Microsoft Safe Links: HEAD, then GET as Edge, seconds after delivery',
    requests: [head(chrome(' Edg/131.0.0.0')), get(chrome(' Edg/131.0.0.0'))],
    secondsAfterDelivery: 4,
    verdict: 'scanner',
  },
  {
    name: 'Microsoft Safe Links from two networks: the GET under another name than the HEAD',
    requests: [head(chrome()), { ...get(chrome(' Edg/131.0.0.0')), fromElsewhere: true }],
    secondsAfterDelivery: 9,
    verdict: 'scanner',
  },
  {
    name: 'Proofpoint: an HTTP library that calls itself Firefox',
    requests: [get(firefox, { accept: '*/*' }), get(firefox, { accept: '*/*' })],
    secondsAfterDelivery: 40,
    verdict: 'scanner',
  },
  {
    name: 'Mimecast: as Chrome, without what Chrome says, several times',
    requests: Array.from({ length: 4 }, () => get(chrome(), { accept: 'text/html', 'accept-language': '*' })),
    secondsAfterDelivery: 2,
    verdict: 'scanner',
  },
  {
    name: 'Barracuda: HEAD, then GET, under a name with no browser in it',
    requests: [head('Mozilla/5.0 (compatible; Barracuda Sentinel (EE))'), get('Mozilla/5.0 (compatible; Barracuda Sentinel (EE))')],
    secondsAfterDelivery: 3,
    verdict: 'scanner',
  },
  {
    name: 'Google: the proxy of pictures tries a link',
    requests: [get('Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)')],
    secondsAfterDelivery: 60,
    verdict: 'scanner',
  },
  {
    name: 'Chrome fetches the link in advance, in a person’s browser',
    requests: [get(chrome(), { ...navigation('cross-site'), 'sec-purpose': 'prefetch', 'accept-language': 'en' })],
    secondsAfterDelivery: 600,
    verdict: 'scanner',
  },
  {
    name: 'Safari draws a preview of the link',
    requests: [get(safari, { ...safariNavigation, 'x-purpose': 'preview', 'accept-language': 'de-CH' })],
    secondsAfterDelivery: 600,
    verdict: 'scanner',
  },
  {
    name: 'Slack unfurls the link that a person pasted',
    requests: [get('Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)', { range: 'bytes=0-32768' })],
    secondsAfterDelivery: 3600,
    verdict: 'scanner',
  },
  {
    name: 'Microsoft Teams previews the link',
    requests: [get('Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5 skype-url-preview@microsoft.com')],
    secondsAfterDelivery: 3600,
    verdict: 'scanner',
  },
  {
    name: 'a script with curl, and one that says nothing of itself',
    requests: [get('curl/8.5.0', { accept: '*/*' }), get(null)],
    secondsAfterDelivery: 30,
    verdict: 'scanner',
  },
  {
    name: 'a crawler of pages that runs their scripts, by its name',
    requests: [get(chrome().replace('Chrome/', 'HeadlessChrome/'), { ...navigation(), 'accept-language': 'en-US' })],
    secondsAfterDelivery: 5,
    verdict: 'scanner',
  },
  {
    name: 'a sandbox with a whole browser under a person’s browser’s name, which presses every button by script',
    requests: [get(chrome(), { ...navigation(), 'accept-language': 'en-US' })],
    secondsAfterDelivery: 20,
    press: { by: 'script', after: 900 },
    verdict: 'scanner',
  },
  {
    name: 'a sandbox that sends the form at once, without running the page’s script',
    requests: [get(chrome(), { ...navigation(), 'accept-language': 'en-US' })],
    secondsAfterDelivery: 20,
    press: { by: null, after: 5 },
    verdict: 'scanner',
  },
];

/** People. None of them may ever be called a scanner; who is like one in a way is `unknown`. */
export const humanProfiles: readonly TouchProfile[] = [
  {
    name: 'Chrome from webmail',
    requests: [get(chrome(), { ...navigation('cross-site'), 'accept-language': 'de-CH,de;q=0.9' })],
    secondsAfterDelivery: 240,
    press: { by: 'mouse', after: 3000 },
    verdict: 'human',
  },
  {
    name: 'Edge from Outlook',
    requests: [get(chrome(' Edg/131.0.0.0'), { ...navigation(), 'accept-language': 'en-GB' })],
    secondsAfterDelivery: 3000,
    press: { by: 'keys', after: 5000 },
    verdict: 'human',
  },
  {
    name: 'Firefox from a mail program, without scripts',
    requests: [get(firefox, { ...navigation(), 'accept-language': 'fr' })],
    secondsAfterDelivery: 90_000,
    press: { by: null, after: 4000 },
    verdict: 'human',
  },
  {
    name: 'Safari on an iPhone',
    requests: [get(iphone, { ...safariNavigation, 'accept-language': 'it-IT' })],
    secondsAfterDelivery: 61,
    press: { by: 'touch', after: 2200 },
    verdict: 'human',
  },
  {
    name: 'somebody who waited for the mail and comes within ten seconds',
    requests: [get(chrome(), { ...navigation(), 'accept-language': 'en' })],
    secondsAfterDelivery: 8,
    press: { by: 'mouse', after: 1400 },
    verdict: 'unknown',
  },
  {
    name: 'somebody behind a proxy that takes fetch metadata away',
    requests: [get(chrome(), { 'accept-language': 'en' })],
    secondsAfterDelivery: 300,
    press: { by: 'mouse', after: 4000 },
    verdict: 'unknown',
  },
  {
    name: 'a browser of 2019, which sends no fetch metadata yet',
    requests: [
      get('Mozilla/5.0 (Windows NT 6.1; Win64; x64; rv:68.0) Gecko/20100101 Firefox/68.0', {
        accept: 'text/html',
        'accept-language': 'es',
      }),
    ],
    secondsAfterDelivery: 300,
    verdict: 'unknown',
  },
  {
    name: 'a view within an app of an iPhone, which names no version',
    requests: [
      get('Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148', {
        'accept-language': 'en-US',
      }),
    ],
    secondsAfterDelivery: 300,
    verdict: 'unknown',
  },
  {
    name: 'somebody who loads the page anew a few times',
    requests: Array.from({ length: 5 }, () => get(chrome(), { ...navigation(), 'accept-language': 'en' })),
    secondsAfterDelivery: 300,
    verdict: 'human',
  },
  {
    name: 'somebody whose mail system’s scanner shares their office’s address',
    requests: [get(chrome(), { ...navigation('cross-site'), 'accept-language': 'en' })],
    secondsAfterDelivery: 300,
    press: { by: 'mouse', after: 2500 },
    verdict: 'human',
  },
];
