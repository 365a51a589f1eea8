import { senderFactKind } from '@signet/domain/sender-notice';
import { expect, test } from 'vitest';
import { renderSenderFactsMail } from './sender-facts-mail.tsx';
import type { SenderFactsMailData } from './sender-facts-mail.tsx';

const link = 'https://mail.acme.example/sent/messages/0199f0a2-0000-7000-8000-000000000003';
const settingsLink = 'https://mail.acme.example/sent/notices';
const at = '2026-12-22T10:36:20.000Z';

function facts(change: Partial<SenderFactsMailData> = {}) {
  return renderSenderFactsMail({
    branding: { organizationName: 'Acme', backgroundColor: 'navy', logo: null },
    subject: 'Offer 4711',
    facts: [{ kind: 'firstOpening', address: 'bob@example.net', at }],
    link,
    settingsLink,
    ...change,
  });
}

test('it says who and when in words, where the message is, and where such mails are declined', async () => {
  const { subject, text, html } = await facts();
  expect(subject).toBe('Opened: Offer 4711');
  expect(text).toContain('Opened by:\nbob@example.net (22 December 2026, 10:36 UTC)');
  expect(text.split('\n')).toEqual(expect.arrayContaining([link, settingsLink]));
  expect([...html.matchAll(/<a\s[^>]*href="([^"]*)"/g)].map(([, href]) => href)).toEqual([link, settingsLink]);
});

test.each(senderFactKind.options)('a mail of %s alone says so in its subject, with and without the message’s own', async (kind) => {
  const one = [{ kind, address: 'bob@example.net', at }];
  const { subject, text } = await facts({ facts: one });
  expect(subject).toMatch(/^[A-Z][a-z ]+: Offer 4711$/);
  expect(text).toContain('bob@example.net');
  const hidden = await facts({ facts: one, subject: null });
  expect(hidden.subject + hidden.text + hidden.html).not.toContain('Offer');
  expect(hidden.subject).not.toBe('');
});

test('several kinds stand in one mail, what is to be done about first, and of many recipients the first are named', async () => {
  const many = Array.from({ length: 300 }, (_, index) => ({ kind: 'firstOpening' as const, address: `r${index}@example.net`, at }));
  const { subject, text } = await facts({ facts: [...many, { kind: 'bounced', address: 'gone@example.net', at }] });
  expect(subject).toBe('What became of it: Offer 4711');
  expect(text.indexOf('gone@example.net')).toBeLessThan(text.indexOf('r0@example.net'));
  expect(text).toContain('r19@example.net');
  expect(text).not.toContain('r20@example.net');
  expect(text).toContain('and 280 more');
});

test('a hostile subject or address begins no header, runs nothing and turns no writing', async () => {
  const hostile = 'Hi\r\nBcc: eve@evil.example\u202e<script>alert(1)</script>';
  const { subject, html, text } = await facts({ subject: hostile, facts: [{ kind: 'bounced', address: hostile, at }] });
  expect(subject).not.toMatch(/[\r\n]/);
  expect(html).not.toContain('<script>alert');
  expect(html + text).not.toContain('\u202e');
});

test.each<[string, Partial<SenderFactsMailData>]>([
  ['link', { link: 'javascript:alert(1)' }],
  ['settingsLink', { settingsLink: 'https://x.example/a b' }],
  ['facts', { facts: [] }],
])('a wrong %s is refused by name', async (field, change) => {
  await expect(facts(change)).rejects.toThrow(`"${field}"`);
});
