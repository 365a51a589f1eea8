import { expect, test } from 'vitest';
import { isAutomaticMail } from './automatic-mail.ts';

test.each([
  ['Auto-Submitted', 'auto-replied', true],
  ['AUTO-SUBMITTED', ' auto-generated (by a machine)', true],
  ['Auto-Submitted', 'no', false],
  ['auto-submitted', 'No; owner-email=a@b.example', false],
  ['Precedence', 'Bulk', true],
  ['Precedence', 'list', true],
  ['Precedence', 'first-class', false],
  ['List-Id', '<news.acme.example>', true],
  ['Subject', 'Precedence: bulk', false],
])('%s: %s means a machine or a crowd: %s', (name, value, automatic) => {
  expect(
    isAutomaticMail([
      { name: 'From', value: 'alice@acme.example' },
      { name, value },
    ]),
  ).toBe(automatic);
});

test('a mail that says nothing of it is a person’s', () => {
  expect(isAutomaticMail([])).toBe(false);
});
