import { createRequire } from 'node:module';
import type { TLSSocket } from 'node:tls';
import { newId } from '@signet/db/database';
import { askForSyslogTest, changeSyslogDestination, replaySyslog } from '@signet/db/syslog-destination';
import { leaseSyslog, nextSyslogBatch } from '@signet/db/syslog-sending';
import { seedOrganization } from '@signet/db/testing/seed-organization';
import type { Operation } from '@signet/domain/audit/operation';
import { SYSLOG_LANES, SYSLOG_LIMIT } from '@signet/domain/syslog';
import { pino } from 'pino';
import { expect, test, vi } from 'vitest';
import { z } from 'zod';
import { sendSyslog } from './send-syslog.ts';
import { ingestAll } from './testing/sealed-log.ts';
import { openTestWorker, type TestWorker } from './testing/test-worker.ts';
import { certificateFor, nameSyslog, passSyslogTime, startSyslogServer, syslogOf } from './testing/syslog-server.ts';
import { recordSteps } from './testing/webhook-receiver-server.ts';

const running = new AbortController().signal;
const certificate = await certificateFor('localhost');
const trusted = { certificateAuthority: certificate.cert };

const send = (
  { database, vault }: TestWorker,
  {
    networks = ['127.0.0.0/8', '::1/128'],
    patience = 20_000,
    settle = 1_000,
  }: { networks?: string[]; patience?: number; settle?: number } = {},
  signal = running,
) =>
  sendSyslog(
    {
      database,
      vault,
      logger: pino({ level: 'silent' }),
      receivers: { networks, patience, settle },
      publicUrl: 'https://mail.acme.example',
    },
    signal,
  );

const steps = (count: number): [string, Operation][] =>
  Array.from({ length: count }, (_, index) => [`<${index % 3}-ü@acme.example>`, index % 2 === 0 ? 'MessageAccess' : 'LinkTouch']);

const require = createRequire(import.meta.url);
/** A parser that others wrote: what it says of a message. */
const parse: (text: string) => unknown = z.function({ input: [z.string()], output: z.unknown() }).implement(require('nsyslog-parser'));
const parsed = z.object({
  type: z.literal('RFC5424'),
  facilityval: z.literal(13),
  levelval: z.int(),
  ts: z.union([z.string(), z.date()]),
  host: z.string(),
  appName: z.string(),
  pid: z.string(),
  messageid: z.string(),
  structuredData: z.array(z.record(z.string(), z.string())),
  message: z.string(),
});
const entrySchema = z.looseObject({ logIndex: z.int(), messageId: z.string() });
const read = (text: string) => parsed.parse(parse(text));
const placesOf = (messages: readonly string[]) => messages.map((text) => entrySchema.parse(JSON.parse(read(text).message)).logIndex);
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

test('what is recorded arrives over TLS in the order of the log, once, as messages that another’s parser of RFC 5424 reads', async () => {
  const receiver = await startSyslogServer(certificate);
  const worker = await openTestWorker();
  await recordSteps(worker, steps(2));
  const id = await nameSyslog(worker, { port: receiver.port, ...trusted });
  await recordSteps(worker, steps(1_200));
  expect(await send(worker)).toBe(2);
  const messages = receiver.messages();
  expect(placesOf(messages)).toEqual(upTo(1_200).map((index) => index + 2));
  const first = read(messages[0] ?? '');
  const entry = entrySchema.parse(JSON.parse(first.message));
  expect(first).toMatchObject({ levelval: 6, host: 'mail.acme.example', appName: 'signet', pid: '-', messageid: 'MessageAccess' });
  expect(first.structuredData).toEqual([
    { $id: 'signet@32473', kind: 'entry', organizationId: worker.organization.id, id: entry['id'], logIndex: '2' },
  ]);
  expect(entry.messageId).toBe('<0-ü@acme.example>');
  expect(new Date(first.ts).toISOString()).toBe(entry['creationTime']);
  expect(messages.join('')).toMatch(/^[\x20-\x7e]*$/);
  expect(await send(worker)).toBe(0);
  expect(receiver.connections()).toBe(2);
  expect(receiver.names()).toEqual(['localhost', 'localhost']);
  expect(await syslogOf(worker, id)).toMatchObject({ nextIndex: 1_202, attempts: 0, lastError: null, lastSentAt: expect.any(Date) });
});

test('a receiver that is killed again and again loses nothing that it had not stored, and the order of the log holds', async () => {
  const receiver = await startSyslogServer(certificate);
  const worker = await openTestWorker();
  await nameSyslog(worker, { port: receiver.port, ...trusted });
  const stages = [
    // Reads nothing and is reset; reads some and is reset; goes before anything is said; says farewell at once.
    (socket: TLSSocket) => receiver.reset(socket),
    (socket: TLSSocket) => void socket.once('data', () => receiver.reset(socket)),
    (socket: TLSSocket) => void socket.destroy(),
    (socket: TLSSocket) => void socket.pause().end(),
  ];
  receiver.behaviour.connected = (socket, count) => {
    const stage = count % 2 === 1 ? stages[Math.floor(count / 2) % stages.length] : undefined;
    if (!stage) return 'read';
    stage(socket);
    return 'else';
  };
  let recorded = 0;
  for (let round = 0; round < 8; round += 1) {
    await recordSteps(worker, steps(300));
    recorded += 300;
    await passSyslogTime(worker);
    await send(worker);
  }
  receiver.behaviour.connected = () => 'read';
  await passSyslogTime(worker);
  await send(worker);
  const places = placesOf(receiver.messages());
  expect([...new Set(places)]).toEqual(upTo(recorded));
  // What comes again comes from an earlier place on, in order.
  expect(places.every((place, index) => index === 0 || place <= (places[index - 1] ?? -1) + 1)).toBe(true);
});

test('a receiver that read a batch and went away within a minute is sent that batch once more', async () => {
  const receiver = await startSyslogServer(certificate);
  const worker = await openTestWorker();
  const id = await nameSyslog(worker, { port: receiver.port, ...trusted });
  await recordSteps(worker, steps(2));
  await send(worker);
  await recordSteps(worker, steps(2));
  await send(worker);
  receiver.behaviour.connected = (socket, count) => {
    if (count > 3) return 'read';
    receiver.reset(socket);
    return 'else';
  };
  await recordSteps(worker, steps(1));
  await send(worker);
  expect(await syslogOf(worker, id)).toMatchObject({ nextIndex: 2, attempts: 1 });
  await passSyslogTime(worker);
  await send(worker);
  expect(placesOf(receiver.messages())).toEqual([0, 1, 2, 3, 2, 3, 4]);
});

test('a receiver whose certificate nobody vouches for, or that is another’s, is sent nothing', async () => {
  const [unknown, other] = [await startSyslogServer(certificate), await startSyslogServer(await certificateFor('elsewhere.example'))];
  const worker = await openTestWorker();
  const ids = [
    await nameSyslog(worker, { port: unknown.port }),
    await nameSyslog(worker, { port: other.port, ...trusted }),
    await nameSyslog(worker, { port: unknown.port, host: '127.0.0.1', ...trusted }),
  ];
  await recordSteps(worker, steps(1));
  await send(worker);
  const errors = await Promise.all(ids.map(async (id) => (await syslogOf(worker, id)).lastError));
  expect(errors[0]).toMatch(/self-signed certificate$/);
  expect(errors[1]).toMatch(/self-signed certificate|altnames/);
  expect(errors[2]).toMatch(/altnames/);
  // By address, no name is said.
  expect([unknown.names(), other.names()]).toEqual([['localhost'], ['localhost']]);
  expect([...unknown.messages(), ...other.messages()]).toEqual([]);
});

test('a receiver that asks for a certificate is shown the one that was given, and without one takes nothing', async () => {
  const client = await certificateFor('signet.acme.example');
  const receiver = await startSyslogServer(certificate, client.cert);
  const worker = await openTestWorker();
  const [shown, silent] = [
    await nameSyslog(worker, { port: receiver.port, ...trusted, client }),
    await nameSyslog(worker, { port: receiver.port, ...trusted }),
  ];
  await recordSteps(worker, steps(3));
  await send(worker);
  expect(placesOf(receiver.messages())).toEqual([0, 1, 2]);
  expect(await syslogOf(worker, shown)).toMatchObject({ nextIndex: 3, lastError: null });
  expect(await syslogOf(worker, silent)).toMatchObject({ nextIndex: 0, lastError: expect.stringMatching(/certificate|closed|reset/i) });
  const rows = await worker.system.query('select d::text from syslog_destination d');
  expect(JSON.stringify(rows)).not.toContain('PRIVATE');
});

test('where no receiver may be nobody connects, by address or by name', async () => {
  const receiver = await startSyslogServer(certificate);
  const worker = await openTestWorker();
  const hosts = ['127.0.0.1', 'localhost', '::ffff:127.0.0.1'];
  const ids: string[] = [];
  for (const host of hosts) ids.push(await nameSyslog(worker, { port: receiver.port, host, ...trusted }));
  await recordSteps(worker, steps(1));
  await send(worker, { networks: ['10.0.0.0/8'] });
  for (const id of ids) expect((await syslogOf(worker, id)).lastError).toContain('SYSLOG_NETWORKS');
  expect(receiver.connections()).toBe(0);
});

test('a receiver that hangs is given up in time and holds up no other one', async () => {
  const [hanging, quick] = [await startSyslogServer(certificate), await startSyslogServer(certificate)];
  hanging.behaviour.connected = (socket) => {
    socket.pause();
    return 'else';
  };
  const worker = await openTestWorker();
  const id = await nameSyslog(worker, { port: hanging.port, ...trusted });
  await nameSyslog(worker, { port: quick.port, ...trusted });
  await recordSteps(worker, steps(2));
  const sent = send(worker, { patience: 3_000 });
  await vi.waitFor(() => expect(placesOf(quick.messages())).toEqual([0, 1]), { timeout: 10_000 });
  await sent;
  expect(await syslogOf(worker, id)).toMatchObject({ nextIndex: 0, lastError: 'The receiver did not take everything within 3 s' });
});

test('a receiver that fails for days is disabled, on record, and gets nothing more; enabled again it gets all it missed', async () => {
  const receiver = await startSyslogServer(certificate);
  receiver.behaviour.connected = (socket) => {
    socket.destroy();
    return 'else';
  };
  const worker = await openTestWorker();
  const id = await nameSyslog(worker, { port: receiver.port, ...trusted });
  await recordSteps(worker, steps(2));
  for (let attempt = 0; attempt < 12; attempt += 1) {
    await passSyslogTime(worker);
    await send(worker);
  }
  expect(receiver.connections()).toBe(10);
  const stopped = await syslogOf(worker, id);
  expect(stopped).toMatchObject({ enabled: false, failure: 'failing', nextIndex: 0 });
  await ingestAll(worker);
  expect(
    await worker.system.query("select action, record #>> '{actor,kind}' as kind from admin_record where action like 'Syslog%'"),
  ).toEqual([{ action: 'SyslogDestinationDisable', kind: 'system' }]);
  receiver.behaviour.connected = () => 'read';
  const scope = worker.database.forOrganization(worker.organization.id);
  await scope.transaction((tx) => changeSyslogDestination(tx, { ...stopped, enabled: true }, undefined));
  await send(worker);
  expect(placesOf(receiver.messages())).toEqual([0, 1]);
  expect(await syslogOf(worker, id)).toMatchObject({ enabled: true, failure: null, nextIndex: 2 });
});

test('a replay sends from its place on again', async () => {
  const receiver = await startSyslogServer(certificate);
  const worker = await openTestWorker();
  const id = await nameSyslog(worker, { port: receiver.port, ...trusted });
  await recordSteps(worker, steps(5));
  await send(worker);
  await worker.database.forOrganization(worker.organization.id).transaction((tx) => replaySyslog(tx, id, 3));
  await send(worker);
  expect(placesOf(receiver.messages())).toEqual([0, 1, 2, 3, 4, 3, 4]);
});

test('what a worker had in hand when it was killed is sent by another, no sooner than it may have ended', async () => {
  const receiver = await startSyslogServer(certificate);
  const worker = await openTestWorker();
  await nameSyslog(worker, { port: receiver.port, ...trusted });
  await recordSteps(worker, steps(3));
  const [held] = await leaseSyslog(worker.system, 1);
  if (!held) throw new Error('One is due');
  await nextSyslogBatch(worker.database.forOrganization(worker.organization.id), held);
  await send(worker);
  expect(receiver.connections()).toBe(0);
  await passSyslogTime(worker);
  await send(worker);
  expect(placesOf(receiver.messages())).toEqual([0, 1, 2]);
});

test('a worker that ends cuts off what it sends, counts no attempt, and the next one sends it', async () => {
  const receiver = await startSyslogServer(certificate);
  const stopping = new AbortController();
  receiver.behaviour.connected = (_socket, count) => {
    if (count > 1) return 'read';
    stopping.abort();
    return 'else';
  };
  const worker = await openTestWorker();
  const id = await nameSyslog(worker, { port: receiver.port, ...trusted });
  await recordSteps(worker, steps(1));
  await send(worker, {}, stopping.signal);
  expect(await syslogOf(worker, id)).toMatchObject({ attempts: 0, nextIndex: 0 });
  await send(worker);
  expect(placesOf(receiver.messages())).toEqual([0]);
});

test('a test says whether messages arrive, goes before what waits, and makes it due', async () => {
  const receiver = await startSyslogServer(certificate);
  receiver.behaviour.connected = (socket, count) => {
    if (count > 2) return 'read';
    socket.destroy();
    return 'else';
  };
  const worker = await openTestWorker();
  const id = await nameSyslog(worker, { port: receiver.port, ...trusted });
  const scope = worker.database.forOrganization(worker.organization.id);
  await recordSteps(worker, steps(1));
  await send(worker);
  const [failing, taken] = [newId(), newId()];
  await scope.transaction((tx) => askForSyslogTest(tx, id, failing));
  await send(worker);
  expect(await syslogOf(worker, id)).toMatchObject({ testedId: failing, testError: expect.stringMatching(/./), attempts: 1 });
  await scope.transaction((tx) => askForSyslogTest(tx, id, taken));
  await send(worker);
  expect(await syslogOf(worker, id)).toMatchObject({ testedId: taken, testError: null, attempts: 0, nextIndex: 1 });
  expect(receiver.messages().map((text) => read(text).messageid)).toEqual(['SyslogTest', 'MessageAccess']);
});

test('two workers at once send everything once, and in order', async () => {
  const receiver = await startSyslogServer(certificate);
  const worker = await openTestWorker();
  await nameSyslog(worker, { port: receiver.port, ...trusted });
  await recordSteps(worker, steps(2_500));
  await Promise.all([send(worker), send(worker)]);
  await send(worker);
  expect(placesOf(receiver.messages())).toEqual(upTo(2_500));
});

test('a key that cannot be opened is a failure that is noted, of a test too, and once it is given anew everything arrives', async () => {
  const client = await certificateFor('signet.acme.example');
  const receiver = await startSyslogServer(certificate, client.cert);
  const worker = await openTestWorker();
  const id = await nameSyslog(worker, { port: receiver.port, ...trusted, client });
  await recordSteps(worker, steps(1));
  const [kept] = await worker.system.query<{ key: Buffer }>('select sealed_client_key as key from syslog_destination');
  await worker.system.query('update syslog_destination set sealed_client_key = $1', [Buffer.alloc(64)]);
  const testId = newId();
  await worker.database.forOrganization(worker.organization.id).transaction((tx) => askForSyslogTest(tx, id, testId));
  await send(worker);
  expect(await syslogOf(worker, id)).toMatchObject({ testedId: testId, testError: expect.stringMatching(/./) });
  expect(await syslogOf(worker, id)).toMatchObject({ attempts: 1, nextIndex: 0, lastError: expect.stringMatching(/./) });
  expect(receiver.connections()).toBe(0);
  await worker.system.query('update syslog_destination set sealed_client_key = $1', [kept?.key]);
  await passSyslogTime(worker);
  await send(worker);
  expect(placesOf(receiver.messages())).toEqual([0]);
});

test('each organization’s receiver gets its own entries alone, a replay too', async () => {
  const worker = await openTestWorker();
  const { database, vault } = worker;
  const other = await seedOrganization(database, { createKey: (id) => vault.createOrganizationKey(id), domain: 'globex.example' });
  const sides = [];
  for (const organization of [worker.organization, other]) {
    const own = { ...worker, organization };
    const receiver = await startSyslogServer(certificate);
    sides.push({ own, receiver, id: await nameSyslog(own, { port: receiver.port, ...trusted }) });
  }
  // By turns, so that both have entries at the same places of their logs.
  for (let round = 0; round < 3; round += 1) for (const { own } of sides) await recordSteps(own, steps(4));
  await send(worker);
  for (const { own, id } of sides) await database.forOrganization(own.organization.id).transaction((tx) => replaySyslog(tx, id, 5));
  await send(worker);
  for (const { own, receiver } of sides) {
    const messages = receiver.messages();
    expect(placesOf(messages)).toEqual([...upTo(12), ...upTo(12).slice(5)]);
    const owners = messages.flatMap((text) => {
      const { structuredData, message } = read(text);
      return [structuredData[0]?.['organizationId'], entrySchema.parse(JSON.parse(message))['organizationId']];
    });
    expect(new Set(owners)).toEqual(new Set([own.organization.id]));
  }
});

test('an organization whose receivers are all silent leaves lanes to the others, however many it has', async () => {
  const [silent, quick] = [await startSyslogServer(certificate), await startSyslogServer(certificate)];
  silent.behaviour.connected = (socket) => {
    socket.pause();
    return 'else';
  };
  const worker = await openTestWorker();
  const { database, vault } = worker;
  const seed = (domain: string) => seedOrganization(database, { createKey: (id) => vault.createOrganizationKey(id), domain });
  const [other, third] = [await seed('globex.example'), await seed('initech.example')];
  // Two organizations with as many destinations as they may have: as many as there are lanes.
  for (const organization of [worker.organization, other]) {
    for (let count = 0; count < SYSLOG_LIMIT; count += 1) await nameSyslog({ ...worker, organization }, { port: silent.port, ...trusted });
    await recordSteps({ ...worker, organization }, steps(1));
  }
  await nameSyslog({ ...worker, organization: third }, { port: quick.port, ...trusted });
  await recordSteps({ ...worker, organization: third }, steps(1));
  const stopping = new AbortController();
  const sent = send(worker, {}, stopping.signal);
  await vi.waitFor(() => expect(quick.messages()).toHaveLength(1), { timeout: 10_000 });
  await vi.waitFor(() => expect(silent.connections()).toBe(2 * SYSLOG_LANES), { timeout: 10_000 });
  expect(await leaseSyslog(worker.system, 10)).toEqual([]);
  stopping.abort();
  await sent;
});
