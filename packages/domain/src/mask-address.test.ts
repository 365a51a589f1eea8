import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskAddress } from './mask-address.ts';

describe('maskAddress', () => {
  it.each([
    ['bob@example.net', 'b•••@ex•••.net'],
    ['b@e.net', 'b•••@e•••.net'],
    ['bob@mail.example.co.uk', 'b•••@ma•••.uk'],
    ['"odd@name"@example.net', '"•••@ex•••.net'],
    ['😀bob@example.net', '😀•••@ex•••.net'],
    ['bob@localhost', 'b•••@lo•••'],
    ['bob', 'b•••@•••'],
  ])('shows %s as %s', (address, mask) => {
    expect(maskAddress(address)).toBe(mask);
  });

  it('shows of any address one character, two of its host and its ending, and never the address itself', () => {
    const addresses = fc.tuple(
      fc.stringMatching(/^[a-z0-9.+_-]{1,20}$/),
      fc.stringMatching(/^[a-z0-9-]{1,20}$/),
      fc.stringMatching(/^[a-z]{2,6}$/),
    );
    fc.assert(
      fc.property(addresses, ([local, host, ending]) => {
        const mask = maskAddress(`${local}@${host}.${ending}`);
        expect(mask).not.toBe(`${local}@${host}.${ending}`);
        expect(mask).toBe(`${local.slice(0, 1)}•••@${host.slice(0, 2)}•••.${ending}`);
      }),
    );
  });

  it('hides how long the address is', () => {
    expect(maskAddress('bo@exa.net')).toBe(maskAddress('bobby.longname@example-company.net'));
  });
});
