import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  blankTemplate,
  brandColor,
  brandingTemplate,
  expiryOf,
  templateChanges,
  templateFaults,
  templateFields,
  templateLimits,
  textsIn,
} from './branding-template.ts';
import { rulesUsing } from './mail-rule.ts';
import type { MailRule } from './mail-rule.ts';

const template = { ...blankTemplate('Acme'), backgroundColor: '#123456' };

function faults(changes: Record<string, unknown>): string[] {
  const result = brandingTemplate.safeParse({ ...template, ...changes });
  return result.success ? [] : result.error.issues.map((issue) => issue.path.join('/'));
}

describe('brandingTemplate', () => {
  it.each([
    ['name', 64],
    ['introductionText', 1024],
    ['readButtonText', 1024],
    ['emailText', 1024],
    ['disclaimerText', 1024],
    ['portalText', 128],
    ['footerText', 1024],
  ] as const)('takes %s up to %i characters and names the field where it is longer', (field, limit) => {
    expect(templateLimits[field]).toBe(limit);
    expect(faults({ [field]: 'x'.repeat(limit) })).toEqual([]);
    expect(faults({ [field]: 'x'.repeat(limit + 1) })).toEqual([field]);
  });

  it('takes an expiry of 0, 1 and 730 days and refuses −1, 731, 1.5', () => {
    for (const days of [0, 1, 730]) expect(faults({ externalMailExpiryInDays: days })).toEqual([]);
    for (const days of [-1, 731, 1.5, '30', null]) expect(faults({ externalMailExpiryInDays: days })).toEqual(['externalMailExpiryInDays']);
  });

  it('takes a privacy statement at a web address only', () => {
    expect(faults({ privacyStatementUrl: 'https://acme.example/privacy' })).toEqual([]);
    for (const url of ['javascript:alert(1)', 'acme.example', 'file:///etc/passwd', '']) {
      expect(faults({ privacyStatementUrl: url })).toEqual(['privacyStatementUrl']);
    }
  });

  it('refuses an empty name and an unknown field', () => {
    expect(faults({ name: '' })).toEqual(['name']);
    expect(faults({ colour: 'red' })).toHaveLength(1);
  });
});

describe('expiryOf', () => {
  it('is exactly so many times 24 hours after acceptance, and never for 0', () => {
    const acceptedAt = new Date('2026-03-28T12:34:56.789Z');
    expect(expiryOf({ externalMailExpiryInDays: 0 }, acceptedAt)).toBeNull();
    expect(expiryOf({ externalMailExpiryInDays: 1 }, acceptedAt)?.toISOString()).toBe('2026-03-29T12:34:56.789Z');
    expect(expiryOf({ externalMailExpiryInDays: 730 }, acceptedAt)?.toISOString()).toBe('2028-03-27T12:34:56.789Z');
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 730 }), fc.date({ noInvalidDate: true, max: new Date('2100-01-01') }), (days, at) => {
        expect((expiryOf({ externalMailExpiryInDays: days }, at)?.getTime() ?? 0) - at.getTime()).toBe(days * 86_400_000);
      }),
    );
  });
});

describe('what administrators write', () => {
  it('has no presets: what a change leaves out is not to be changed', () => {
    expect(templateFields.partial().parse({})).toEqual({});
  });

  it('is #RRGGBB or an opaque CSS colour name', () => {
    for (const color of ['#0F4C5C', '#abcdef', 'RebeccaPurple']) expect(brandColor.safeParse(color).success).toBe(true);
    for (const color of ['#abc', '#12345678', 'transparent', 'currentcolor', 'rgb(0,0,0)', '']) {
      expect(brandColor.safeParse(color).success).toBe(false);
    }
  });

  it('is refused where it would have no effect, or would lock recipients out', () => {
    const custom = { isDefault: false };
    for (const days of [0, 1, 730]) {
      expect(templateFaults({ isDefault: true }, { externalMailExpiryInDays: days }, false)).toMatchObject([
        { field: 'externalMailExpiryInDays' },
      ]);
      expect(templateFaults(custom, { externalMailExpiryInDays: days }, false)).toEqual([]);
    }
    expect(templateFaults(custom, { otpEnabled: false }, false)).toMatchObject([{ field: 'otpEnabled' }]);
    expect(templateFaults(custom, { otpEnabled: false }, true)).toEqual([]);
    expect(templateFaults({ isDefault: true }, { otpEnabled: true, socialIdSignIn: false }, false)).toEqual([]);
  });
});

it('a revision of before these fields is read with their presets', () => {
  const { footerText, mailLanguage, translations, imageSha256, ...old } = template;
  expect(brandingTemplate.parse(old)).toEqual({ ...old, footerText, mailLanguage, translations, imageSha256 });
});

describe('textsIn', () => {
  const translated = {
    ...template,
    introductionText: 'own',
    portalText: 'own',
    translations: {
      zh: { introductionText: 'zh', portalText: 'zh', footerText: 'zh' },
      'zh-Hant': { introductionText: 'zh-Hant', portalText: '  ' },
      'zh-Hant-TW': { introductionText: 'zh-Hant-TW' },
    },
  };
  it.each([
    ['zh-Hant-TW', 'zh-Hant-TW', 'zh', 'zh'],
    ['zh-Hant-HK', 'zh-Hant', 'zh', 'zh'],
    ['ZH-hans', 'zh', 'zh', 'zh'],
    ['de', 'own', 'own', null],
    [null, 'own', 'own', null],
  ])(
    'for %s takes each text from the nearest language that has it, then the own one, then none',
    (language, introductionText, portalText, footerText) => {
      expect(textsIn(translated, language)).toMatchObject({ introductionText, portalText, footerText, emailText: null });
    },
  );
});

it('changes are the fields that differ; the order of languages is no difference', () => {
  const before = { ...template, translations: { de: { portalText: 'a', emailText: 'b' }, fr: {} } };
  expect(templateChanges(before, { ...before, translations: { fr: {}, de: { emailText: 'b', portalText: 'a' } } })).toEqual({
    before: {},
    after: {},
  });
  expect(templateChanges(before, { ...before, portalText: 'x' })).toEqual({ before: { portalText: null }, after: { portalText: 'x' } });
});

it('a rule uses the template that it names, however it is written, and the one of a header names none', () => {
  const rules = [
    { id: 1, actions: [{ kind: 'applyTemplate', templateName: ' ACME ' }] },
    { id: 2, actions: [{ kind: 'applyTemplate', templateName: 'Acme Legal' }] },
    { id: 3, actions: [{ kind: 'applyTemplateFromHeader', header: 'Acme' }] },
  ] satisfies { id: number; actions: MailRule['actions'] }[];
  expect(rulesUsing(rules, 'Acme').map(({ id }) => id)).toEqual([1]);
});
