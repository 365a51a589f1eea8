import { expect, test } from 'vitest';
import { FloodGate } from './flood-gate.ts';

function passes(gate: FloodGate, addressOf: (index: number) => string): number {
  let passed = 0;
  for (let index = 0; index < 2100; index += 1) {
    try {
      gate.pass(addressOf(index), 0);
      passed += 1;
    } catch {
      // Refused: the flood has met the gate.
    }
  }
  return passed;
}

test('a flood from one customer’s IPv6 network is one flood, whatever addresses it takes', () => {
  const gate = new FloodGate();
  expect(passes(gate, (index) => `2001:db8:1:2::${index.toString(16)}`)).toBe(2000);
  expect(passes(gate, (index) => `2001:db8:1:3::${index.toString(16)}`)).toBe(2000);
});
