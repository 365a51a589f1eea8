import { CONTROL_CONTRAST, TEXT_CONTRAST, contrastOf } from '@signet/domain/contrast';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { brandColors, dark, light } from './mail-palette.ts';

const anyColor = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`);

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
