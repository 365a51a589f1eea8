import { createClient } from '@signet/api-contract/client';
import { routes } from '@signet/api-contract/routes';
import { expect, test } from 'vitest';
import { isUnaskable } from './is-unaskable.ts';

// Nobody listens on port 1.
const api = createClient({ baseUrl: 'http://127.0.0.1:1' });

test.each([
  ['a name that no address can hold is not asked for', '..', true],
  ['a name that nobody answers for was asked for', 'a', false],
])('%s', async (_, message, expected) => {
  const error: unknown = await api.call(routes.getMessage, { params: { message } }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(TypeError);
  expect(isUnaskable(error)).toBe(expected);
});
