import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { CONTROL_CONTRAST, TEXT_CONTRAST, contrastOf, contrastWarnings, hexColor, sheetColor, textColorOn } from './contrast.ts';

const anyColor = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`);

test('text on any brand colour has a contrast of at least 4.5', () => {
  fc.assert(
    fc.property(anyColor, (color) => {
      expect(contrastOf(color, textColorOn(color))).toBeGreaterThanOrEqual(TEXT_CONTRAST);
    }),
  );
});

test('the contrast is the one of WCAG', () => {
  expect(contrastOf('#000000', '#ffffff')).toBe(21);
  expect(contrastOf('#777777', '#ffffff')).toBeCloseTo(4.48, 1);
});

test.each([
  ['#0B5D4E', '#0b5d4e'],
  ['#abc', '#aabbcc'],
  ['RebeccaPurple', '#663399'],
])('%s is a colour', (color, hex) => {
  expect(hexColor(color)).toBe(hex);
});

test.each(['', 'transparent', 'no-colour', 'nocolour', '#12345', '#12345678', 'red;x:y', 'url(x)', 'rgb(0,0,0)'])(
  '"%s" is no colour',
  (color) => {
    expect(hexColor(color)).toBeNull();
  },
);

test('a colour is warned of exactly where a button in it would not stand out from the sheet, and the warning says the contrast', () => {
  fc.assert(
    fc.property(anyColor, (color) => {
      const faint = (['light', 'dark'] as const).filter((scheme) => contrastOf(color, sheetColor[scheme]) < CONTROL_CONTRAST);
      expect(contrastWarnings(color).map(({ code }) => code)).toEqual(faint.map((scheme) => `faint_on_${scheme}`));
    }),
  );
  expect(contrastWarnings('yellow')[0]?.detail).toContain('1.07:1');
  expect(contrastWarnings(null)).toEqual([]);
});
