import { expect, test } from 'vitest';
import { brandColors } from './brand.ts';

test.each([
  ['#7a1f3d', '#7a1f3d', '#ffffff'],
  ['#FFD', '#ffffdd', '#000000'],
  ['gold', '#ffd700', '#000000'],
  ['navy', '#000080', '#ffffff'],
])('the band of %s takes the text colour that can be read on it', (color, background, text) => {
  expect(brandColors(color)).toEqual({ background, text });
});

test.each([null, '', 'transparent', 'url(x)', '#12', 'red;background:url(//x)', 'nocolour'])('%j gives Signet’s own colour', (color) => {
  expect(brandColors(color).background).toBe('#1f3a5f');
});
