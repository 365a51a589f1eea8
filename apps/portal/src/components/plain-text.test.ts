import { expect, test } from 'vitest';
import { plainText } from './plain-text.ts';

test('what is hidden in a text is named where it stands', () => {
  expect(plainText('invoice \u202Egpj.exe')).toBe('invoice ⟨U+202E⟩gpj.exe');
  expect(plainText('\u2066a\u2069\uFEFF')).toBe('⟨U+2066⟩a⟨U+2069⟩⟨U+FEFF⟩');
});

test('text of any language stays as it is, with joiners that letters and signs need', () => {
  for (const text of ['שלום עולם', 'می‌خواهم', '👩‍👩‍👧', 'Größe']) expect(plainText(text)).toBe(text);
});
