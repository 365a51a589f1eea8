import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { CONTROL_CONTRAST, TEXT_CONTRAST, contrastOf, hexColor, textColorOn } from './contrast.ts';
import { brandColors, dark, light } from './mail-palette.ts';

const anyColor = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`);

test('text on any brand colour has a contrast of at least 4.5', () => {
  fc.assert(
    fc.property(anyColor, (color) => {
      expect(contrastOf(color, textColorOn(color))).toBeGreaterThanOrEqual(TEXT_CONTRAST);
    }),
  );
});

test('the button of any brand stands out from the sheet, light and dark, and its text from the button', () => {
  fc.assert(
    fc.property(anyColor, (color) => {
      const { button, buttonInTheDark } = brandColors(color);
      expect(contrastOf(button.fill, light.surface)).toBeGreaterThanOrEqual(CONTROL_CONTRAST);
      expect(contrastOf(buttonInTheDark.fill, dark.surface)).toBeGreaterThanOrEqual(CONTROL_CONTRAST);
      expect(contrastOf(button.fill, button.text)).toBeGreaterThanOrEqual(TEXT_CONTRAST);
      expect(contrastOf(buttonInTheDark.fill, buttonInTheDark.text)).toBeGreaterThanOrEqual(TEXT_CONTRAST);
    }),
  );
});

test.each([
  ['light', light],
  ['dark', dark],
])('every text of the %s sheet is readable on everything it lies on', (_, palette) => {
  for (const text of [palette.ink, palette.quiet]) {
    for (const behind of [palette.page, palette.surface, palette.field]) {
      expect(contrastOf(text, behind)).toBeGreaterThanOrEqual(TEXT_CONTRAST);
    }
  }
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
