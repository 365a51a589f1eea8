import { expect, test } from 'vitest';
import { renderSenderNoticeMail } from './sender-notice-mail.tsx';
import type { SenderNoticeMailData } from './sender-notice-mail.tsx';

const link = 'https://mail.acme.example/sent/messages/0199f0a2-0000-7000-8000-000000000003';

function notice(change: Partial<SenderNoticeMailData> = {}) {
  return renderSenderNoticeMail({
    branding: { organizationName: 'Acme', backgroundColor: 'navy', logo: null },
    subject: 'Offer 4711',
    recipientCount: 2,
    link,
    ...change,
  });
}

test('it says that the message is on its way, to how many, and where to follow it', async () => {
  const { subject, text, html } = await notice();
  expect(subject).toBe('Sent encrypted: Offer 4711');
  expect(text).toContain('on its way to 2 recipients.');
  expect(text.split('\n')).toContain(link);
  expect(html.match(/<a\s[^>]*href="([^"]*)"/g)).toHaveLength(1);
  expect((await notice({ recipientCount: 1 })).text).toContain('to 1 recipient.');
});

test('a subject that the template hides stands nowhere', async () => {
  const { subject, text, html } = await notice({ subject: null });
  expect(subject).toBe('Your encrypted message is on its way');
  expect(text + html).not.toContain('Offer');
});

test('a hostile subject begins no header, runs nothing and turns no writing', async () => {
  const { subject, html, text } = await notice({ subject: 'Hi\r\nBcc: eve@evil.example\u202e<script>alert(1)</script>' });
  expect(subject).not.toMatch(/[\r\n]/);
  expect(html).not.toContain('<script>alert');
  expect(html + text).not.toContain('\u202e');
});

test.each<[string, Partial<SenderNoticeMailData>]>([
  ['link', { link: 'javascript:alert(1)' }],
  ['link', { link: 'https://x.example/a b' }],
  ['recipientCount', { recipientCount: 0 }],
])('a wrong %s is refused by name', async (field, change) => {
  await expect(notice(change)).rejects.toThrow(`"${field}"`);
});
