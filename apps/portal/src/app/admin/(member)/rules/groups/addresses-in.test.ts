import { expect, test } from 'vitest';
import { addressesIn } from './addresses-in.ts';

test('addresses are found however a list is pasted, and what is none is left whole to be named', () => {
  expect(addressesIn(' ann@acme.example\r\nbea@acme.example;  carl@acme.example,\n\n')).toEqual([
    'ann@acme.example',
    'bea@acme.example',
    'carl@acme.example',
  ]);
  expect(addressesIn('Ann Archer <ann@acme.example>; bea@acme.example')).toEqual(['Ann Archer <ann@acme.example>', 'bea@acme.example']);
  expect(addressesIn(' \n;,')).toEqual([]);
});
