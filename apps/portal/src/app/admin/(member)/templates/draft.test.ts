import { expect, test } from 'vitest';
import { changedFields, draftOf, emptyTexts, fieldsOf } from './draft.ts';

const empty = draftOf(null, 'New');

test('an empty box is the default wording, and the default template is told of no expiry', () => {
  expect(fieldsOf({ ...empty, texts: { ...emptyTexts, portalText: '  ' } }, false)).toMatchObject({
    portalText: null,
    externalMailExpiryInDays: 0,
  });
  expect(fieldsOf(empty, true)).not.toHaveProperty('externalMailExpiryInDays');
});

test('only what was typed is a change', () => {
  expect(changedFields(empty, empty, false)).toEqual({});
  const typed = { ...empty, backgroundColor: ' red ', translations: { de: { ...emptyTexts, emailText: 'Hallo' } } };
  expect(changedFields(empty, typed, false)).toEqual({ backgroundColor: 'red', translations: { de: { emailText: 'Hallo' } } });
});

test.each(['-1', '1.5', '', 'x', '1e2'])('%j is no number of days', (text) => {
  expect(fieldsOf({ ...empty, externalMailExpiryInDays: text }, false).externalMailExpiryInDays).toBe(-1);
});
