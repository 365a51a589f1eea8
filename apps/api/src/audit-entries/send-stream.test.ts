import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { fastify } from 'fastify';
import { afterAll, expect, test } from 'vitest';
import { begun, sendStream } from './send-stream.ts';

const MEBIBYTE = 1024 * 1024;
const piece = 'x'.repeat(MEBIBYTE / 4);
/** What the kernel and Node hold between both ends of a connection, at most. */
const BETWEEN = 24 * MEBIBYTE;

/** A server whose answer is so many mebibytes long, and what it has made of it. */
async function serve(mebibytes: number, end: () => void = () => undefined, patience?: number) {
  const state = { made: 0, isClosed: false };
  async function* pieces() {
    try {
      while (state.made < mebibytes * MEBIBYTE) {
        state.made += piece.length;
        yield piece;
      }
      end();
    } finally {
      state.isClosed = true;
    }
  }
  const server = fastify();
  const outcome = Promise.withResolvers<unknown>();
  server.get('/', async (_request, reply) => {
    outcome.resolve(await sendStream(reply, { 'content-type': 'text/plain' }, pieces(), patience).catch((error: unknown) => error));
  });
  const url = await server.listen({ port: 0, host: '127.0.0.1' });
  afterAll(() => server.close());
  const asked = httpRequest(url);
  asked.on('error', () => undefined);
  asked.end();
  const answer = await new Promise<IncomingMessage>((resolve) => asked.once('response', resolve));
  answer.on('error', () => undefined);
  return { state, answer, outcome: outcome.promise };
}

test('what is made is never far ahead of what is read, however slowly that is', async () => {
  const { state, answer, outcome } = await serve(256);
  let read = 0;
  let ahead = 0;
  for await (const chunk of answer) {
    ahead = Math.max(ahead, state.made - read);
    read += (chunk as Buffer).length;
  }
  expect([read, await outcome]).toEqual([256 * MEBIBYTE, true]);
  expect(ahead).toBeLessThan(BETWEEN);
});

test('once its reader has gone nothing more is made, and what made it is told to end', async () => {
  const { state, answer, outcome } = await serve(1024);
  await once(answer, 'readable');
  answer.destroy();
  expect(await outcome).toBe(false);
  expect(state.isClosed).toBe(true);
  expect(state.made).toBeLessThan(BETWEEN);
});

test('an answer that cannot be made to its end breaks the connection, and whoever asked for it is told why', async () => {
  const { answer, outcome } = await serve(4, () => {
    throw new Error('gone');
  });
  const closed = new Promise<void>((resolve) => answer.once('close', () => resolve()));
  answer.resume();
  await closed;
  expect(answer.complete).toBe(false);
  expect(await outcome).toEqual(new Error('gone'));
});

test('a reader who takes nothing of what lies ready is given up, and holds what made it no longer', async () => {
  const { state, outcome } = await serve(1024, undefined, 200);
  expect(await outcome).toBe(false);
  expect(state.isClosed).toBe(true);
  expect(state.made).toBeLessThan(BETWEEN);
});

test('while nothing is found yet the reader has the headers, and text as soon as there is some', async () => {
  const gate = Promise.withResolvers<void>();
  async function* pieces() {
    yield '';
    await gate.promise;
    yield '';
    yield 'found';
  }
  const server = fastify();
  afterAll(() => server.close());
  server.get('/', async (_request, reply) => {
    await sendStream(reply, { 'content-type': 'text/plain' }, await begun(pieces()));
  });
  const answer = await fetch(await server.listen({ port: 0, host: '127.0.0.1' }));
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/plain']);
  gate.resolve();
  expect(await answer.text()).toBe('found');
});
