import { VaultError } from '@signet/vault/vault-error';
import { expect, test } from 'vitest';
import { errorFacts } from './error-facts.ts';

test('nothing of a foreign error’s message is told, even where its lines look like places in the code', () => {
  const facts = JSON.stringify(errorFacts(new TypeError('canary\n    at canary (of a quoted message:1:1)\ncanary')));
  expect(facts).not.toContain('canary');
  expect(facts).toContain('error-facts.test');
});

test('the message of this project’s own errors is told, and the code of any', () => {
  expect(errorFacts(new VaultError('storage_full', 'No room'))).toMatchObject({
    name: 'VaultError',
    code: 'storage_full',
    message: 'No room',
  });
  expect(errorFacts('thrown text')).toEqual({ name: 'string' });
});
