import { alertKinds, alertTexts, alertWords, triedAlerts, type AlertKind } from '@signet/domain/alert';
import { expect, test } from 'vitest';
import { renderAlertMail, type AlertMailData } from './alert-mail.tsx';

const facts = {
  organizationName: 'Acme',
  email: 'admin@acme.example',
  at: '2026-11-22T10:36:45.000Z',
  url: 'https://mail.acme.example/admin/alerts#alert-1',
};
const nothing = { webhook: null, syslog: null, apiKey: null, log: null } as const;
const erp = { about: { ...nothing, webhook: 'ERP' }, words: 'Webhook “ERP”' };
const siem = { about: { ...nothing, syslog: 'SIEM' }, words: 'Syslog destination “SIEM”' };
const steps = { about: { ...nothing, log: 'audit' }, words: 'The log of steps of messages' } as const;

/** What of the organization's own each kind is about, as a mail says it. */
const things: Record<AlertKind, { readonly about: AlertMailData['about']; readonly words: string | null }> = {
  failedSignIns: { about: nothing, words: null },
  openingAfterRevocation: { about: nothing, words: null },
  trackingOff: { about: nothing, words: null },
  webhookDisabled: erp,
  webhookStuck: erp,
  syslogDisabled: siem,
  syslogStuck: siem,
  feedStuck: { about: { ...nothing, apiKey: 'Export' }, words: 'API key “Export”' },
  sealingBehind: steps,
  sealingRefused: { about: { ...nothing, log: 'admin' }, words: 'The log of administrative acts' },
  logDiffers: steps,
};

/** Text as HTML has it. */
const inHtml = (text: string) => text.replaceAll('&', '&amp;').replaceAll("'", '&#x27;');

test.each(alertKinds)(
  '%s: says what it is, of what, since when and what to do, and leads to the alert, in HTML and in text',
  async (kind) => {
    const { about, words } = things[kind];
    const { subject, html, text } = await renderAlertMail({ ...facts, kind, about });
    expect(subject).toBe(`${alertWords[kind]} (Acme)`);
    const inOneLine = text.replaceAll('\n', ' ');
    for (const said of [alertWords[kind], alertTexts[kind].text, alertTexts[kind].advice, ...(words === null ? [] : [words])]) {
      expect(inOneLine).toContain(said);
      expect(html).toContain(inHtml(said));
    }
    for (const form of [html, inOneLine]) {
      expect(form).toContain('First seen 22 November 2026');
      expect(form).toContain(facts.url);
      expect(form).toContain('admin@acme.example');
      expect(form.includes('There may be more like it')).toBe(triedAlerts.includes(kind));
    }
  },
);

test('a name with HTML in it stays text', async () => {
  const { html, subject } = await renderAlertMail({
    ...facts,
    kind: 'webhookStuck',
    organizationName: '<img src=x>\r\nBcc: x',
    about: { ...nothing, webhook: '<img src=y>' },
  });
  expect(html).not.toMatch(/<img src=[xy]>/);
  expect(subject).not.toMatch(/[\r\n]/);
});
