import { ApiProblem } from '@signet/api-contract/client';
import { expect, test } from 'vitest';
import { fileRefused } from './file-refused.ts';

const problem = (status: number, code: ApiProblem['code'], detail: string) =>
  new ApiProblem({ type: 'about:blank', title: code, status, code, detail });

test('who is not signed in is sent to sign in, and back to the page of the file', () => {
  const answer = fileRefused(problem(401, 'unauthenticated', 'x'), '/admin/trail/1');
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/admin?next=%2Fadmin%2Ftrail%2F1']);
});

test('what is not there and what was asked for wrongly look the same; a refusal says what the api says; silence is 503', async () => {
  const answers = [
    problem(404, 'not_found', 'No such thing'),
    problem(400, 'validation_failed', 'No id'),
    problem(403, 'forbidden', 'Your role may not'),
    new TypeError('fetch failed'),
  ].map((failure) => fileRefused(failure, '/admin/log'));
  expect(answers.map(({ status }) => status)).toEqual([404, 404, 403, 503]);
  const texts = await Promise.all(answers.map((answer) => answer.text()));
  expect(texts[0]).toBe(texts[1]);
  expect(texts[2]).toBe('Your role may not\n');
});
