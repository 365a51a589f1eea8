import { recipientLanguages } from '@signet/domain/recipient-language';
import { expect, test } from 'vitest';
import { renderPasscodeMail } from './passcode-mail.tsx';
import type { PasscodeMailData } from './passcode-mail.tsx';

function passcode(change: Partial<PasscodeMailData> = {}) {
  return renderPasscodeMail({
    branding: { organizationName: 'Acme', backgroundColor: 'navy', logo: null },
    code: '01234567',
    reference: 'K7QP-3M',
    validMinutes: 10,
    language: 'en',
    ...change,
  });
}

test('the subject begins with the eight digits, unspaced, then the reference', async () => {
  expect((await passcode()).subject).toBe('01234567 is your passcode (reference K7QP-3M)');
});

test('the text has the code first, then the reference and how long it is valid', async () => {
  const { text } = await passcode();
  expect(text).toMatch(/^01234567\b[^]*K7QP-3M[^]*10 minutes/);
});

test('the preview that a notification shows begins with the code', async () => {
  const { html } = await passcode();
  expect(html.replaceAll(/<head>.*<\/head>|<[^>]*>/gs, '')).toMatch(/^01234567 is your passcode/);
});

test('the code is unspaced in the HTML part, so that it can be copied', async () => {
  expect((await passcode()).html).toContain('>01234567<');
});

test('there is no link in it at all', async () => {
  const { html, text } = await passcode();
  expect(text).not.toMatch(/https?:|www\./);
  expect(html.replace(/^<!DOCTYPE[^>]*>/, '')).not.toMatch(/<a\s|href|https?:|<script|<link/);
});

test("the organization's name is escaped", async () => {
  const { html } = await passcode({ branding: { organizationName: `<script>"'</script>`, backgroundColor: null, logo: null } });
  expect(html).not.toContain('<script');
  expect(html).toContain('&lt;script&gt;&quot;&#x27;&lt;/script&gt;');
});

test.each<[string, Partial<PasscodeMailData>]>([
  ['code', { code: '1234 5678' }],
  ['code', { code: '1234567' }],
  ['code', { code: '12345678\r\nBcc: eve@evil.example' }],
  ['reference', { reference: 'K7QP-3M\nX' }],
  ['validMinutes', { validMinutes: 0 }],
])('a wrong %s is refused by name, and the refusal does not tell the code', async (field, change) => {
  const refusal = await passcode(change).then(
    () => '',
    (error: unknown) => String(error),
  );
  expect(refusal).toContain(`"${field}"`);
  expect(refusal).not.toMatch(/01234567|1234/);
});

test.each(recipientLanguages)('in %s, subject, preview and text begin with the code, and the reference follows', async (language) => {
  const { subject, text, html } = await passcode({ language });
  expect(subject).toMatch(/^01234567 .*K7QP-3M/);
  expect(text).toMatch(/^01234567\b[^]*K7QP-3M[^]*10/);
  expect(html.replaceAll(/<head>.*<\/head>|<[^>]*>/gs, '')).toMatch(/^01234567 /);
  expect(html).toContain(`lang="${language}"`);
});

test.each(recipientLanguages.filter((language) => language !== 'en'))('in %s, nothing is left in English', async (language) => {
  const { subject, text, html } = await passcode({ language });
  expect(subject + html + text).not.toMatch(/passcode|ignore this mail|Sent for/);
});
