import { expect, test } from 'vitest';
import { agentName } from './agent-name.ts';

test.each([
  [
    'a desktop browser',
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/153.0.0.0 Safari/537.36',
    'Chrome on Windows',
  ],
  [
    'a phone',
    'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1',
    'Safari on iOS',
  ],
  ['nothing', '', null],
  ['nothing', null, null],
])('%s is named by what its user agent tells', (_, userAgent, name) => {
  expect(agentName(userAgent)).toBe(name);
});

test('what is no browser is not made into one', () => {
  expect(agentName('<script>alert(1)</script>')).toBeNull();
});
