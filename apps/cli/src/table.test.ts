import { expect, test } from 'vitest';
import { formatList, formatTable } from './cmdlets/power-shell-format.ts';
import { printable, printableJson } from './printable.ts';
import { cell, labelled, renderTable } from './table.ts';
import { readAssignments } from './commands/configuration.ts';

const columns = [
  { head: 'Subject', value: (row: { subject: string; id: string }) => row.subject },
  { head: 'Id', value: (row: { subject: string; id: string }) => row.id },
];

test('a table has its heads above aligned columns, and no frame', () => {
  const rows = [
    { subject: 'Offer', id: '1' },
    { subject: 'A longer subject', id: '2' },
  ];
  expect(renderTable(columns, rows, { width: undefined, head: (text) => text })).toBe(
    ['Subject           Id', 'Offer             1', 'A longer subject  2', ''].join('\n'),
  );
  expect(renderTable(columns, [], { width: undefined, head: undefined })).toBe('');
});

test('a table keeps within the width of a terminal and loses nothing', () => {
  const id = '01a20e9c-72aa-7064-b84b-c35219b70c2e';
  const drawn = renderTable(columns, [{ subject: 'x'.repeat(80), id }], { width: 60, head: (text) => text });
  for (const line of drawn.split('\n')) expect(line.length).toBeLessThanOrEqual(60);
  expect(drawn.replaceAll(/\s/g, '')).toContain('x'.repeat(20));
  expect(drawn.match(/x/g)).toHaveLength(80);
});

test('values are written for people: nothing, yes and no, times, lists, parts', () => {
  expect([null, '', [], true, '2026-11-22T10:36:45.123Z', ['a', null], { from: 'a', to: null }].map(cell)).toEqual([
    '–',
    '–',
    '–',
    'yes',
    '2026-11-22 10:36:45Z',
    'a, –',
    'from a, to –',
  ]);
  expect(labelled({ otpEnabled: true, name: 'Acme' })).toEqual([
    ['Otp enabled', true],
    ['Name', 'Acme'],
  ]);
});

test('a text of others commands no terminal', () => {
  const hostile = 'a\u001b[2Jb\u009b31mc\u202ed\ne';
  expect(printable(hostile)).toBe('a\\u{1b}[2Jb\\u{9b}31mc\\u{202e}d e');
  expect(printableJson({ hostile })).not.toMatch(/\p{Cc}/u);
  expect(JSON.parse(printableJson({ hostile }))).toEqual({ hostile });
});

test('lists and tables look as PowerShell draws them', () => {
  expect(
    formatList([
      [
        ['Subject', 'Offer'],
        ['IsRevocable', true],
        ['Words', ['a', 'b']],
      ],
    ]),
  ).toBe('\nSubject     : Offer\nIsRevocable : True\nWords       : {a, b}\n\n');
  expect(
    formatTable(
      [
        [
          ['Name', 'Secure'],
          ['Priority', 0],
        ],
      ],
      undefined,
    ),
  ).toBe('\nName    Priority\n----    --------\nSecure  0\n\n');
  expect(formatList([])).toBe('');
});

test('settings are read as name=value, and a wrong name brings the right one', () => {
  expect(readAssignments(['enablePortalTrackingLogs=true'])).toEqual({ enablePortalTrackingLogs: true });
  expect(() => readAssignments(['enablePortalTracking=true'])).toThrow('Did you mean enablePortalTrackingLogs?');
  expect(() => readAssignments(['true'])).toThrow('write it as name=value');
});
