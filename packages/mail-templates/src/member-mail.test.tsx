import { memberMails, type MemberMail } from '@signet/domain/member-mail';
import { expect, test } from 'vitest';
import { renderMemberMail } from './member-mail.tsx';
import type { MemberMailData } from './member-mail.tsx';

const url = 'https://mail.acme.example/admin/invitation/abc-DEF_123';
const withLink: readonly MemberMail[] = ['invitation', 'password-reset'];

function mail(change: Partial<MemberMailData> = {}) {
  return renderMemberMail({
    mail: 'password-changed',
    organizationName: 'Acme',
    email: 'bob@acme.example',
    role: 'auditor',
    at: '2026-11-24T10:36:45.000Z',
    clientIp: '203.0.113.7',
    userAgent: 'Test/1.0',
    link: null,
    ...change,
  });
}

test.each(withLink)('%s has its link once as one button, and alone on a line of the text', async (name) => {
  const { html, text } = await mail({ mail: name, link: { url, expiresAt: '2026-12-01T10:36:45.000Z' } });
  expect(html.split(`href="${url}"`)).toHaveLength(2);
  expect(text.split('\n').filter((line) => line === url)).toHaveLength(1);
  expect(text).toContain('1 December 2026, 10:36 UTC');
});

test.each(memberMails.filter((name) => !withLink.includes(name)))(
  '%s says what happened, when and from where, what to do, and leads nowhere',
  async (name) => {
    const { subject, html, text } = await mail({ mail: name });
    expect(subject).toContain('Acme');
    expect(text).toContain('24 November 2026, 10:36 UTC, from 203.0.113.7, Test/1.0');
    expect(text).toContain('If it was not you');
    expect(text).not.toMatch(/https?:/);
    expect(html).not.toMatch(/<a\s/);
  },
);

test('an invitation says what to and as what', async () => {
  const { text } = await mail({ mail: 'invitation', link: { url, expiresAt: '2026-12-01T10:36:45.000Z' } });
  expect(text).toContain('Acme invites you to Signet as auditor, with the address bob@acme.example.');
});

test('what comes from outside is escaped, and begins no header of its own', async () => {
  const { subject, html } = await mail({ organizationName: 'Acme\r\nBcc: eve@evil.example<script>', userAgent: '<img src=x>' });
  expect(subject).not.toMatch(/[\r\n]/);
  expect(html).not.toMatch(/<script>|<img src=x>/);
});

test('a link where none belongs, and none where one does, are refused', async () => {
  await expect(mail({ link: { url, expiresAt: '2026-12-01T10:36:45.000Z' } })).rejects.toThrow('link');
  await expect(mail({ mail: 'invitation' })).rejects.toThrow('link');
});
