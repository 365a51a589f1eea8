import { expect, test } from 'vitest';
import { changesOf } from './record-changes.ts';

test('only what changed is shown, with what it was and what it became', () => {
  expect(changesOf({ before: { tracking: true, name: 'Acme' }, after: { tracking: false, name: 'Acme' } })).toEqual([
    { name: 'tracking', before: 'true', after: 'false' },
  ]);
});

test('what was made had no value before, and what was removed has none after', () => {
  expect(changesOf({ before: null, after: { scopes: ['audit:read', 'audit:write'] } })).toEqual([
    { name: 'scopes', before: null, after: 'audit:read, audit:write' },
  ]);
  expect(changesOf({ before: { name: 'Old' }, after: null })).toEqual([{ name: 'name', before: 'Old', after: null }]);
});

test('a field is named in words', () => {
  expect(changesOf({ before: null, after: { messageId: '<1@acme.example>' } })[0]?.name).toBe('message id');
});

test('a record of any shape is shown, however long', () => {
  expect(changesOf({ before: null, after: 'x'.repeat(1000) })[0]?.after).toHaveLength(201);
  expect(changesOf({ before: 1, after: [1] })).toEqual([{ name: 'value', before: '1', after: '[1]' }]);
});
