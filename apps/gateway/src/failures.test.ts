import { randomBytes } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openBlobStore } from '@signet/vault/open-blob-store';
import { openKeyProvider } from '@signet/vault/open-key-provider';
import { fullAfter } from '@signet/vault/testing/full-blob-store';
import { Vault } from '@signet/vault/vault';
import { asSuperuser } from '@signet/db/testing/test-database';
import { withoutDatabase } from '@signet/db/testing/database-outage';
import { expect, onTestFinished, test } from 'vitest';
import { pino } from 'pino';
import { startGateway } from './gateway.ts';
import { RawSession } from './testing/raw-session.ts';
import { filesUnder, spawnGateway } from './testing/spawned-gateway.ts';
import { mail, startTestGateway, storedMessages } from './testing/test-gateway.ts';

const ALICE = 'alice@acme.example';
const BOB = 'bob@example.net';
const message = (id: string) => mail([`Message-ID: <${id}@acme.example>`, 'Subject: s'], 'body');

test('with the database away the answers are 451 and 454, nothing is half stored, and the same message goes in afterwards', async () => {
  const running = await startTestGateway();
  const session = await RawSession.signedIn(running.port, running.acme.smtp);
  await session.beginData(ALICE, [BOB]);
  await withoutDatabase(running.databaseUrl, async () => {
    session.write(`${message('away')}\r\n.\r\n`);
    expect(await session.answer()).toMatch(/^451 4\.3\.0 /);
    expect(await session.ask(`MAIL FROM:<${ALICE}>`)).toMatch(/^451 4\.3\.0 /);
    const other = await RawSession.open(running.port);
    await other.ask('EHLO client.example');
    expect(await other.ask(`AUTH PLAIN ${Buffer.from('\0a\0b').toString('base64')}`)).toMatch(/^454 4\.7\.0 /);
    const ready = await fetch(`http://127.0.0.1:${running.gateway.metricsPort}/health/ready`);
    expect(ready.status).toBe(503);
  });
  expect(await storedMessages(running.database)).toEqual([]);
  expect(await session.send(ALICE, [BOB], message('away'))).toBe('250 2.0.0 Accepted <away@acme.example>');
  expect(await storedMessages(running.database)).toHaveLength(1);
});

test('a commit that the database refuses is 451, and leaves neither message nor recipient nor event', async () => {
  const running = await startTestGateway();
  await asSuperuser(
    running.databaseUrl,
    `create function refuse() returns trigger language plpgsql as $$ begin raise exception 'no: %', new.payload; end $$`,
  );
  await asSuperuser(
    running.databaseUrl,
    'create constraint trigger t after insert on outbox deferrable initially deferred for each row execute function refuse()',
  );
  const session = await RawSession.signedIn(running.port, running.acme.smtp);
  expect(await session.send(ALICE, ['canary-address@example.net'], message('refused'))).toMatch(/^451 4\.3\.0 /);
  expect(running.logLines.join('')).not.toContain('canary-address');
  expect(running.logLines.join('')).toContain('message not accepted');
  for (const table of ['message', 'message_part', 'recipient', 'outbox', 'audit_receipt']) {
    expect(await running.database.system.query(`select 1 from ${table}`), table).toEqual([]);
  }
  await asSuperuser(running.databaseUrl, 'drop trigger t on outbox');
  expect(await session.send(ALICE, [BOB], message('refused'))).toMatch(/^250 /);
});

test('with the rules unreadable, the organization’s key gone or its default template missing, the answer is 451; nothing passes in clear by a rule beside', async () => {
  const { port, acme, database, databaseUrl, blobFolder } = await startTestGateway();
  // Before all others, and it would end the matter: every message goes out as it came.
  const passing = { name: 'Pass', conditions: [{ kind: 'always' }], exceptions: [], actions: [{ kind: 'passThrough' }], stop: true };
  await database.system.query('insert into mail_rule (organization_id, id, position, rule) values ($1, gen_random_uuid(), -1, $2)', [
    acme.id,
    JSON.stringify(passing),
  ]);
  const session = await RawSession.signedIn(port, acme.smtp);
  const flipKey = `update organization_key set wrapped_key = set_byte(wrapped_key, 70, get_byte(wrapped_key, 70) # 1)`;
  const breaks: [string, string][] = [
    [
      `update mail_rule set rule = jsonb_set(rule, '{conditions}', '[{"kind": "later"}]') where position >= 0`,
      `update mail_rule set rule = jsonb_set(rule, '{conditions}', '[{"kind": "always"}]') where position >= 0`,
    ],
    [
      `create table put_aside as select * from branding_template where is_default; delete from branding_template where is_default`,
      `insert into branding_template select * from put_aside`,
    ],
    [flipKey, flipKey],
    [
      `update organization_key set provider_key_id = 'gone:' || provider_key_id`,
      `update organization_key set provider_key_id = substr(provider_key_id, 6)`,
    ],
  ];
  for (const [harm, cure] of breaks) {
    await asSuperuser(databaseUrl, harm);
    expect(await session.send(ALICE, [BOB], message('harmed')), harm).toMatch(/^451 4\.3\.0 /);
    for (const table of ['message', 'recipient', 'outbox']) {
      expect(await database.system.query(`select 1 from ${table}`), `${table}: ${harm}`).toEqual([]);
    }
    expect(await filesUnder(blobFolder), harm).toEqual([]);
    await asSuperuser(databaseUrl, cure);
  }
  expect(await session.send(ALICE, [BOB], message('harmed'))).toMatch(/^250 /);
  expect(await database.system.query(`select kind from outbox where kind in ('pass-message', 'send-wrapper-mail')`)).toEqual([
    { kind: 'pass-message' },
  ]);
});

test('with the blob folder gone the answer is 451 after the last byte, and the session goes on', async () => {
  const running = await startTestGateway();
  const { blobFolder, port, acme, database } = running;
  const session = await RawSession.signedIn(port, acme.smtp);
  // A file where the folder was: no user gets past that, not even root.
  await rename(blobFolder, `${blobFolder}.away`);
  await writeFile(blobFolder, '');
  expect(await session.send(ALICE, [BOB], message('nowhere'))).toMatch(/^451 4\.3\.0 /);
  expect(await session.ask('NOOP')).toMatch(/^250 /);
  const ready = await fetch(`http://127.0.0.1:${running.gateway.metricsPort}/health/ready`);
  expect([ready.status, (await ready.text()).includes('blob_store')]).toEqual([503, true]);
  await rm(blobFolder);
  await rename(`${blobFolder}.away`, blobFolder);
  expect(await storedMessages(database)).toEqual([]);
  expect(await filesUnder(blobFolder)).toEqual([]);
  expect(await session.send(ALICE, [BOB], message('nowhere'))).toMatch(/^250 /);
});

test('when the storage fills up during a message the answer is 452 4.3.1, and its beginning is removed', async () => {
  const running = await startTestGateway();
  const store = await openBlobStore(pathToFileURL(running.blobFolder).href);
  const full = fullAfter(store, 30_000);
  const vault = new Vault({ blobStore: full, keyProvider: await openKeyProvider(pathToFileURL(join(running.folder, 'master.key')).href) });
  const gateway = await startGateway({
    database: running.database,
    vault,
    log: pino({ level: 'silent' }),
    name: 'signet.example',
    host: '127.0.0.1',
    port: 0,
    metricsPort: 0,
    tls: null,
    loopKeys: [],
    maxMessageBytes: 1024 * 1024,
  });
  onTestFinished(() => gateway.stop());
  const session = await RawSession.signedIn(gateway.port, running.acme.smtp);
  const large = mail(['Message-ID: <large@acme.example>'], randomBytes(200_000).toString('base64').replaceAll(/.{76}/g, '$&\r\n'));
  expect(await session.send(ALICE, [BOB], large)).toMatch(/^452 4\.3\.1 /);
  expect(await session.send(ALICE, [BOB], message('small'))).toMatch(/^250 /);
  expect((await storedMessages(running.database)).map(({ message_id }) => message_id)).toEqual(['<small@acme.example>']);
  expect(await filesUnder(running.blobFolder)).toHaveLength(1);
});

test('a client that leaves during DATA leaves nothing behind', async () => {
  const { port, acme, database, blobFolder, gateway } = await startTestGateway();
  const session = await RawSession.signedIn(port, acme.smtp);
  await session.beginData(ALICE, [BOB]);
  session.write(`${message('gone')}${'\r\nmore'.repeat(20_000)}`);
  await expect.poll(() => filesUnder(blobFolder)).toHaveLength(1);
  session.destroy();
  await expect.poll(() => filesUnder(blobFolder)).toEqual([]);
  expect(await storedMessages(database)).toEqual([]);
  const metrics = await (await fetch(`http://127.0.0.1:${gateway.metricsPort}/metrics`)).text();
  expect(metrics).toContain('signet_gateway_messages_total{outcome="aborted"} 1');
});

test('who drips a message for too long is told so and cut off; nothing of it stays, and others are not disturbed', async () => {
  const { port, acme, database, blobFolder } = await startTestGateway({ dataMilliseconds: 400 });
  const slow = await RawSession.signedIn(port, acme.smtp);
  await slow.beginData(ALICE, [BOB]);
  const drip = setInterval(() => slow.write('X: y\r\n'), 20);
  const quick = await RawSession.signedIn(port, acme.smtp);
  expect(await quick.send(ALICE, [BOB], message('quick'))).toMatch(/^250 /);
  expect(await slow.answer()).toBe('421 4.4.2 The message took too long to arrive');
  clearInterval(drip);
  expect(await slow.answer()).toBe('');
  expect(await quick.send(ALICE, [BOB], message('later'))).toMatch(/^250 /);
  quick.destroy();
  await expect.poll(async () => (await filesUnder(blobFolder)).length).toBe(2);
  expect(await storedMessages(database)).toHaveLength(2);
});

test('at shutdown idle clients get 421, a message in hand is finished, and nobody new comes in', async () => {
  const { port, acme, database, gateway } = await startTestGateway({ shutdownMilliseconds: 20_000 });
  const idle = await RawSession.signedIn(port, acme.smtp);
  const busy = await RawSession.signedIn(port, acme.smtp);
  await busy.beginData(ALICE, [BOB]);
  const stopped = gateway.stop();
  expect(await idle.answer()).toMatch(/^421 4\.3\.2 /);
  idle.destroy();
  const late = await RawSession.open(port);
  expect(await late.ask('EHLO client.example')).toBe('');
  busy.write(`${message('last')}\r\n.\r\nNOOP\r\n`);
  expect(await busy.answer()).toBe('250 2.0.0 Accepted <last@acme.example>');
  expect(await busy.answer()).toMatch(/^421 4\.3\.2 /);
  busy.destroy();
  await stopped;
  expect(await storedMessages(database)).toHaveLength(1);
});

test('at shutdown who is still sending after the grace is cut off, and its message is not accepted', async () => {
  const { port, acme, database, gateway, blobFolder } = await startTestGateway({ shutdownMilliseconds: 300 });
  const slow = await RawSession.signedIn(port, acme.smtp);
  await slow.beginData(ALICE, [BOB]);
  slow.write('Subject: never');
  await gateway.stop();
  expect(await slow.answer()).toMatch(/^421 4\.3\.2 /);
  slow.destroy();
  expect(await storedMessages(database)).toEqual([]);
  await expect.poll(() => filesUnder(blobFolder)).toEqual([]);
});

test('a gateway killed during DATA leaves an uncommitted blob in the store and no message; SIGTERM ends one cleanly', async () => {
  const running = await startTestGateway();
  const { child, port } = await spawnGateway(running);
  const session = await RawSession.signedIn(port, running.acme.smtp);
  await session.beginData(ALICE, [BOB]);
  session.write(`${message('killed')}${'\r\nmore'.repeat(50_000)}`);
  await expect.poll(() => filesUnder(running.blobFolder)).toHaveLength(1);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(await session.answer()).toBe('');
  expect(await storedMessages(running.database)).toEqual([]);
  expect((await filesUnder(running.blobFolder)).map((path) => path.includes('.unfinished'))).toEqual([true]);

  const next = await spawnGateway(running);
  const again = await RawSession.signedIn(next.port, running.acme.smtp);
  expect(await again.send(ALICE, [BOB], message('killed')), next.output()).toMatch(/^250 /);
  again.destroy();
  next.child.kill('SIGTERM');
  await once(next.child, 'exit');
  expect([next.child.exitCode, next.output().includes('"msg":"ended"')]).toEqual([0, true]);
});

test('a second signal ends the gateway at once, with an exit code that says so', async () => {
  const running = await startTestGateway();
  const { child, port, output } = await spawnGateway(running);
  const exit = once(child, 'exit');
  const session = await RawSession.signedIn(port, running.acme.smtp);
  await session.beginData(ALICE, [BOB]);
  child.kill('SIGTERM');
  await expect.poll(output).toContain('"msg":"ending"');
  child.kill('SIGTERM');
  expect(await exit, output()).toEqual([1, null]);
  session.destroy();
});

test('a start with misspelt settings or without its key says what is wrong and ends with 1', async () => {
  const running = await startTestGateway();
  for (const [environment, words] of [
    [{ MAX_MESAGE_BYTES: '1000000' }, 'MAX_MESAGE_BYTES is unknown; it looks like MAX_MESSAGE_BYTES'],
    [{ KEY_PROVIDER_URL: pathToFileURL(join(running.folder, 'none')).href }, 'cannot be read (ENOENT)'],
  ] as const) {
    const { child, port, output } = await spawnGateway(running, environment);
    expect([port, child.exitCode, output().includes(words)], output()).toEqual([0, 1, true]);
  }
});

test('nothing of a message’s content is in clear on the disk, in a table or in the log', async () => {
  const { port, acme, databaseUrl, folder, logLines } = await startTestGateway();
  const session = await RawSession.signedIn(port, acme.smtp);
  const body = [
    '--b',
    'Content-Type: text/plain',
    '',
    'canary-body',
    '--b',
    'Content-Type: text/html',
    '',
    '<p>canary-markup</p>',
    '--b',
    'Content-Type: application/octet-stream',
    'Content-Disposition: attachment; filename="a.bin"',
    'Content-Transfer-Encoding: base64',
    '',
    Buffer.from('canary-attachment').toString('base64'),
    '--b--',
  ].join('\r\n');
  const header = [
    'Subject: shown',
    'X-Note: canary-header',
    'Bcc: canary-hidden@example.net',
    'Content-Type: multipart/mixed; boundary=b',
    'MIME-Version: 1.0',
  ];
  expect(await session.send(ALICE, [BOB], mail(header, body))).toMatch(/^250 /);
  expect(await session.send(ALICE, [BOB], mail(header, `${body}\nbare`))).toMatch(/^550 /);
  expect(await session.send(ALICE, [BOB], mail([...header, 'X-Nul: a\0b'], body))).toMatch(/^250 /);

  const canaries = ['canary-', Buffer.from('canary-attachment').toString('base64'), Buffer.from('canary-').toString('hex')];
  const tables = await asSuperuser<{ name: string }>(
    databaseUrl,
    `select quote_ident(table_name) as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
  );
  expect(tables.length).toBeGreaterThan(20);
  const dump: string[] = [];
  for (const { name } of tables) {
    for (const { row } of await asSuperuser<{ row: string }>(databaseUrl, `select t::text as row from ${name} t`)) dump.push(row);
  }
  expect(dump.join('\n')).toContain('shown');
  const files = await filesUnder(folder);
  expect(files.length).toBeGreaterThan(2);
  const bytes = await Promise.all(files.map((file) => readFile(file, 'latin1')));
  const places = { tables: dump.join('\n'), files: bytes.join('\n'), log: logLines.join('\n') };
  for (const [place, text] of Object.entries(places))
    for (const canary of canaries) expect(text.includes(canary), `${canary} in ${place}`).toBe(false);
  expect(logLines.join('')).not.toContain(BOB);
});
