import { randomBytes } from 'node:crypto';
import { chmod, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setReadOnly } from '@signet/db/testing/database-outage';
import { asSuperuser } from '@signet/db/testing/test-database';
import { startStallingProxy, type StallingProxy } from '@signet/db/testing/stalling-proxy';
import { describe, expect, onTestFinished, test } from 'vitest';
import { RawSession } from './testing/raw-session.ts';
import { filesUnder, spawnGateway } from './testing/spawned-gateway.ts';
import { mail, startTestGateway, storedMessages } from './testing/test-gateway.ts';
import type { TestGateway } from './testing/test-gateway.ts';

const ALICE = 'alice@acme.example';
const BOB = 'bob@example.net';
const message = (id: string) => mail([`Message-ID: <${id}@acme.example>`, 'Subject: s'], 'body');
const large = (id: string) =>
  mail([`Message-ID: <${id}@acme.example>`], randomBytes(600_000).toString('base64').replaceAll(/.{76}/g, '$&\r\n'));

async function readiness(metricsPort: number): Promise<{ status: number; text: string }> {
  const answer = await fetch(`http://127.0.0.1:${metricsPort}/health/ready`);
  return { status: answer.status, text: await answer.text() };
}

/** An ErrorResponse as PostgreSQL gives it while it starts. */
function startingUp(): Buffer {
  const fields = Buffer.from('SFATAL\0VFATAL\0C57P03\0Mthe database system is starting up\0\0');
  const head = Buffer.alloc(5);
  head.write('E');
  head.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
}

describe('a database that is not to be had', () => {
  const ways: [string, (proxy: StallingProxy) => void, RegExp][] = [
    ['stopped', (proxy) => proxy.refuse(), /not available/],
    ['hanging', (proxy) => proxy.stall(), /No answer in time|timeout/],
    ['starting up', (proxy) => proxy.answer(startingUp()), /starting up/],
  ];
  test.each(ways)(
    '%s: 451, nothing stored, a reason for the operator, and the next message goes in without a restart',
    async (_, harm, reason) => {
      const proxies: StallingProxy[] = [];
      const running = await startTestGateway({
        way: async (url) => {
          const proxy = await startStallingProxy(url);
          proxies.push(proxy);
          return proxy.url;
        },
      });
      const [proxy] = proxies;
      if (!proxy) throw new Error('There is no proxy');
      onTestFinished(() => proxy.close());
      const session = await RawSession.signedIn(running.port, running.acme.smtp);
      await session.beginData(ALICE, [BOB]);
      harm(proxy);
      session.write(`${message('away')}\r\n.\r\n`);
      expect(await session.answer()).toMatch(/^451 4\.3\.0 /);
      const ready = await readiness(running.gateway.metricsPort);
      expect([ready.status, ready.text]).toEqual([503, expect.stringMatching(reason)]);
      expect(ready.text).not.toContain(new URL(running.databaseUrl).password || 'no password');
      expect(await filesUnder(running.blobFolder)).toEqual([]);

      proxy.recover();
      await expect.poll(() => session.send(ALICE, [BOB], message('away'))).toBe('250 2.0.0 Accepted <away@acme.example>');
      expect(await storedMessages(running.database)).toHaveLength(1);
      expect(await filesUnder(running.blobFolder)).toHaveLength(1);
      expect((await readiness(running.gateway.metricsPort)).status).toBe(200);
    },
  );

  test('read only: 451, the reason in words, and the next message goes in when it is not', async () => {
    const running = await startTestGateway();
    const session = await RawSession.signedIn(running.port, running.acme.smtp);
    // The refusal may come as early as at MAIL: its connection was ended.
    const attempt = () => session.send(ALICE, [BOB], message('frozen')).catch(String);
    await setReadOnly(running.databaseUrl, true);
    expect(await attempt()).toMatch(/451 4\.3\.0 /);
    const reason = expect.stringContaining('The database is set to read only');
    await expect.poll(() => readiness(running.gateway.metricsPort)).toEqual({ status: 503, text: reason });
    // Over connections that were made since.
    expect(await attempt()).toMatch(/451 4\.3\.0 /);
    expect(await storedMessages(running.database)).toEqual([]);
    await setReadOnly(running.databaseUrl, false);
    await expect.poll(() => attempt()).toMatch(/^250 /);
    expect((await readiness(running.gateway.metricsPort)).status).toBe(200);
  });

  test('without the right to insert: 451, nothing stored, the table in the reason, and the next message goes in with it', async () => {
    const running = await startTestGateway();
    const session = await RawSession.signedIn(running.port, running.acme.smtp);
    for (const table of ['outbox', 'audit_receipt', 'message']) {
      await asSuperuser(running.databaseUrl, `revoke insert on ${table} from signet_app`);
      expect(await session.send(ALICE, [BOB], message('denied')), table).toMatch(/^451 4\.3\.0 /);
      const ready = await readiness(running.gateway.metricsPort);
      expect([ready.status, ready.text]).toEqual([503, expect.stringContaining(`may not insert into ${table}`)]);
      expect(await storedMessages(running.database)).toEqual([]);
      await asSuperuser(running.databaseUrl, `grant insert on ${table} to signet_app`);
    }
    expect(await session.send(ALICE, [BOB], message('denied'))).toMatch(/^250 /);
    expect((await readiness(running.gateway.metricsPort)).status).toBe(200);
    // Blobs whose transaction was refused are left to the sweep: one for each, and the one of the message.
    expect(await filesUnder(running.blobFolder)).toHaveLength(4);
  });
});

describe('a key provider that is not to be had', () => {
  const harms: [string, (file: string) => Promise<void>, RegExp][] = [
    ['missing', (file) => rm(file), /key_provider: .*cannot be read \(ENOENT\)/],
    ['garbled', (file) => writeFile(file, randomBytes(32)), /key_provider: The master key file now holds local:/],
    ['cut short', (file) => writeFile(file, 'x'), /key_provider: .*has 1 bytes instead of 32/],
    ['open to others', (file) => chmod(file, 0o644), /key_provider: Others may read/],
  ];
  test.each(harms)(
    'its file %s: 451, nothing stored, a reason without the key, and the next message goes in when it is back',
    async (_, harm, reason) => {
      const running = await startTestGateway();
      const file = join(running.folder, 'master.key');
      const key = await readFile(file);
      const session = await RawSession.signedIn(running.port, running.acme.smtp);
      expect(await session.send(ALICE, [BOB], message('before'))).toMatch(/^250 /);
      await harm(file);
      expect(await session.send(ALICE, [BOB], message('away'))).toMatch(/^451 4\.3\.0 /);
      const ready = await readiness(running.gateway.metricsPort);
      expect([ready.status, ready.text]).toEqual([503, expect.stringMatching(reason)]);
      for (const form of ['hex', 'base64', 'base64url'] as const) expect(ready.text).not.toContain(key.toString(form));
      expect(await filesUnder(running.blobFolder)).toHaveLength(1);
      await rm(file, { force: true });
      await writeFile(file, key, { mode: 0o600 });
      expect(await session.send(ALICE, [BOB], message('away'))).toMatch(/^250 /);
      expect((await readiness(running.gateway.metricsPort)).status).toBe(200);
    },
  );
});

/** Checks that a gateway's program, held short of something, refuses a message and stores nothing of it. */
async function expectRefused(running: TestGateway, port: number, body: string, answer: RegExp): Promise<RawSession> {
  const session = await RawSession.signedIn(port, running.acme.smtp);
  expect(await session.send(ALICE, [BOB], body)).toMatch(answer);
  expect(await storedMessages(running.database)).toEqual([]);
  expect(await filesUnder(running.blobFolder)).toEqual([]);
  return session;
}

test('when the system lets no file grow further the answer is 452 4.3.1, nothing of the message stays, and a smaller one goes in', async () => {
  const running = await startTestGateway();
  // 512 blocks of 512 bytes: a limit that the kernel keeps, for root too.
  const { port, child, output } = await spawnGateway(running, {}, ['sh', '-c', 'ulimit -f 512; exec "$@"', 'sh']);
  const session = await expectRefused(running, port, large('large'), /^452 4\.3\.1 /);
  expect(child.exitCode, output()).toBeNull();
  expect(output()).toContain('EFBIG');
  expect(await session.send(ALICE, [BOB], message('small'))).toMatch(/^250 /);
  expect(await filesUnder(running.blobFolder)).toHaveLength(1);
});

test('a blob folder that may not be written to is 451 and a reason, and the same process takes the message when it may', async () => {
  const running = await startTestGateway();
  const unfinished = join(running.blobFolder, '.unfinished');
  // Root writes everywhere, unless it is told apart from the right to: then modes count for it as for anybody.
  const prefix = process.getuid?.() === 0 ? ['setpriv', '--bounding-set', '-dac_override,-dac_read_search', '--'] : [];
  const { port, metricsPort } = await spawnGateway(running, {}, prefix);
  for (const folder of [unfinished, running.blobFolder]) await chmod(folder, 0o500);
  const session = await expectRefused(running, port, message('frozen'), /^451 4\.3\.0 /);
  const ready = await readiness(metricsPort);
  expect([ready.status, ready.text]).toEqual([503, expect.stringMatching(/blob_store: .*EACCES/)]);
  for (const folder of [running.blobFolder, unfinished]) await chmod(folder, 0o700);
  expect(await session.send(ALICE, [BOB], message('frozen'))).toMatch(/^250 /);
  expect((await readiness(metricsPort)).status).toBe(200);
});

test('a commit of the blob that fails leaves neither a message nor a file, and the next message goes in', async () => {
  const running = await startTestGateway();
  const session = await RawSession.signedIn(running.port, running.acme.smtp);
  const place = join(running.blobFolder, running.acme.id);
  // A file where the organization's folder has to be: writing goes well, publishing cannot.
  await writeFile(place, '');
  expect(await session.send(ALICE, [BOB], message('unpublished'))).toMatch(/^451 4\.3\.0 /);
  expect(await storedMessages(running.database)).toEqual([]);
  expect(await filesUnder(running.blobFolder)).toEqual([place]);
  await rename(place, join(running.folder, 'gone'));
  expect(await session.send(ALICE, [BOB], message('unpublished'))).toMatch(/^250 /);
});
