import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, expectTypeOf, test } from 'vitest';
import { ApiProblem, createClient, UnexpectedAnswer } from './client.ts';
import type { Configuration } from './configuration.ts';
import type { Message } from './messages.ts';
import { problemTypeOf } from './problem.ts';
import { routes } from './routes.ts';

interface Asked {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

let asked: Asked[] = [];
let reply: (response: ServerResponse) => void;
let baseUrl: string;
let client: ReturnType<typeof createClient>;

const server = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (chunk: string) => (body += chunk));
  request.on('end', () => {
    asked.push({ method: request.method, url: request.url, headers: request.headers, body });
    reply(response);
  });
});

const settings: Configuration = {
  enablePortalTrackingLogs: true,
  notifySenders: false,
  notifyFirstOpening: false,
  notifyUnreadAfterDays: null,
  notifyBounced: true,
  notifyExpiredUnread: false,
  notifyRefusedAfterRevocation: false,
  requireSecondFactor: true,
  sendersMayChangeExpiry: 'shorten',
  contentAfterExpiry: 'keep',
  eraseAfterDays: 30,
  bounceDomain: null,
  mailLanguages: ['en'],
  recordedClientIp: 'full',
  recordedUserAgent: 'full',
  recordedSubject: 'full',
  maxMessageBytes: null,
  maxRecipients: 1000,
};

function answers(status: number, body: unknown, type = 'application/json') {
  reply = (response) => {
    response.writeHead(status, { 'content-type': type }).end(typeof body === 'string' ? body : JSON.stringify(body));
  };
}

beforeAll(async () => {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const place = server.address();
  if (place === null || typeof place === 'string') throw new Error('The server has no port');
  baseUrl = `http://127.0.0.1:${place.port}/`;
  client = createClient({ baseUrl, headers: { authorization: 'Bearer sk_test' } });
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

test('a call sends its fixed headers and gives the answer, typed from the route', async () => {
  answers(200, settings);
  const configuration = await client.call(routes.getConfiguration);
  expectTypeOf(configuration).toEqualTypeOf<Configuration>();
  expect(configuration).toEqual(settings);
  expect(asked).toMatchObject([{ method: 'GET', url: '/v1/configuration', headers: { authorization: 'Bearer sk_test' } }]);
});

test('a Message-ID travels in the path as one segment, whatever it is made of', async () => {
  answers(404, {});
  const id = '<a/b?c#d%2F..+é@example.org>';
  await expect(client.call(routes.getMessage, { params: { message: id } })).rejects.toThrow(UnexpectedAnswer);
  expect(asked[0]?.url?.split('/')).toHaveLength(4);
  expect(decodeURIComponent(asked[0]?.url?.split('/')[3] ?? '')).toBe(id);
});

test.each(['', '.', '..', '%2e%2E'])('a path parameter %j, which would lead to another route, is not sent', async (name) => {
  answers(200, {});
  await expect(client.call(routes.getBrandingTemplate, { params: { name } })).rejects.toThrow(TypeError);
  expect(asked).toEqual([]);
});

test('query parameters repeat for lists and leave out what is undefined', async () => {
  answers(200, {
    items: [],
    verdicts: [],
    nextCursor: null,
    previousCursor: null,
    matches: null,
    complete: true,
    indexedThrough: '2026-11-22T10:36:45.123Z',
  });
  const operation = ['MessageAccess' as const, 'LinkTouch' as const];
  const page = await client.call(routes.listAuditEntries, { query: { messageId: '<a+b@c>', operation, limit: 5 } });
  expect(page.complete).toBe(true);
  const search = new URL(asked[0]?.url ?? '', 'http://localhost').searchParams;
  expect([...search]).toEqual([
    ['messageId', '<a+b@c>'],
    ['operation', 'MessageAccess'],
    ['operation', 'LinkTouch'],
    ['limit', '5'],
  ]);
});

test('a JSON body goes out as JSON, and no body where none is said', async () => {
  answers(500, '', 'text/plain');
  const params = { message: 'a@b' };
  await expect(client.call(routes.revokeMessage, { params, body: { reason: 'Wrong file' } })).rejects.toThrow(UnexpectedAnswer);
  await expect(client.call(routes.revokeMessage, { params })).rejects.toThrow(UnexpectedAnswer);
  expect(asked.map((request) => [request.headers['content-type'], request.body])).toEqual([
    ['application/json', '{"reason":"Wrong file"}'],
    [undefined, ''],
  ]);
});

test('a mail goes out as it is', async () => {
  answers(500, '');
  const rawBody = 'Subject: x\r\n\r\nHello';
  const request = { query: { sender: 'a@acme.example', recipient: ['b@example.net'] }, headers: { 'idempotency-key': 'k1' }, rawBody };
  await expect(client.call(routes.submitMessage, request)).rejects.toThrow(UnexpectedAnswer);
  expect(asked).toMatchObject([{ headers: { 'content-type': 'message/rfc822', 'idempotency-key': 'k1' }, body: rawBody }]);
});

test('a problem becomes an error with its status, code, detail and wrong fields', async () => {
  const errors = [{ pointer: '/limit', detail: 'Too big' }];
  const title = 'The request is not valid';
  const said = {
    type: problemTypeOf('validation_failed'),
    title,
    status: 400,
    code: 'validation_failed',
    detail: 'One field is wrong',
    errors,
  };
  answers(400, said, 'application/problem+json');
  const failure = await client.call(routes.listMessages).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ApiProblem);
  expect(failure).toMatchObject({ status: 400, code: 'validation_failed', detail: 'One field is wrong', errors });
});

test.each([
  ['of another status than the answer', 502, { status: 500 }],
  ['with an unknown code', 400, { status: 400, code: 'no_such_code' }],
])('a problem %s is no answer of the api', async (_, status, change) => {
  answers(status, { type: 'x', title: 'x', code: 'internal_error', detail: 'x', ...change });
  await expect(client.call(routes.getConfiguration)).rejects.toThrow(UnexpectedAnswer);
});

test('an answer that is not as agreed fails, and its error tells the field but no value', async () => {
  answers(200, { enablePortalTrackingLogs: 'secret-value' });
  const failure = await client.call(routes.getConfiguration).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(UnexpectedAnswer);
  expect(String(failure)).toContain('/enablePortalTrackingLogs');
  expect(String(failure)).not.toContain('secret-value');
});

test('an answer with a field that the contract does not name fails', async () => {
  answers(200, { ...settings, more: 1 });
  await expect(client.call(routes.getConfiguration)).rejects.toThrow(UnexpectedAnswer);
});

test('what flows is handed on as a response, ranges included', async () => {
  answers(206, 'lo wor', 'application/octet-stream');
  const request = { params: { token: 't', index: 0 }, headers: { range: 'bytes=3-8', 'x-signet-session': 's' } };
  const response = await client.call(routes.downloadAttachment, request);
  expectTypeOf(response).toEqualTypeOf<Response>();
  expect([response.status, await response.text()]).toEqual([206, 'lo wor']);
  expect(asked).toMatchObject([{ url: '/v1/links/t/attachments/0', headers: { range: 'bytes=3-8', 'x-signet-session': 's' } }]);
});

test('a parameter that spans segments keeps its slashes, and leads nowhere else', async () => {
  answers(200, 'hashes', 'application/octet-stream');
  const params = { organizationId: '0199f0a2-0000-7000-8000-000000000001', tile: '0/x001/234.p/7' };
  await client.call(routes.getAuditTile, { params });
  expect(asked).toMatchObject([{ url: `/v1/logs/${params.organizationId}/audit/tile/0/x001/234.p/7` }]);
  for (const tile of ['../checkpoint', '0/../../checkpoint', '0//000', '%2e%2e/x', '']) {
    await expect(client.call(routes.getAuditTile, { params: { ...params, tile } }), tile).rejects.toThrow(TypeError);
  }
  expect(asked).toHaveLength(1);
});

test('an answer without content gives undefined', async () => {
  reply = (response) => {
    response.writeHead(204).end();
  };
  expect(await client.call(routes.signOut)).toBeUndefined();
});

test('a redirection is not followed, so that credentials go nowhere else', async () => {
  reply = (response) => {
    response.writeHead(302, { location: '/elsewhere' }).end();
  };
  await expect(client.call(routes.getConfiguration)).rejects.toThrow(TypeError);
  expect(asked).toHaveLength(1);
});

test('an aborted call ends', async () => {
  reply = () => undefined;
  const call = client.call(routes.getConfiguration, {}, { signal: AbortSignal.timeout(50) });
  await expect(call).rejects.toMatchObject({ name: 'TimeoutError' });
});

test.each(['headers', 'body'])('an api that never sends its %s is told apart from one that answers, at the limit', async (missing) => {
  reply = (response) => {
    if (missing === 'body') response.writeHead(200, { 'content-type': 'application/json' }).write('{');
  };
  const impatient = createClient({ baseUrl, limitMilliseconds: 100 });
  const failure = { name: 'TimeoutError', message: 'GET /v1/configuration was not answered in time' };
  await expect(impatient.call(routes.getConfiguration)).rejects.toMatchObject(failure);
});

test('a page that never comes is given up at the limit, too', async () => {
  reply = () => undefined;
  const impatient = createClient({ baseUrl, limitMilliseconds: 100 });
  await expect(impatient.page(routes.getExposure, { params: { message: 'x' } })).rejects.toThrow('in time');
});

test('what flows is not cut by the limit once its headers have come, and still ends with its caller', async () => {
  const flowing: ServerResponse[] = [];
  reply = (response) => {
    response.writeHead(200, { 'content-type': 'application/octet-stream' }).write('first ');
    flowing.push(response);
  };
  const impatient = createClient({ baseUrl, limitMilliseconds: 1_000 });
  const leaving = new AbortController();
  const request = { params: { token: 't', index: 0 }, headers: { 'x-signet-session': 's' } };
  const answer = await impatient.call(routes.downloadAttachment, request, { signal: leaving.signal });
  const reader = answer.body?.getReader();
  const read = async () => Buffer.from((await reader?.read())?.value ?? []).toString();
  expect(await read()).toBe('first ');
  await sleep(1_500);
  flowing[0]?.write('second');
  expect(await read()).toBe('second');
  leaving.abort();
  await expect(reader?.read()).rejects.toMatchObject({ name: 'AbortError' });
});

const revoke = () => client.call(routes.revokeMessage, { params: { message: 'x' } });
// @ts-expect-error a route with parameters wants them
const withoutParams = () => client.call(routes.getMessage);
// @ts-expect-error an unknown filter does not compile
const unknownFilter = () => client.call(routes.listMessages, { query: { colour: 'red' } });

test('requests and answers are typed from the route', () => {
  expectTypeOf<Awaited<ReturnType<typeof revoke>>>().toEqualTypeOf<Message | { count: number; items: Message[] }>();
  expect([withoutParams.length, unknownFilter.length]).toEqual([0, 0]);
});

test('a page is asked for as HTML and handed on as a response; what is no page is a problem, or no answer of the api', async () => {
  answers(200, '<h1>Report</h1>', 'text/html; charset=utf-8');
  const page = await client.page(routes.getExposure, { params: { message: 'x' }, query: { zone: 'Europe/Zurich' } });
  expect(await page.text()).toBe('<h1>Report</h1>');
  expect(asked).toMatchObject([{ url: '/v1/messages/x/exposure?zone=Europe%2FZurich', headers: { authorization: 'Bearer sk_test' } }]);
  expect(asked[0]?.headers.accept).toMatch(/^text\/html/);
  answers(404, { type: 'x', title: 'x', status: 404, code: 'not_found', detail: 'x' });
  await expect(client.page(routes.getExposure, { params: { message: 'x' } })).rejects.toThrow(ApiProblem);
  answers(200, {});
  await expect(client.page(routes.getExposure, { params: { message: 'x' } })).rejects.toThrow(UnexpectedAnswer);
});
