import { expect, test } from 'vitest';
import { UsageError } from '../failure.ts';
import { readValue } from './values.ts';

test.each([
  ['$true', true],
  ['$TRUE', true],
  ['true', true],
  ['1', true],
  ['$false', false],
  ['False', false],
  ['0', false],
])('the Boolean %s is read as PowerShell reads it', (text, expected) => {
  expect(readValue('Revoke', 'Boolean', text)).toBe(expected);
});

test.each(['yes', '$null', '2', 'truee'])('%s is no Boolean, and the parameter is named', (text) => {
  expect(() => readValue('Revoke', 'Boolean', text)).toThrow(/^-Revoke takes \$true or \$false, not/);
});

test('a Boolean that the shell ate is explained', () => {
  expect(() => readValue('Revoke', 'Boolean', '')).toThrow(`write -Revoke '$true'`);
});

test.each([
  ['a@acme.example', ['a@acme.example']],
  ['a, b ,c', ['a', 'b', 'c']],
  [`"a","b"`, ['a', 'b']],
  [`@('a', "b")`, ['a', 'b']],
  [`"press release, final","it's",c`, ['press release, final', "it's", 'c']],
])('the list %s is read as PowerShell writes it', (text, expected) => {
  expect(readValue('UserIds', 'String[]', text)).toEqual(expected);
});

test.each([
  ['11/22/2026', '2026-11-22T00:00:00.000Z'],
  ['1/2/2026', '2026-01-02T00:00:00.000Z'],
  ['11/22/2026 9:05', '2026-11-22T09:05:00.000Z'],
  ['2026-11-22', '2026-11-22T00:00:00.000Z'],
  ['2026-11-22T10:36:45Z', '2026-11-22T10:36:45.000Z'],
  ['2026-11-22 10:36:45.5', '2026-11-22T10:36:45.000Z'],
  ['2026-11-22T10:36:45+02:00', '2026-11-22T08:36:45.000Z'],
])('the date %s is UTC unless it says otherwise', (text, expected) => {
  expect(readValue('StartDate', 'DateTime', text)).toBe(expected);
});

test.each(['22/11/2026', '2026-02-30', '2/29/2026', 'yesterday', '(Get-Date).AddDays(-7)', '2026-11-22T25:00Z', ''])(
  '%s is no date, and the parameter is named',
  (text) => {
    expect(() => readValue('StartDate', 'DateTime', text)).toThrow(UsageError);
  },
);

test.each([
  ['30', 30],
  ['-1', -1],
])('the number %s is taken, for the API to judge', (text, expected) => {
  expect(readValue('ResultSize', 'Int32', text)).toBe(expected);
});

test.each(['1.5', 'many', '', '99999999999'])('%s is no whole number', (text) => {
  expect(() => readValue('ResultSize', 'Int32', text)).toThrow('-ResultSize takes a whole number');
});

test.each([
  ['logo.png', 'logo.png'],
  [`([System.IO.File]::ReadAllBytes('C:\\Temp\\OME Logo.gif'))`, 'C:\\Temp\\OME Logo.gif'],
  [`(Get-Content "C:\\Temp\\OME Logo.gif" -Encoding byte)`, 'C:\\Temp\\OME Logo.gif'],
  [`(Get-Content -Path 'logo.png' -AsByteStream -Raw)`, 'logo.png'],
])('bytes are read from a file, as in %s', (text, expected) => {
  expect(readValue('Image', 'Byte[]', text)).toBe(expected);
});
