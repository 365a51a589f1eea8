import { describe, expect, test } from 'vitest';
import { defineCmdlet } from './cmdlet.ts';
import { readArguments, suggestion } from './read-arguments.ts';
import { cmdlets } from './run-cmdlet.ts';

const sample = defineCmdlet({
  name: 'Set-Sample',
  summary: 'a sample',
  changes: true,
  parameters: {
    MessageId: { type: 'String', mandatory: true, positional: true },
    Revoke: { type: 'Boolean' },
    ResultSize: { type: 'Int32' },
    EmailText: { type: 'String', nullable: true },
    SentTo: { type: 'String[]', nullable: true },
  },
  refused: { RevokeNobody: 'it would do nothing' },
  run: async () => {},
});

describe('arguments of a cmdlet', () => {
  test.each([
    [['-MessageId', '<a@b>', '-Revoke', '$true']],
    [['-messageid', '<a@b>', '-REVOKE', '$True']],
    [['-MessageId:<a@b>', '-Revoke:$true']],
    [['-MessageId:', '<a@b>', '-Revoke:', '1']],
    [['-Revoke', '$true', '-Mess', '<a@b>']],
    [['<a@b>', '-Revoke', '$true']],
    [['-Revoke', 'true', '"<a@b>"']],
  ])('%j are the same', (words) => {
    expect(readArguments(sample, words)).toEqual({ values: { MessageId: '<a@b>', Revoke: true }, whatIf: false, confirm: undefined });
  });

  test('a value may begin with a dash where no parameter could be meant, or after a colon', () => {
    expect(readArguments(sample, ['x', '-ResultSize', '-1']).values).toMatchObject({ ResultSize: -1 });
    expect(readArguments(sample, ['-MessageId:-x@b']).values).toEqual({ MessageId: '-x@b' });
  });

  test.each([['$null'], ['$NULL'], ['']])('what may be taken away is by %j', (nothing) => {
    expect(readArguments(sample, ['x', '-EmailText', nothing, '-SentTo', nothing]).values).toEqual({
      MessageId: 'x',
      EmailText: null,
      SentTo: null,
    });
    expect(readArguments(sample, ['$null']).values).toEqual({ MessageId: '$null' });
  });

  test('a list that goes on after a blank is one list, as in PowerShell', () => {
    expect(readArguments(sample, ['x', '-SentTo', 'a@b.example,', 'c@d.example,', 'e@f.example', '-Revoke', '1']).values).toEqual({
      MessageId: 'x',
      SentTo: ['a@b.example', 'c@d.example', 'e@f.example'],
      Revoke: true,
    });
    expect(readArguments(sample, ['x', '-SentTo', 'a@b.example,', '-Revoke', '1']).values).toMatchObject({ SentTo: ['a@b.example'] });
  });

  test('-WhatIf and -Confirm are switches that take a value after a colon', () => {
    expect(readArguments(sample, ['x', '-WhatIf'])).toMatchObject({ whatIf: true, confirm: undefined });
    expect(readArguments(sample, ['x', '-Confirm:$false'])).toMatchObject({ whatIf: false, confirm: false });
    expect(readArguments(sample, ['-Confirm', 'x'])).toMatchObject({ values: { MessageId: 'x' }, confirm: true });
  });

  test.each([
    [['x', '-Revoke'], `-Revoke takes $true or $false, not “”. A Unix shell took $true for a variable of its own: write -Revoke '$true'.`],
    [['x', '-EmailText'], `-EmailText needs a value. A Unix shell took $null for a variable of its own: write -EmailText '$null'.`],
    [['x', '-SentTo', '-Revoke', '1'], '-SentTo needs a value.'],
    [['-MessageId'], '-MessageId needs a value.'],
    [['x', '-Confirm:'], `write -Confirm '$true'`],
    [['x', '-Re', '$true'], 'Set-Sample: -Re may be -Revoke or -ResultSize or -RevokeNobody.'],
    [['x', '-Revoek', '$true'], 'Set-Sample has no parameter -Revoek. Did you mean -Revoke?'],
    [['x', '-Completely', '$true'], /^Set-Sample has no parameter -Completely\.$/],
    [['x', '-RevokeNobody', '$true'], 'Set-Sample: -RevokeNobody has no meaning here: it would do nothing.'],
    [['x', '-ErrorAction', 'Stop'], 'it belongs to PowerShell itself'],
    [['x', '-Revoke', '$true', '-revoke', '$true'], 'Set-Sample: -Revoke is given twice.'],
    [['x', 'y'], 'Set-Sample: nothing takes the value “y”.'],
    [['-Revoke', '$true'], 'Set-Sample needs -MessageId.'],
  ])('%j are refused with what is wrong', (words, message) => {
    expect(() => readArguments(sample, words)).toThrow(message);
  });
});

test('what nearly is a name is suggested, what is far from all is not', () => {
  const names = cmdlets.map(({ name }) => name);
  expect(suggestion('Set-IrmConfig', names)).toBe(' Did you mean Set-IRMConfiguration?');
  expect(suggestion('Get-OMEMesageStatus', names)).toBe(' Did you mean Get-OMEMessageStatus?');
  expect(suggestion('Connect-ExchangeOnline', names)).toBe('');
});

test('no cmdlet refuses a parameter that it has', () => {
  for (const { parameters, refused } of cmdlets) for (const name of Object.keys(parameters)) expect(refused).not.toHaveProperty(name);
});
