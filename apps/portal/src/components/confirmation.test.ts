import { expect, test } from 'vitest';
import { asksForProof } from './confirmation.ts';

test.each(['unconfirmed', { refusal: 'unconfirmed' }, { refusal: 'unconfirmed', details: [] }])(
  'an act that was refused for want of a recent proof asks for one: %j',
  (answer) => {
    expect(asksForProof(answer)).toBe(true);
  },
);

test.each([null, undefined, 'forbidden', { refusal: 'away' }, { recoveryCodes: null }, {}])(
  'nobody is asked for a proof where the act is done, or refused for another reason: %j',
  (answer) => {
    expect(asksForProof(answer)).toBe(false);
  },
);
