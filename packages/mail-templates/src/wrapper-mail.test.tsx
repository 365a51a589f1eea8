import { recipientLanguages } from '@signet/domain/recipient-language';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ZodError } from 'zod';
import { renderWrapperMail } from './wrapper-mail.tsx';
import type { WrapperMailData } from './wrapper-mail.tsx';
import { wrapperWords } from './wrapper-words.ts';

const link = 'https://mail.acme.example/m/3v9Qm2xV7aZ0kTtN1yPpWcR8sLbHdJfU';

const noTexts = { introductionText: null, readButtonText: null, emailText: null, disclaimerText: null, footerText: null };

type Texts = Partial<WrapperMailData['branding']['texts'][number]>;
type Change = Partial<Omit<WrapperMailData, 'branding'>> & {
  /** The texts are the English ones. */
  branding?: Texts & Partial<WrapperMailData['branding']>;
};

function wrapper({
  branding: { organizationName, backgroundColor, logo, privacyStatementUrl, texts, ...english } = {},
  ...rest
}: Change = {}) {
  return renderWrapperMail({
    branding: {
      organizationName: organizationName ?? 'Acme',
      backgroundColor: backgroundColor ?? '#0b5d4e',
      logo: logo ?? null,
      privacyStatementUrl: privacyStatementUrl === undefined ? 'https://acme.example/privacy' : privacyStatementUrl,
      texts: texts ?? [{ language: 'en', ...noTexts, ...english }],
    },
    senderName: 'Ada Lovelace',
    senderAddress: 'ada@acme.example',
    subject: 'Draft agreement',
    link,
    reference: '4F7A-09C2-E1B8',
    expiresAt: '2026-12-22T11:36:59+01:00',
    trackingNotice: true,
    ...rest,
  });
}

const inLanguages = (...languages: string[]) => ({ texts: languages.map((language) => ({ language, ...noTexts })) });

async function refusedFields(mail: Promise<unknown>): Promise<string[]> {
  const error: unknown = await mail.then(
    () => null,
    (reason: unknown) => reason,
  );
  return error instanceof ZodError ? error.issues.map((issue) => issue.path.join('.')) : [];
}

const anchors = (html: string) => [...html.matchAll(/<a\s[^>]*href="([^"]*)"/g)].map((match) => match[1]);
const seen = (html: string) => html.replaceAll(/<style>.*?<\/style>|<[^>]*>/gs, ' ');

describe('the link', () => {
  test('stands alone on one line of the text part, once', async () => {
    const { text } = await wrapper();
    expect(text.split('\n').filter((line) => line.includes('/m/'))).toEqual([link]);
  });

  test('is on exactly one anchor of the HTML part and nowhere else in it; the only other anchor is the privacy statement', async () => {
    const { html } = await wrapper();
    expect(anchors(html)).toEqual([link, 'https://acme.example/privacy']);
    expect(html.split(link)).toHaveLength(2);
  });

  test('is never broken, however long it is', async () => {
    const long = `https://mail.acme.example/m/${'x'.repeat(800)}`;
    expect((await wrapper({ link: long })).text.split('\n')).toContain(long);
  });

  test.each([
    'javascript:alert(1)',
    'https://mail.acme.example/m/a\nb',
    'https://mail.acme.example/m/ab ',
    `https://a.example/m/${'x'.repeat(900)}`,
  ])('is refused when it is no plain web address: %j', async (bad) => {
    expect(await refusedFields(wrapper({ link: bad }))).toContain('link');
  });
});

describe('what the reader is told', () => {
  test('both parts name the sender, the expiry in UTC, the tracking, the instructions and the privacy statement', async () => {
    const { html, text } = await wrapper();
    for (const part of [seen(html), text]) {
      expect(part).toContain('Ada Lovelace');
      expect(part).toContain('ada@acme.example');
      expect(part).toContain('This message expires on 22 December 2026, 10:36 UTC.');
      expect(part).toContain('The organization sees when this message is opened.');
      expect(part).toContain('confirm that this address is yours');
      expect(part.replaceAll(/\s+/g, ' ')).toContain(
        'Reference 4F7A-09C2-E1B8. If you doubt that this mail is genuine, ask Acme for this reference.',
      );
      expect(part).toContain('Privacy statement');
    }
    expect(text.split('\n')).toContain('https://acme.example/privacy');
  });

  test('a message without expiry, tracking or privacy statement says nothing of them', async () => {
    const { html, text } = await wrapper({ expiresAt: null, trackingNotice: false, branding: { privacyStatementUrl: null } });
    expect(anchors(html)).toEqual([link]);
    expect(seen(html) + text).not.toMatch(/expires|organization sees|Privacy/);
  });

  test.each([null, '', ' \n '])('texts that are %j give the default wording', async (nothing) => {
    const { html, text } = await wrapper({
      branding: { introductionText: nothing, readButtonText: nothing, emailText: nothing, disclaimerText: nothing },
    });
    for (const part of [seen(html), text]) {
      expect(part).toContain('has sent you an encrypted message.');
      expect(part).toContain('Read the message');
    }
    expect(text).not.toContain('\n\n\n');
  });

  test("the template's texts stand in both parts, with their line breaks", async () => {
    const texts = { introductionText: 'intro one\r\nintro two', readButtonText: 'Open it', emailText: 'how to', disclaimerText: 'legal' };
    const { html, text } = await wrapper({ branding: texts });
    expect(text).toContain('intro one\nintro two');
    expect(html).toContain('intro one<br/>intro two');
    for (const part of [html, text]) for (const words of ['Open it', 'how to', 'legal']) expect(part).toContain(words);
    expect(text).not.toContain('Read the message');
  });

  test('a sender without a name is named by the address, once', async () => {
    const { text } = await wrapper({ senderName: ' ' });
    expect(text.split('ada@acme.example')).toHaveLength(2);
  });

  test('marks that turn the direction of writing are taken out of the name, so that it cannot pose as another address', async () => {
    const { html, text } = await wrapper({ senderName: 'Ada \u202Eelpmaxe.live@eve\u2066' });
    expect(html + text).not.toMatch(/[\u202E\u2066]/);
  });
});

describe('the subject', () => {
  test('is the original one, unchanged', async () => {
    expect((await wrapper({ subject: 'Re:  Vertrag – Übersicht 📎' })).subject).toBe('Re:  Vertrag – Übersicht 📎');
  });

  test.each([null, '', '  '])('names the sender when the original is %j', async (subject) => {
    const mail = await wrapper({ subject });
    expect(mail.subject).toBe('Encrypted message from Ada Lovelace');
    expect(mail.text).not.toContain('Subject:');
  });

  test('never holds CR, LF or another control character, whatever subject and name hold', async () => {
    expect((await wrapper({ subject: 'Hello\r\nBcc: eve@evil.example' })).subject).toBe('Hello Bcc: eve@evil.example');
    expect((await wrapper({ subject: null, senderName: 'Ada\r\nBcc: eve@evil.example' })).subject).not.toMatch(/[\r\n]/);
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), async (subject, senderName) => {
        expect((await wrapper({ subject, senderName })).subject).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
      }),
      { numRuns: 50 },
    );
  });

  test('that no header line could hold is cut instead of losing the mail', async () => {
    const { subject } = await wrapper({ subject: 'x'.repeat(5000) });
    expect(subject).toBe(`${'x'.repeat(899)}…`);
  });
});

describe('the language', () => {
  test.each([
    [
      'de',
      'ltr',
      ['Nachricht lesen', 'läuft am 22. Dezember 2026, 10:36 UTC ab', 'Referenz 4F7A-09C2-E1B8', 'Datenschutzerklärung', 'Betreff'],
    ],
    [
      'fr',
      'ltr',
      ['Lire le message', 'expire le 22 décembre 2026, 10:36 UTC', 'Référence 4F7A-09C2-E1B8', 'Déclaration de confidentialité'],
    ],
    ['es', 'ltr', ['Leer el mensaje', 'caduca el 22 de diciembre de 2026, 10:36 UTC', 'Referencia 4F7A-09C2-E1B8']],
    ['it', 'ltr', ['Leggi il messaggio', 'scade il 22 dicembre 2026, 10:36 UTC', 'Riferimento 4F7A-09C2-E1B8']],
    ['ar', 'rtl', ['قراءة الرسالة', '22 ديسمبر 2026, 10:36 UTC', 'المرجع 4F7A-09C2-E1B8']],
  ])('%s has words of its own, and its direction', async (language, direction, words) => {
    const { html, text } = await wrapper({ branding: inLanguages(language) });
    for (const part of [seen(html), text]) {
      for (const word of words) expect(part).toContain(word);
      expect(part).not.toMatch(/Read the message|expires|No account/);
    }
    expect(html).toMatch(new RegExp(`<html[^>]*dir="${direction}"[^>]*lang="${language}"`));
    expect(new Set([...html.matchAll(/ (?:dir|lang)="([^"]*)"/g)].map((match) => match[1]))).toEqual(
      new Set([direction, language, 'auto']),
    );
  });

  test('that Signet does not speak gives the English wording around the template’s own texts; a region counts for its language', async () => {
    const mail = await wrapper({ branding: { texts: [{ language: 'ja', ...noTexts, introductionText: '暗号化されたメッセージです。' }] } });
    expect(mail.text).toContain('暗号化されたメッセージです。');
    expect(mail.text).toContain('Read the message');
    expect((await wrapper({ branding: inLanguages('de-CH') })).text).toContain('Nachricht lesen');
  });

  test('of two, both say everything, each marked with its language and direction, and there is still one link', async () => {
    const { html, text } = await wrapper({ branding: inLanguages('en', 'ar') });
    for (const part of [seen(html), text].map((words) => words.replaceAll(/ +/g, ' '))) {
      expect(part).toContain('has sent you an encrypted message.');
      expect(part).toContain('Ada Lovelace أرسل إليك رسالة مشفّرة.');
      expect(part).toContain('Read the message / قراءة الرسالة');
      for (const word of [
        'This message expires on',
        'تنتهي صلاحية',
        'The organization sees',
        'ترى المؤسسة',
        'Reference 4F7A',
        'المرجع 4F7A',
      ]) {
        expect(part).toContain(word);
      }
    }
    expect(html).toMatch(/<html[^>]*dir="ltr"[^>]*lang="en"/);
    expect(html).toMatch(/<table(?=[^>]*lang="ar")(?=[^>]*dir="rtl")/);
    expect(anchors(html)).toEqual([link, 'https://acme.example/privacy']);
    expect(text.split('\n').filter((line) => line.includes('/m/'))).toEqual([link]);
  });

  test('of two does not repeat what the template says in one only: the other has the default wording', async () => {
    const same = {
      ...noTexts,
      introductionText: 'writes to you.',
      emailText: 'Help',
      disclaimerText: 'Legal notice',
      footerText: 'Acme, Zurich',
    };
    const { text } = await wrapper({
      branding: {
        texts: [
          { language: 'en', ...same },
          { language: 'de', ...same, footerText: 'Acme, Zürich' },
        ],
      },
    });
    for (const once of ['writes to you.', 'Help', 'Legal notice']) expect(text.split(once)).toHaveLength(2);
    expect(text).toContain('hat Ihnen eine verschlüsselte Nachricht gesendet.');
    expect(text).toContain('Acme, Zurich\n\nAcme, Zürich');
  });

  test('of a mail that hides the subject is the first one’s', async () => {
    expect((await wrapper({ subject: null, branding: inLanguages('de', 'en') })).subject).toBe('Verschlüsselte Nachricht von Ada Lovelace');
  });
});

describe('texts of others', () => {
  const hostile = `<script>alert("1")</script>'"><img src=x onerror=y>&amp;</style>`;

  test('are escaped in every field', async () => {
    const { html } = await wrapper({
      branding: {
        organizationName: hostile,
        introductionText: hostile,
        readButtonText: hostile,
        emailText: hostile,
        disclaimerText: hostile,
      },
      senderName: hostile,
      senderAddress: `"<script>'"@acme.example`,
      subject: hostile,
    });
    expect(html).not.toMatch(/<script|<img|<\/style>[^<]*<\/style>|onerror=y>/);
    expect(anchors(html)).toEqual([link, 'https://acme.example/privacy']);
    expect(html.match(/&lt;script&gt;alert\(&quot;1&quot;\)&lt;\/script&gt;&#x27;&quot;&gt;&lt;img/g)?.length).toBeGreaterThanOrEqual(7);
  });

  test('are escaped in the name that stands for a logo', async () => {
    const { html } = await wrapper({ branding: { organizationName: hostile, logo: { cid: 'logo@acme', width: 170, height: 70 } } });
    expect(html.match(/<img\s/g)).toHaveLength(1);
    expect(html).not.toContain('<script');
  });

  test('fill only lines of at most 78 characters, the addresses of the web excepted', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 500 }), fc.lorem({ maxCount: 60 }), async (any, prose) => {
        const { text } = await wrapper({
          senderName: prose,
          subject: any,
          branding: { emailText: any, disclaimerText: prose.repeat(2).slice(0, 1024) },
        });
        for (const line of text.split('\n')) expect(line.startsWith('https://') || Array.from(line).length <= 78).toBe(true);
        expect(text).not.toMatch(/\r|<\/?[a-z]+>/);
      }),
      { numRuns: 50 },
    );
  });
});

describe('what is refused', () => {
  const long = 'x'.repeat(1025);
  test.each<[string, Change]>([
    ['branding.texts.0.introductionText', { branding: { introductionText: long } }],
    ['branding.texts.0.readButtonText', { branding: { readButtonText: long } }],
    ['branding.texts.0.emailText', { branding: { emailText: long } }],
    ['branding.texts.0.disclaimerText', { branding: { disclaimerText: long } }],
    ['branding.texts.0.footerText', { branding: { footerText: long } }],
    ['branding.privacyStatementUrl', { branding: { privacyStatementUrl: 'javascript:alert(1)' } }],
    ['branding.backgroundColor', { branding: { backgroundColor: 'red;display:none' } }],
    ['branding.organizationName', { branding: { organizationName: ' ' } }],
    ['branding.logo.cid', { branding: { logo: { cid: 'a"b', width: 1, height: 1 } } }],
    ['senderAddress', { senderAddress: 'ada@acme.example\r\nBcc: eve@evil.example' }],
    ['senderAddress', { senderAddress: `${'a'.repeat(320)}@acme.example` }],
    ['expiresAt', { expiresAt: 'tomorrow' }],
    ['reference', { reference: '4f7a' }],
    ['branding.texts', { branding: { texts: [] } }],
    ['branding.texts', { branding: inLanguages('de', 'en', 'fr') }],
    ['branding.texts.0.language', { branding: inLanguages('german-') }],
  ])('%s beyond its limits, by name', async (field, change) => {
    expect(await refusedFields(wrapper(change))).toContain(field);
  });

  test('a field that does not exist, so that content cannot slip in', async () => {
    const withBody = { senderName: null, body: 'secret' };
    await expect(wrapper(withBody)).rejects.toThrow(/body/);
  });

  test('nothing at the limit: 1,024 characters in every text still make a mail', async () => {
    const full = 'y'.repeat(1024);
    const { text } = await wrapper({ branding: { introductionText: full, readButtonText: full, emailText: full, disclaimerText: full } });
    expect(text.match(/y/g)?.length).toBeGreaterThanOrEqual(4096);
  });
});

describe('the HTML part', () => {
  test('fetches nothing and runs nothing: the only picture is the attached logo', async () => {
    const { html } = await wrapper({ branding: { logo: { cid: 'logo@acme', width: 170, height: 70 } } });
    expect([...html.matchAll(/\ssrc="([^"]*)"/g)].map((match) => match[1])).toEqual(['cid:logo@acme']);
    expect(html).toMatch(/<img[^>]*alt="Acme"/);
    expect(html).not.toMatch(/<script|<link|<iframe|url\(|@import|srcset/);
    expect((await wrapper()).html).not.toContain('<img');
  });

  test.each(recipientLanguages)('in %s begins with the preheader, in that language, whatever language comes second', async (language) => {
    const preheader = `Ada Lovelace ${wrapperWords[language].introduction}`;
    const second = language === 'en' ? 'ar' : 'en';
    for (const languages of [[language], [language, second]]) {
      const { html } = await wrapper({ branding: inLanguages(...languages) });
      const [first = ''] = seen(html.slice(html.indexOf('<body')))
        .split(/ {2,}/)
        .filter((words) => words.trim() !== '');
      // What fills the rest of a list's line is not to be seen.
      expect(first.replaceAll(/[\p{Cf}\p{Zs}\u034F]+/gu, ' ').trim()).toBe(preheader.replaceAll(/[\p{Cf}\p{Zs}]+/gu, ' '));
    }
  });

  test('says its language and direction, and that it has a dark form', async () => {
    const { html } = await wrapper();
    expect(html).toMatch(/<html[^>]*dir="ltr"[^>]*lang="en"/);
    expect(html).toContain('name="color-scheme" content="light dark"');
    expect(html).toContain('prefers-color-scheme:dark');
  });
});
