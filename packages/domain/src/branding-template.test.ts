import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { brandingTemplate, expiryOf, templateLimits } from './branding-template.ts';

const template = {
  name: 'Acme',
  isDefault: false,
  backgroundColor: '#123456',
  introductionText: null,
  readButtonText: null,
  emailText: null,
  disclaimerText: null,
  portalText: null,
  privacyStatementUrl: null,
  otpEnabled: true,
  socialIdSignIn: true,
  externalMailExpiryInDays: 0,
  forwardingAllowed: true,
  subjectShown: true,
};

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
