import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startBrokenNextHop, startNextHop } from './testing/next-hop-server.ts';
import { acceptPassing, asItCame } from './testing/passing-message.ts';
import { entriesOf, openTestWorker, passTime, type TestWorker } from './testing/test-worker.ts';

async function statesOf({ system }: TestWorker): Promise<Record<string, [string, boolean]>> {
  const rows = await system.query<{ address: string; delivery_state: string; unwrapped: boolean }>(
    'select address, delivery_state, unwrapped from recipient order by address',
  );
  return Object.fromEntries(rows.map((row) => [row.address, [row.delivery_state, row.unwrapped]]));
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 30_000; !(await condition()); await sleep(50))
    if (Date.now() > deadline) throw new Error('It never came');
}

test('recipients inside get the message byte for byte, those outside the wrapper mail, from one submission', async () => {
  const hop = await startNextHop();
  const worker = await openTestWorker({ nextHopUrl: hop.url });
  await acceptPassing(worker, 'inside', ['bob@acme.example', 'carol@ACME.example', 'dan@example.net', 'eve@sub.acme.example']);
  worker.run();
  await until(async () => hop.mails.length === 4);
  const inside = hop.mails.filter(({ to }) => to.toLowerCase().endsWith('@acme.example'));
  expect(inside.map(({ bytes }) => bytes.equals(asItCame))).toEqual([true, true]);
  expect(inside.map(({ from }) => from)).toEqual(['alice@acme.example', 'alice@acme.example']);
  for (const { raw } of hop.mails.filter((mail) => !inside.includes(mail))) {
    expect(raw).toContain('X-Signet-Loop');
    expect(raw).not.toContain('zzz');
  }
  await until(async () => Object.values(await statesOf(worker)).every(([state]) => state !== 'accepted'));
  expect(await statesOf(worker)).toEqual({
    'bob@acme.example': ['passed', true],
    'carol@ACME.example': ['passed', true],
    'dan@example.net': ['sent', false],
    'eve@sub.acme.example': ['sent', false],
  });
  await until(async () => (await entriesOf(worker, 'WrapperDelivery')).length === 4);
  const entries = await entriesOf(worker, 'WrapperDelivery');
  expect(entries.every(({ status }) => status === 'Success')).toBe(true);
  expect(Object.groupBy(entries, ({ Delivery = '' }) => Delivery)).toMatchObject({ Passed: [{}, {}], Sent: [{}, {}] });
});

test('what passes to everybody goes to nobody wrapped', async () => {
  const hop = await startNextHop();
  const worker = await openTestWorker({ nextHopUrl: hop.url });
  await acceptPassing(worker, 'everybody', ['bob@acme.example', 'dan@example.net']);
  worker.run();
  await until(async () => hop.mails.length === 2);
  expect(hop.mails.map(({ bytes }) => bytes.equals(asItCame))).toEqual([true, true]);
});

test('a next hop that says later, and one that refuses: the states say so, and what was put off goes out whole', async () => {
  const hop = await startNextHop((to, attempt) => (to.startsWith('dan') ? '550 5.1.1 Nobody' : attempt < 3 ? '451 4.3.0 Later' : '250'));
  const worker = await openTestWorker({ nextHopUrl: hop.url });
  await acceptPassing(worker, 'everybody', ['bob@acme.example', 'dan@example.net']);
  worker.run();
  await until(async () => (await statesOf(worker))['dan@example.net']?.[0] === 'bounced');
  for (const attempt of [1, 2]) {
    await until(async () => (await statesOf(worker))['bob@acme.example']?.[0] === 'deferred');
    await until(async () => hop.mails.filter(({ to }) => to === 'bob@acme.example').length === attempt);
    await until(async () => (await worker.system.query('select from outbox where leased_until is null and attempts > 0')).length === 1);
    await passTime(worker);
  }
  await until(async () => (await statesOf(worker))['bob@acme.example']?.[0] === 'passed');
  expect(hop.mails.at(-1)?.bytes.equals(asItCame)).toBe(true);
});

test('a message whose content cannot be read to its end is not handed over, and waits', async () => {
  const hop = await startNextHop();
  const worker = await openTestWorker({ nextHopUrl: hop.url });
  await acceptPassing(worker, 'everybody', ['bob@acme.example']);
  const files = await readdir(join(worker.folder, 'blobs'), { recursive: true, withFileTypes: true });
  const [blob] = files.filter((file) => file.isFile());
  if (!blob) throw new Error('There is no blob');
  const file = join(blob.parentPath, blob.name);
  const bytes = await readFile(file);
  const at = Math.floor(bytes.length * 0.9);
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  await writeFile(file, bytes);
  worker.run();
  await until(async () => (await statesOf(worker))['bob@acme.example']?.[0] === 'deferred');
  expect(hop.recipients).toEqual(['bob@acme.example']);
  expect(hop.mails).toEqual([]);
});

test.each(['silent', 'closing'] as const)('a next hop that is %s holds a message up, and loses none', async (manner) => {
  const worker = await openTestWorker({ nextHopUrl: await startBrokenNextHop(manner), answerWithinSeconds: 2 });
  await acceptPassing(worker, 'everybody', ['bob@acme.example']);
  worker.run();
  await until(async () => (await statesOf(worker))['bob@acme.example']?.[0] !== 'accepted');
  expect(await statesOf(worker)).toEqual({ 'bob@acme.example': ['deferred', true] });
  expect(await worker.system.query(`select attempts, dead_at from outbox where kind = 'pass-message'`)).toEqual([
    { attempts: 1, dead_at: null },
  ]);
});

test('what is erased before it left goes nowhere', async () => {
  const hop = await startNextHop();
  const worker = await openTestWorker({ nextHopUrl: hop.url });
  const { id } = await acceptPassing(worker, 'everybody', ['bob@acme.example']);
  await worker.system.query('update message set wrapped_key = null, erased_at = now() where id = $1', [id]);
  worker.run();
  await until(async () => (await worker.system.query(`select from outbox where kind = 'pass-message'`)).length === 0);
  expect(hop.begun()).toBe(0);
});
