import { describe, expect, it } from 'vitest';
import { isReservedSource, shareSource, sourceNamed } from './source-name.ts';

describe('isReservedSource', () => {
  it('keeps the names of Signet and of the import, in any spelling', () => {
    expect(['signet', ' Signet ', 'M365-import', 'sig\u200bnet', '\uff53ignet', 'signet 2', 'siem', ''].map(isReservedSource)).toEqual([
      true,
      true,
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});

const adding = (name: string) => ({ name, scopes: ['audit:write'] as const });
const reading = (name: string) => ({ name, scopes: ['audit:read', 'messages:read'] as const });

describe('shareSource', () => {
  it.each([
    ['Mail add-in', 'Mail add-in'],
    ['Mail add-in', ' mail ADD-IN'],
    ['Mail add-in', 'Ma\u200bil\u00a0 add-in'],
    ['Mail add-in', '\uff2dail add-in'],
    [`${'x'.repeat(70)} 1`, `${'X'.repeat(70)} 2`],
  ])('knows that %j and %j would be one source, where one of the two adds to the trail', (one, other) => {
    expect(shareSource(adding(one), adding(other))).toBe(true);
    expect(shareSource(adding(one), reading(other))).toBe(true);
    expect(shareSource(reading(one), adding(other))).toBe(true);
    expect(shareSource(reading(one), reading(other))).toBe(false);
  });

  it.each([
    ['Mail add-in', 'Mail add-in 2'],
    ['Mail add-in', 'Mailadd-in'],
  ])('lets %j be beside %j', (one, other) => {
    expect(shareSource(adding(one), adding(other))).toBe(false);
  });
});

describe('sourceNamed', () => {
  it('is the name, cut to what an entry holds', () => {
    expect(sourceNamed('Mail add-in')).toBe('Mail add-in');
    expect(sourceNamed('x'.repeat(100))).toBe(`${'x'.repeat(63)}…`);
  });
});
