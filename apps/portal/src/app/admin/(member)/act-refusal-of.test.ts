import { ApiProblem } from '@signet/api-contract/client';
import type { ProblemCode } from '@signet/domain/error-code';
import { problems } from '@signet/domain/error-code';
import { expect, test } from 'vitest';
import { actRefusalOf } from './act-refusal-of.ts';
import { isActRefusal } from './act-refusal.ts';

function problem(code: ProblemCode): ApiProblem {
  const { status, title } = problems[code];
  return new ApiProblem({ type: `urn:signet:problem:${code}`, title, status, code, detail: title });
}

test.each([
  ['unauthenticated', 'signedOut'],
  ['reauthentication_required', 'unconfirmed'],
  ['forbidden', 'forbidden'],
  ['second_factor_required', 'forbidden'],
  ['not_found', 'gone'],
  ['unavailable', 'away'],
] as const)('a member is told what the api’s %s means: %s', (code, refusal) => {
  expect(actRefusalOf(problem(code))).toBe(refusal);
  expect(isActRefusal(refusal)).toBe(true);
});

test('where the api gave no answer at all, nothing is claimed about what happened', () => {
  expect(actRefusalOf(new TypeError('fetch failed'))).toBe('away');
  expect(isActRefusal('lastAdmin')).toBe(false);
});
