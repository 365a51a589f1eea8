import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { routes } from '@signet/api-contract/routes';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { forwardPart, rangeHeaders } from './forward-part.ts';

const file = Buffer.from('0123456789'.repeat(10_000));
let asked: IncomingMessage[] = [];
let answer: (request: IncomingMessage, response: ServerResponse) => void;

/** Stands where the api listens. */
const server = createServer((request, response) => {
  asked.push(request);
  answer(request, response);
});

beforeAll(async () => {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const place = server.address();
  if (place === null || typeof place === 'string') throw new Error('The server has no port');
  vi.stubEnv('API_URL', `http://127.0.0.1:${place.port}`);
  vi.stubEnv('PORTAL_SECRET', 'f3b1c2d4e5a69788f3b1c2d4e5a69788');
  vi.stubEnv('PUBLIC_URL', 'http://localhost:3000');
});
beforeEach(() => {
  asked = [];
});
afterAll(async () => {
  await new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  });
});

function forward(sent: Record<string, string> = {}, signal = new AbortController().signal) {
  const headers = new Headers(sent);
  const cookies = { get: (name: string) => (name === 'signet-session' ? { value: 'session-1' } : undefined) };
  return forwardPart(
    { headers, signal, cookies },
    (api, options) => api.call(routes.downloadAttachment, { params: { token: 'tok', index: 3 }, headers: rangeHeaders(headers) }, options),
    { back: '/m/tok' },
  );
}

function problem(status: number, code: string, headers: Record<string, string> = {}) {
  answer = (_, response) => {
    response.writeHead(status, { 'content-type': 'application/problem+json', ...headers });
    response.end(JSON.stringify({ type: '/docs/problems#x', title: 'x', status, code, detail: 'x' }));
  };
}

test('a file goes through with its name, type and length, asked for with the session and unpacked', async () => {
  const disposition = `attachment; filename="a.pdf"; filename*=UTF-8''%C3%A4.pdf`;
  answer = (_, response) => {
    response.writeHead(200, { 'content-type': 'application/pdf', 'content-length': file.length, 'content-disposition': disposition });
    response.end(file);
  };
  const response = await forward();
  expect(response.status).toBe(200);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'application/pdf',
    'content-length': String(file.length),
    'content-disposition': disposition,
    'x-accel-buffering': 'no',
  });
  expect(Buffer.from(await response.arrayBuffer()).equals(file)).toBe(true);
  expect(asked[0]?.headers).toMatchObject({ 'x-signet-session': 'session-1', 'accept-encoding': 'identity' });
});

test('a range is asked of the api and answered as the api answers it', async () => {
  answer = (_, response) => {
    response.writeHead(206, { 'content-range': `bytes 5-9/${file.length}`, 'content-length': 5, 'accept-ranges': 'bytes', etag: '"e"' });
    response.end(file.subarray(5, 10));
  };
  const response = await forward({ range: 'bytes=5-9', 'if-range': '"e"' });
  expect([response.status, await response.text()]).toEqual([206, '56789']);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-range': `bytes 5-9/${file.length}`,
    'accept-ranges': 'bytes',
    etag: '"e"',
  });
  expect(asked[0]?.headers).toMatchObject({ range: 'bytes=5-9', 'if-range': '"e"' });
});

test('a range beyond the file answers 416, and how long the file is', async () => {
  problem(416, 'range_not_satisfiable', { 'content-range': 'bytes */100000' });
  const response = await forward({ range: 'bytes=999999-' });
  expect([response.status, response.headers.get('content-range')]).toEqual([416, 'bytes */100000']);
});

test('a stream that the api cuts is cut for the reader: it fails, and does not end', async () => {
  answer = (_, response) => {
    response.writeHead(200, { 'content-type': 'application/pdf' });
    response.write(file, () => response.destroy());
  };
  const response = await forward();
  expect(response.status).toBe(200);
  await expect(response.arrayBuffer()).rejects.toThrow(TypeError);
});

test('when the reader goes, the api’s stream ends', async () => {
  const closed = new Promise<boolean>((resolve) => {
    answer = (_, response) => {
      response.on('close', () => {
        resolve(response.writableFinished);
      });
      response.writeHead(200).write(file);
    };
  });
  const leaving = new AbortController();
  const response = await forward({}, leaving.signal);
  leaving.abort();
  await expect(response.arrayBuffer()).rejects.toThrow(/abort/i);
  expect(await closed).toBe(false);
});

test.each([
  [410, 'message_revoked', 410, 'Revoked'],
  [410, 'message_expired', 410, 'Expired'],
  [404, 'not_found', 404, 'Not available'],
  [401, 'unauthenticated', 401, 'Signed out'],
  [503, 'unavailable', 503, 'Try again soon'],
  [500, 'internal_error', 503, 'Try again soon'],
])('a refusal (%d %s) is a page that says so and leads back', async (status, code, shown, title) => {
  problem(status, code);
  const response = await forward();
  const page = await response.text();
  expect(response.status).toBe(shown);
  expect(page).toContain(`<title>${title}</title>`);
  expect(page).toContain('href="/m/tok"');
});

test('where nothing answers, a page says to try again', async () => {
  answer = (_, response) => {
    response.destroy();
  };
  const response = await forward();
  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '30']);
});
