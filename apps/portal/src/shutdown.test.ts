import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { spawnPortal } from './testing/spawned-portal.ts';

/** Shorter than what is in flight may take. */
const patience = { timeout: 6_000 };

/** A portal with a file on its way through it, whose end the api has not sent yet. */
async function portalWithDownload() {
  let flowing: ServerResponse | undefined;
  const portal = await spawnPortal((_, response) => {
    flowing = response.writeHead(200, { 'content-type': 'application/octet-stream' });
    flowing.write('first ');
  });
  const exit = once(portal.child, 'exit');
  const download = await fetch(`${portal.url}/m/token/attachments/0`);
  const reader = download.body?.getReader();
  expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('first ');
  const { hostname, port } = new URL(portal.url);
  const isClosed = () =>
    new Promise<boolean>((resolve) => {
      const socket = connect(Number(port), hostname);
      socket.once('error', () => resolve(true));
      socket.once('connect', () => {
        socket.destroy();
        resolve(false);
      });
    });
  return { ...portal, exit, reader, isClosed, finish: () => flowing?.end('second') };
}

test('told to end, the portal takes no connection, finishes the download in flight, and ends', async () => {
  const { child, exit, reader, isClosed, finish, output } = await portalWithDownload();
  child.kill('SIGTERM');
  await expect.poll(isClosed, patience).toBe(true);
  finish();
  expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('second');
  expect((await reader?.read())?.done).toBe(true);
  expect(await exit, output()).toEqual([143, null]);
  expect(output()).not.toContain('is cut');
});

test('a download that does not end in time is cut, the portal says so and ends', async () => {
  const { child, exit, reader, output } = await portalWithDownload();
  child.kill('SIGINT');
  expect(await exit, output()).toEqual([130, null]);
  expect(output()).toContain('what was in flight did not finish in time and is cut');
  await expect(reader?.read()).rejects.toThrow('terminated');
});

test('a second signal ends the portal at once, with an exit code that says so', async () => {
  const { child, exit, isClosed, output } = await portalWithDownload();
  child.kill('SIGTERM');
  await expect.poll(isClosed, patience).toBe(true);
  child.kill('SIGTERM');
  expect(await exit, output()).toEqual([1, null]);
  expect(output()).not.toContain('is cut');
});
