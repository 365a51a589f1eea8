import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { repositoryRoot } from '../local/repository-root.ts';

/** OWASP ASVS 5.0: the requirements of level 1 and 2 in V6, V7 and V8. */
const requirements = {
  '6.1': 3,
  '6.2': 12,
  '6.3': 4,
  '6.4': 4,
  '6.5': 5,
  '6.6': 3,
  '6.8': 4,
  '7.1': 3,
  '7.2': 4,
  '7.3': 2,
  '7.4': 5,
  '7.5': 2,
  '7.6': 2,
  '8.1': 2,
  '8.2': 3,
  '8.3': 1,
  '8.4': 1,
} as const;
const numbers = Object.entries(requirements).flatMap(([section, count]) =>
  Array.from({ length: count }, (_, index) => `${section}.${index + 1}`),
);

const rows = readFileSync(join(repositoryRoot, 'docs/asvs.md'), 'utf8')
  .split('\n')
  .filter((line) => /^\| \d/.test(line))
  .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()))
  .map(([, number = '', words = '', verdict = '', shown = '']) => ({ number, words, verdict, shown }));

describe('docs/asvs.md', () => {
  test('has every requirement of level 1 and 2, once, in order', () => {
    expect(rows.map(({ number }) => number)).toEqual(numbers);
  });

  test.each(rows)('$number says its verdict, and shows it by a test or gives a reason', ({ words, verdict, shown }) => {
    expect(words.length).toBeGreaterThan(10);
    expect(['met', 'not met', 'not applicable']).toContain(verdict);
    // What asks for documentation is shown by it.
    const evidence = verdict === 'met' ? /\]\([^)]+\.test\.tsx?\)|\]\([^)]+\.md(?:#[^)]*)?\)/ : /\w{3}.{17}/;
    expect(shown).toMatch(evidence);
  });

  test('that something is met is nearly always shown by a test', () => {
    const withoutTest = rows.filter(({ verdict, shown }) => verdict === 'met' && !shown.includes('.test.ts'));
    // 6.1, 7.1 and 8.1 ask for documentation alone, 6.4.2 for what is not there.
    expect(withoutTest.filter(({ number }) => !/^[678]\.1\./.test(number)).map(({ number }) => number)).toEqual(['6.4.2']);
  });
});
