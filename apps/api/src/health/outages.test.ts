import { randomBytes } from 'node:crypto';
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setReadOnly } from '@signet/db/testing/database-outage';
import { asSuperuser } from '@signet/db/testing/test-database';
import { expect, test } from 'vitest';
import { createLogger } from '../logger.ts';
import { Metrics } from '../metrics.ts';
import { ask as askLink, createFixture, mailWith, open } from '../recipient/testing/recipient-fixture.ts';
import { startTestApi } from '../testing/test-api.ts';
import { ask, createTestOrganization, sampleMail } from '../testing/test-organization.ts';
import { startMetricsServer } from './metrics-server.ts';
import { ReadinessCheck } from './readiness.ts';

const api = await startTestApi();
const acme = await createTestOrganization(api);
const submit = (id = 'm1') =>
  ask(api, 'POST /v1/messages?sender=alice@acme.example&recipient=bob@example.net', {
    key: acme.apiKey,
    body: sampleMail({ messageId: `<${id}@acme.example>` }),
  });

const blobFolder = fileURLToPath(api.settings.BLOB_URL);

/** Checks that a message goes in, and not because it was there before. */
async function expectTaken(id: string) {
  const { status, body, text } = await submit(id);
  expect([status, body['duplicate']], text).toEqual([202, false]);
}

/** How much of messages there is: rows in each table that an acceptance writes, and files among the blobs. */
async function held() {
  const tables = ['message', 'message_part', 'recipient', 'outbox', 'audit_receipt', 'idempotency_key'];
  const counts = tables.map((table) => `(select count(*)::int from ${table}) as ${table}`).join(', ');
  const [rows] = await asSuperuser<Record<string, number>>(api.settings.DATABASE_URL, `select ${counts}`);
  const entries = await readdir(blobFolder, { recursive: true, withFileTypes: true });
  return { rows, files: entries.filter((entry) => entry.isFile()).length };
}

async function expectUnavailable(id: string) {
  const answer = await submit(id);
  expect([answer.status, answer.body['code'], answer.headers.get('content-type'), answer.headers.get('retry-after')], answer.text).toEqual([
    503,
    'unavailable',
    'application/problem+json',
    '5',
  ]);
}

/** What the api says of itself: to everybody, and to operators. */
async function health() {
  const readiness = new ReadinessCheck(api.database, api.vault, createLogger('silent'));
  const operations = await startMetricsServer({ metrics: new Metrics(), readiness }, { host: '127.0.0.1', port: 0 });
  const [shown, explained] = await Promise.all([
    fetch(`${api.url}/health/ready`),
    fetch(`http://127.0.0.1:${operations.port}/health/ready`),
  ]);
  const told = [shown.status, await shown.json(), explained.status, await explained.json()];
  await operations.close();
  return told;
}

test('with the master key gone or another one nothing is taken in: 503, with the reason for operators alone; and it goes on when it is back', async () => {
  const file = fileURLToPath(api.settings.KEY_PROVIDER_URL);
  const key = await readFile(file);
  const messages = () => api.database.system.query('select 1 from message');
  for (const [harm, reason] of [
    [() => rm(file), `The master key ${file} cannot be read (ENOENT)`],
    [() => writeFile(file, randomBytes(32), { mode: 0o600 }), expect.stringMatching(/^The master key file now holds local:/)],
  ] as const) {
    await harm();
    const answer = await submit();
    expect([answer.status, answer.body['code'], answer.headers.get('retry-after')]).toEqual([503, 'unavailable', '5']);
    expect(await messages()).toEqual([]);
    const checks = { database: 'ok', blobStore: 'ok', keys: 'unavailable' };
    expect(await health()).toEqual([
      503,
      { status: 'unavailable', checks },
      503,
      { status: 'unavailable', checks, reasons: { keys: reason } },
    ]);
  }
  await writeFile(file, key, { mode: 0o600 });
  expect((await submit()).status).toBe(202);
  expect(await health()).toMatchObject([200, { status: 'ok' }, 200, { status: 'ok', reasons: {} }]);
});

test('with the blob storage gone an opening is 503 and no event, nothing is taken in, and both go on when it is back', async () => {
  const fixture = await createFixture(api, { domain: 'other.example' });
  const [recipient] = await fixture.storeMail(mailWith());
  if (!recipient) throw new Error('no recipient');
  const reader = await fixture.signIn(recipient);
  const folder = fileURLToPath(api.settings.BLOB_URL);
  await rename(folder, `${folder}.away`);
  await writeFile(folder, '');
  const answers = await Promise.all([askLink(api, reader, 'POST', 'access'), askLink(api, reader, 'GET', 'original')]);
  expect(answers.map(({ status }) => status)).toEqual([503, 503]);
  expect((await submit()).status).toBe(503);
  expect(await fixture.eventsOf(reader.messageUid, 'MessageAccess')).toEqual([]);
  expect(await health()).toMatchObject([
    503,
    { checks: { blobStore: 'unavailable', keys: 'ok' } },
    503,
    { reasons: { blobStore: expect.stringContaining('ENOTDIR') } },
  ]);
  await rm(folder);
  await rename(`${folder}.away`, folder);
  expect((await open(api, reader)).accessId).toBeTruthy();
  expect((await submit()).status).toBe(202);
  await fixture.close();
});

test.each([
  // Files where folders have to be: no user gets past them, not even root.
  ['begun', () => join(blobFolder, '.unfinished'), { status: 503, reasons: { blobStore: expect.stringContaining('EACCES') } }],
  ['published', () => join(blobFolder, acme.organizationId), { status: 200, reasons: {} }],
])('where no blob can be %s a message is 503 and nothing of it stays, and the next one goes in when one can', async (way, place, ready) => {
  await expectTaken(`before-${way}`);
  const before = await held();
  await rename(place(), `${blobFolder}.away`);
  await writeFile(place(), '');
  await expectUnavailable(way);
  expect(await health()).toEqual([ready.status, expect.anything(), ready.status, expect.objectContaining({ reasons: ready.reasons })]);
  await rm(place());
  await rename(`${blobFolder}.away`, place());
  expect(await held()).toEqual(before);
  await expectTaken(way);
  expect(await health()).toMatchObject([200, { status: 'ok' }, 200, { reasons: {} }]);
});

test('with the database set to read only a message is 503 and nothing is stored, with the reason for operators alone; and the next one goes in when it is not', async () => {
  const before = await held();
  await setReadOnly(api.settings.DATABASE_URL, true);
  const checks = { database: 'unavailable', blobStore: 'ok', keys: 'ok' };
  const reasons = { database: expect.stringContaining('The database is set to read only') };
  // The first look may still find a connection that was ended.
  await expect.poll(health).toEqual([503, { status: 'unavailable', checks }, 503, { status: 'unavailable', checks, reasons }]);
  await expectUnavailable('frozen');
  expect((await held()).rows).toEqual(before.rows);
  await setReadOnly(api.settings.DATABASE_URL, false);
  await expect.poll(async () => (await submit('frozen')).body['duplicate']).toBe(false);
  expect(await health()).toMatchObject([200, { status: 'ok' }, 200, { reasons: {} }]);
});

test('without the right to insert into a table a message is 503 and nothing is stored, with the table for operators alone; and the next one goes in with it', async () => {
  for (const table of ['outbox', 'audit_receipt', 'message']) {
    const before = await held();
    await asSuperuser(api.settings.DATABASE_URL, `revoke insert on ${table} from signet_app`);
    await expectUnavailable(table);
    expect((await held()).rows, table).toEqual(before.rows);
    const checks = { database: 'unavailable', blobStore: 'ok', keys: 'ok' };
    const reasons = { database: expect.stringContaining(`may not insert into ${table}`) };
    expect(await health()).toEqual([503, { status: 'unavailable', checks }, 503, { status: 'unavailable', checks, reasons }]);
    await asSuperuser(api.settings.DATABASE_URL, `grant insert on ${table} to signet_app`);
    await expectTaken(table);
  }
  expect(await health()).toMatchObject([200, { status: 'ok' }, 200, { reasons: {} }]);
});
