import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { startTestApi } from './testing/test-api.ts';
import { ask, createTestOrganization, sampleMail } from './testing/test-organization.ts';

const api = await startTestApi();
const acme = await createTestOrganization(api);

/** Sends the head of a request that announces a body, and never the body. @returns the first line of the answer. */
async function answerToHead(method: string, path: string, bytes: number): Promise<string> {
  const { port, hostname } = new URL(api.url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  const head = [
    `${method} ${path} HTTP/1.1`,
    'Host: api',
    'Content-Type: application/json',
    `Content-Length: ${bytes}`,
    'Connection: close',
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n`);
  const patience = setTimeout(() => socket.destroy(), 3_000);
  const answer = await text(socket).catch(() => '');
  clearTimeout(patience);
  return answer.split('\r\n')[0] ?? '';
}

test.each([
  ['POST', '/v1/messages', 30_000_000],
  ['PATCH', '/v1/configuration', 100_000],
  ['POST', '/v1/sessions', 100_000],
  ['POST', '/v1/links/unknown/session', 100_000],
])('whoever has no credentials is refused before a byte of their body is read: %s %s', async (method, path, bytes) => {
  expect(await answerToHead(method, path, bytes)).toBe('HTTP/1.1 401 Unauthorized');
});

test('only a mail may be large: any other body ends at a mebibyte', async () => {
  const name = 'n'.repeat(1024 * 1024);
  const answer = await ask(api, 'POST /v1/smtp-credentials', { key: acme.apiKey, body: { name } });
  expect([answer.status, answer.body['code']]).toEqual([413, 'body_too_large']);
});

test('a mail that comes as itself may be as large as the installation takes, and one that says that it is larger is refused at once', async () => {
  const roomy = await startTestApi({ MAX_MESSAGE_BYTES: String(28 * 1024 * 1024) });
  const { apiKey: key } = await createTestOrganization(roomy);
  const path = 'POST /v1/messages?sender=alice@acme.example&recipient=bob@example.net';
  const large = `${sampleMail()}${'A line of the body.\r\n'.repeat(1_310_000)}`;
  expect(large.length).toBeGreaterThan(26 * 1024 * 1024);
  const taken = await ask(roomy, path, { key, body: large });
  expect([taken.status, taken.body['size']]).toEqual([202, large.length]);
  const refused = await ask(roomy, path, { key, body: large + 'x'.repeat(4 * 1024 * 1024) });
  expect([refused.status, refused.body['code']]).toEqual([413, 'body_too_large']);
});

test('no answer is kept by a cache or taken for another type', async () => {
  for (const path of ['/v1/configuration', '/v1/api-keys', '/health/live', '/v1/nothing'] as const) {
    const { headers } = await ask(api, `GET ${path}`, { key: acme.apiKey });
    expect([path, headers.get('cache-control'), headers.get('x-content-type-options')]).toEqual([path, 'no-store', 'nosniff']);
  }
});

test('whoever sends too much is heard out, so that they get to read why it is refused', async () => {
  const socket = connect(Number(new URL(api.url).port), '127.0.0.1');
  const bytes = 32 * 1024 * 1024;
  const head = ['PATCH /v1/configuration HTTP/1.1', 'Host: api', `Authorization: Bearer ${acme.apiKey}`, 'Content-Type: application/json'];
  socket.write(`${[...head, `Content-Length: ${bytes}`].join('\r\n')}\r\n\r\n`);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  for (let sent = 0; sent < bytes; sent += 1024 * 1024) if (!socket.write(Buffer.alloc(1024 * 1024))) await once(socket, 'drain');
  // The connection is still good: a second request on it is answered.
  socket.write('GET /health/live HTTP/1.1\r\nHost: api\r\nConnection: close\r\n\r\n');
  expect([answer.toString().split('\r\n')[0], (await text(socket)).split('\r\n')[0]]).toEqual([
    'HTTP/1.1 413 Payload Too Large',
    'HTTP/1.1 200 OK',
  ]);
});

test('whoever is refused and sends neither the rest nor an end is let go', async () => {
  const socket = connect(Number(new URL(api.url).port), '127.0.0.1');
  const head = ['PATCH /v1/configuration HTTP/1.1', 'Host: api', 'Content-Type: application/json', 'Content-Length: 1000'];
  socket.write(`${head.join('\r\n')}\r\n\r\n{`);
  const answer = await text(socket);
  expect(answer.split('\r\n')[0]).toBe('HTTP/1.1 401 Unauthorized');
});
