import { alertKinds, alertWords, triedAlerts } from '@signet/domain/alert';
import { expect, test } from 'vitest';
import { renderAlertMail } from './alert-mail.tsx';

const facts = {
  organizationName: 'Acme',
  email: 'admin@acme.example',
  at: '2026-11-22T10:36:45.000Z',
  url: 'https://mail.acme.example/admin/alerts#alert-1',
};

test.each(alertKinds)('%s: says what it is and since when, and leads to the alert, in HTML and in text', async (kind) => {
  const { subject, html, text } = await renderAlertMail({ ...facts, kind });
  expect(subject).toBe(`${alertWords[kind]} (Acme)`);
  for (const form of [html, text]) {
    expect(form).toContain(alertWords[kind]);
    expect(form).toContain(facts.url);
    expect(form).toContain('admin@acme.example');
    expect(form.includes('There may be more like it')).toBe(triedAlerts.includes(kind));
  }
});

test('a name with HTML in it stays text', async () => {
  const { html, subject } = await renderAlertMail({ ...facts, kind: 'trackingOff', organizationName: '<img src=x>\r\nBcc: x' });
  expect(html).not.toContain('<img src=x>');
  expect(subject).not.toMatch(/[\r\n]/);
});
