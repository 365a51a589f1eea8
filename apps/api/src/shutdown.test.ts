import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Agent, request, type IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { createFixture, headersFor, mailWith, open, propertyOf, type SignedIn } from './recipient/testing/recipient-fixture.ts';
import { spawnApi } from './testing/spawned-api.ts';
import { startTestApi } from './testing/test-api.ts';

const api = await startTestApi();
const acme = await createFixture(api);
afterAll(() => acme.close());

const MEBIBYTE = 1024 * 1024;
/** More than the buffers on its way hold. */
const size = 56 * MEBIBYTE;

async function readerOf(content: Buffer): Promise<SignedIn & { path: string }> {
  const [recipient] = await acme.storeMail(mailWith([{ name: 'big.bin', content }]));
  if (!recipient) throw new Error('no recipient');
  const reader = await acme.signIn(recipient);
  const { message } = await open(api, reader);
  return { ...reader, path: `attachments/${message.attachments[0]?.index}` };
}

/** A download whose reader takes nothing until told to, over a connection that is to be used again. */
async function heldDownload(url: string, reader: SignedIn & { path: string }) {
  const agent = new Agent({ keepAlive: true });
  const asked = request(`${url}/v1/links/${reader.token}/${reader.path}`, { headers: headersFor(api, reader), agent });
  asked.on('error', () => undefined);
  asked.end();
  const answer = await new Promise<IncomingMessage>((resolve) => asked.once('response', resolve));
  answer.socket.on('error', () => undefined);
  const state = { bytes: 0, ended: false };
  const over = new Promise<void>((resolve) => answer.once('close', () => resolve()));
  answer.on('end', () => (state.ended = true)).on('error', () => undefined);
  const take = () => answer.on('data', (chunk: Buffer) => (state.bytes += chunk.length));
  return { state, over, take };
}

async function readinessAt(metricsUrl: string): Promise<[number, unknown]> {
  const response = await fetch(`${metricsUrl}/health/ready`);
  return [response.status, await response.json()];
}

test('told to end, the api is not ready, takes no connection, finishes the download in flight, and ends with 0', async () => {
  const reader = await readerOf(randomBytes(size));
  const { child, url, metricsUrl, output } = await spawnApi(api);
  const exit = once(child, 'exit');
  expect((await readinessAt(metricsUrl))[0]).toBe(200);
  const download = await heldDownload(url, reader);
  child.kill('SIGTERM');
  await expect.poll(() => readinessAt(metricsUrl)).toMatchObject([503, { reasons: { running: 'the api is shutting down' } }]);
  await expect(fetch(`${url}/health/live`)).rejects.toThrow('fetch failed');
  await sleep(500);
  const begun = performance.now();
  download.take();
  await download.over;
  expect(download.state).toEqual({ bytes: size, ended: true });
  expect(await exit, output()).toEqual([0, null]);
  expect(performance.now() - begun).toBeLessThan(5_000);
  const [event] = await acme.eventsOf(reader.messageUid, 'AttachmentDownload');
  expect([event?.operationStatus, propertyOf(event, 'BytesSent')]).toEqual(['Success', String(size)]);
});

test('a download that is not taken in time is cut, its event says so, and the api ends with 0 all the same', async () => {
  const reader = await readerOf(randomBytes(size));
  const { child, url, output } = await spawnApi(api);
  const exit = once(child, 'exit');
  const download = await heldDownload(url, reader);
  const told = performance.now();
  child.kill('SIGINT');
  expect(await exit, output()).toEqual([0, null]);
  const seconds = (performance.now() - told) / 1000;
  expect(seconds).toBeGreaterThan(7);
  expect(seconds).toBeLessThan(15);
  download.take();
  await download.over;
  expect(download.state.ended).toBe(false);
  const [event] = await acme.eventsOf(reader.messageUid, 'AttachmentDownload');
  expect(propertyOf(event, 'Reason')).toBe('Unavailable');
  expect(Number(propertyOf(event, 'BytesSent'))).toBeLessThan(size);
});

test('a second signal ends the api at once, with an exit code that says so', async () => {
  const reader = await readerOf(randomBytes(size));
  const { child, url, metricsUrl, output } = await spawnApi(api);
  const exit = once(child, 'exit');
  await heldDownload(url, reader);
  child.kill('SIGTERM');
  await expect.poll(async () => (await readinessAt(metricsUrl))[0]).toBe(503);
  const told = performance.now();
  child.kill('SIGTERM');
  expect(await exit, output()).toEqual([1, null]);
  expect(performance.now() - told).toBeLessThan(3_000);
});
