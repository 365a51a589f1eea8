import { expect, test } from 'vitest';
import { logVectors, vectorEntry } from '../testing/log-vectors.ts';
import { emptyRoot, GrowingTree, largestPowerWithin, leafHash, perfectNodes } from './merkle-tree.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

// The test data of the Certificate Transparency project for RFC 6962.
const wellKnown = {
  leaves: ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'],
  roots: [
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
    'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
    '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
    'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
    '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
  ],
};

test('a growing tree has the roots that RFC 6962 gives the same leaves', () => {
  const tree = new GrowingTree();
  expect(hex(tree.root())).toBe(hex(emptyRoot()));
  const roots = [hex(tree.root())];
  for (const leaf of wellKnown.leaves) {
    tree.append(leafHash(Buffer.from(leaf, 'hex')));
    roots.push(hex(tree.root()));
  }
  expect(roots).toEqual(wellKnown.roots);
});

test('it has the roots that another implementation gives the same leaves, of sizes about each power of a tile’s width', () => {
  const tree = new GrowingTree();
  for (const { size, root } of logVectors.roots) {
    while (tree.size < size) tree.append(leafHash(vectorEntry(tree.size)));
    expect({ size, root: hex(tree.root()) }).toEqual({ size, root });
  }
  expect(tree.size).toBe(70_000);
});

test('sizes that logarithms would round are taken apart exactly', () => {
  for (const exponent of [1, 8, 31, 32, 47, 48, 49, 50, 51, 52]) {
    const power = 2 ** exponent;
    expect(largestPowerWithin(power)).toBe(power);
    expect(largestPowerWithin(power - 1)).toBe(power / 2);
    expect(perfectNodes(0, power - 1)).toHaveLength(exponent);
    expect(perfectNodes(0, power)).toEqual([{ level: exponent, number: 0 }]);
  }
  expect(perfectNodes(0, Number.MAX_SAFE_INTEGER)).toHaveLength(53);
});
