import { expect, test } from 'vitest';
import { refusedResponse } from './refused-document.ts';

const branding = {
  organizationName: 'Acme <b>&</b> Sons',
  backgroundColor: 'red;}</style><script>',
  introductionText: null,
  portalText: null,
  disclaimerText: null,
  privacyStatementUrl: null,
};
const link = { branding, senderName: 'Alice "A" <x>', senderAddress: `"><script>@acme.example`, expiresAt: '2026-12-22T09:30:00.000Z' };

test('what organizations and senders are called is text, and never markup', async () => {
  const page = await refusedResponse({ refusal: 'revoked', link, acceptLanguage: 'en' }).text();
  expect(page).toContain('Acme &lt;b&gt;&amp;&lt;/b&gt; Sons');
  expect(page).not.toMatch(/<script|<b>|<x>/);
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
