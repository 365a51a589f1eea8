import { deliveryReportKind } from '@signet/domain/delivery-report';
import { expect, test } from 'vitest';
import { renderDeliveryReportMail } from './delivery-report-mail.tsx';
import type { DeliveryReportMailData } from './delivery-report-mail.tsx';

const link = 'https://mail.acme.example/sent/messages/0199f0a2-0000-7000-8000-000000000003';
const settingsLink = 'https://mail.acme.example/sent/notices';
const at = '2026-12-22T10:36:20.000Z';

function report(change: Partial<DeliveryReportMailData> = {}) {
  return renderDeliveryReportMail({
    branding: { organizationName: 'Acme', backgroundColor: 'navy', logo: null },
    kind: 'bounced',
    subject: 'Offer 4711',
    recipients: [{ address: 'bob@example.net', at }],
    link,
    settingsLink,
    ...change,
  });
}

test('it says who and when in words, where the message is, and where such mails are declined', async () => {
  const { subject, text, html } = await report();
  expect(subject).toBe('Not delivered: Offer 4711');
  expect(text).toContain('It could not be delivered to:\nbob@example.net (22 December 2026, 10:36 UTC)');
  expect(text.split('\n')).toEqual(expect.arrayContaining([link, settingsLink]));
  expect([...html.matchAll(/<a\s[^>]*href="([^"]*)"/g)].map(([, href]) => href)).toEqual([link, settingsLink]);
});

test('a report that the envelope asked for names no settings, since they do not decide it', async () => {
  const { text, html } = await report({ settingsLink: null });
  expect(text + html).not.toContain('Choose which');
});

test.each(deliveryReportKind.options)('a report of %s says so in its subject, with and without the message’s own', async (kind) => {
  expect((await report({ kind })).subject).toMatch(/^[A-Z][a-z ]+: Offer 4711$/);
  const hidden = await report({ kind, subject: null });
  expect(hidden.subject + hidden.text + hidden.html).not.toContain('Offer');
  expect(hidden.subject).not.toBe('');
});

test('of many recipients the first are named', async () => {
  const { text } = await report({ recipients: Array.from({ length: 300 }, (_, index) => ({ address: `r${index}@example.net`, at })) });
  expect(text).toContain('r19@example.net');
  expect(text).not.toContain('r20@example.net');
  expect(text).toContain('and 280 more');
});

test('a hostile subject or address begins no header, runs nothing and turns no writing', async () => {
  const hostile = 'Hi\r\nBcc: eve@evil.example\u202e<script>alert(1)</script>';
  const { subject, html, text } = await report({ subject: hostile, recipients: [{ address: hostile, at }] });
  expect(subject).not.toMatch(/[\r\n]/);
  expect(html).not.toContain('<script>alert');
  expect(html + text).not.toContain('\u202e');
});

test.each<[string, Partial<DeliveryReportMailData>]>([
  ['link', { link: 'javascript:alert(1)' }],
  ['settingsLink', { settingsLink: 'https://x.example/a b' }],
  ['recipients', { recipients: [] }],
])('a wrong %s is refused by name', async (field, change) => {
  await expect(report(change)).rejects.toThrow(`"${field}"`);
});
