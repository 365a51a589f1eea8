import { expect, test } from 'vitest';
import { refusedResponse } from './refused-document.ts';

const branding = {
  organizationName: 'Acme <b>&</b> Sons',
  backgroundColor: 'red;}</style><script>',
  portalText: null,
  disclaimerText: null,
  footerText: null,
  privacyStatementUrl: null,
  logo: null,
};
const link = { branding, senderName: 'Alice "A" <x>', senderAddress: `"><script>@acme.example`, expiresAt: '2026-12-22T09:30:00.000Z' };

test('what organizations and senders are called is text, and never markup', async () => {
  const page = await refusedResponse({ refusal: 'revoked', link, acceptLanguage: 'en' }).text();
  expect(page).toContain('Acme &lt;b&gt;&amp;&lt;/b&gt; Sons');
  expect(page).not.toMatch(/<script|<b>|<x>/);
});

test('the brand’s logo stands in the place of its name, which is what those read who do not see it', async () => {
  const branded = { ...link, branding: { ...branding, logo: { width: 170, height: 70 } } };
  const page = await refusedResponse({ refusal: 'revoked', link: branded, logoAddress: '/m/t"/logo', acceptLanguage: 'en' }).text();
  expect(page).toContain('<img src="/m/t&quot;/logo" alt="Acme &lt;b&gt;&amp;&lt;/b&gt; Sons" width="170" height="70">');
});

test('an expired message says until when it could be read, in UTC, and answers 410', async () => {
  const response = refusedResponse({ refusal: 'expired', link, acceptLanguage: null });
  expect(response.status).toBe(410);
  expect(await response.text()).toMatch(/until December 22, 2026 at 9:30.AM UTC\./);
});

test('an unknown link reveals nothing and says what to do', async () => {
  const response = refusedResponse({ refusal: 'notAvailable', acceptLanguage: null });
  const page = await response.text();
  expect([response.status, page.includes('<header')]).toEqual([404, false]);
  expect(page).toContain('ask the sender to send the message again');
});
