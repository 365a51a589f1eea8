import { ApiProblem } from '@signet/api-contract/client';
import { problems } from '@signet/domain/error-code';
import type { ProblemCode } from '@signet/domain/error-code';
import { expect, test } from 'vitest';
import { forwardReport } from './forward-report.ts';

const request = (search = '') => ({
  nextUrl: { pathname: '/sent/messages/x/exposure', searchParams: new URLSearchParams(search) },
});
const signInPath = (path: string) => `/sent?next=${encodeURIComponent(path)}`;

const refusing = (code: ProblemCode) => () => {
  const { status, title } = problems[code];
  return Promise.reject(new ApiProblem({ type: 'x', title, status, code, detail: title }));
};

test('the report is handed on as the api wrote it, in the zone that was asked for', async () => {
  const asked: unknown[] = [];
  const answer = await forwardReport(
    request('zone=Europe/Zurich'),
    (query) => {
      asked.push(query);
      return Promise.resolve(new Response('<h1>Exposure report</h1>'));
    },
    signInPath,
  );
  expect(await answer.text()).toBe('<h1>Exposure report</h1>');
  expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(asked).toEqual([{ zone: 'Europe/Zurich' }]);
});

test('who is not signed in is sent to sign in, and back', async () => {
  const answer = await forwardReport(request(), refusing('unauthenticated'), signInPath);
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/sent?next=%2Fsent%2Fmessages%2Fx%2Fexposure']);
});

test.each([
  ['not_found', 404],
  ['message_id_ambiguous', 404],
  ['validation_failed', 404],
  ['forbidden', 403],
  ['unavailable', 503],
  ['internal_error', 503],
] as const)('%s is answered with %i, in plain words', async (code, status) => {
  const answer = await forwardReport(request(), refusing(code), signInPath);
  expect(answer.status).toBe(status);
  expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8');
});

test('an api that does not answer is said to be away', async () => {
  expect((await forwardReport(request(), () => Promise.reject(new TypeError('fetch failed')), signInPath)).status).toBe(503);
});
