import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { changeWebhook, askForTest, listWebhookDeliveries, replayWebhook, rotateWebhookSecret } from '@signet/db/webhook';
import { leaseWebhooks, nextWebhookRequest } from '@signet/db/webhook-sending';
import { newId } from '@signet/db/database';
import { findActiveKey } from '@signet/db/organization-key';
import { seedOrganization } from '@signet/db/testing/seed-organization';
import type { Operation } from '@signet/domain/audit/operation';
import { WEBHOOK_LANES } from '@signet/domain/webhook';
import { pino } from 'pino';
import { generate } from 'selfsigned';
import { Webhook } from 'standardwebhooks';
import { expect, onTestFinished, test, vi } from 'vitest';
import { sendWebhooks } from './send-webhooks.ts';
import { ingestAll } from './testing/sealed-log.ts';
import { openTestWorker, type TestWorker } from './testing/test-worker.ts';
import {
  entriesIn,
  nameWebhook,
  passWebhookTime,
  recordSteps,
  startReceiver,
  webhookOf,
  type ReceivedRequest,
} from './testing/webhook-receiver-server.ts';

const local = ['127.0.0.0/8'];
const running = new AbortController().signal;

const sending = ({ database, vault }: TestWorker, receivers: { networks?: string[]; answerTimeout?: number } = {}) => ({
  database,
  vault,
  logger: pino({ level: 'silent' }),
  receivers: { networks: local, ...receivers },
});
const send = (worker: TestWorker, receivers: { networks?: string[]; answerTimeout?: number } = {}, signal = running) =>
  sendWebhooks(sending(worker, receivers), signal);

const verify = (secret: Uint8Array, { headers, body }: ReceivedRequest) =>
  new Webhook(secret, { format: 'raw' }).verify(body, headers as Record<string, string>);

const deliveriesOf = async ({ database, organization }: TestWorker, id: string) =>
  (await listWebhookDeliveries(database.forOrganization(organization.id), id)) ?? [];

const steps = (count: number): [string, Operation][] =>
  Array.from({ length: count }, (_, index) => [`<${index % 3}@acme.example>`, index % 2 === 0 ? 'MessageAccess' : 'LinkTouch']);

test('over HTTPS, what is recorded arrives in the order of the log, once, signed so that the specification’s library believes it', async () => {
  const made = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(Date.now() - 86_400_000),
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }],
  });
  const before = getCACertificates('default');
  const receiver = await startReceiver({ cert: made.cert, key: made.private });
  const worker = await openTestWorker();
  await recordSteps(worker, steps(2));
  const { id, secret } = await nameWebhook(worker, { url: receiver.url });
  await recordSteps(worker, steps(250));
  await send(worker);
  expect(receiver.requests).toEqual([]);
  expect((await deliveriesOf(worker, id))[0]).toMatchObject({ status: null, error: expect.stringMatching(/certificate/) });
  setDefaultCACertificates([...before, made.cert]);
  onTestFinished(() => setDefaultCACertificates(before));
  await passWebhookTime(worker);
  await send(worker);
  const entries = receiver.entries();
  expect(entries.map(({ logIndex }) => logIndex)).toEqual(Array.from({ length: 250 }, (_, index) => index + 2));
  expect(receiver.requests.map((request) => entriesIn(request).length)).toEqual([100, 100, 50]);
  for (const request of receiver.requests) expect(verify(secret, request)).toMatchObject({ type: 'audit.entries' });
  const forged = { ...receiver.requests[0], body: '{}' } as ReceivedRequest;
  expect(() => verify(secret, forged)).toThrow('signature');
  expect(await send(worker)).toBe(0);
  expect((await deliveriesOf(worker, id)).map(({ status, entries: count }) => [status, count])).toEqual([
    [204, 50],
    [204, 100],
    [204, 100],
    [null, 100],
  ]);
});

test('only the operations that are asked for arrive', async () => {
  const receiver = await startReceiver();
  const worker = await openTestWorker();
  await nameWebhook(worker, { url: receiver.url, operations: ['LinkTouch'] });
  await recordSteps(worker, steps(10));
  await send(worker);
  expect(receiver.entries().map(({ operation }) => operation)).toEqual(Array.from({ length: 5 }, () => 'LinkTouch'));
});

test('what was refused is tried again, the same under the same id though more was recorded, and nothing overtakes it', async () => {
  const receiver = await startReceiver();
  receiver.behaviour.answer = (response, count) => void response.writeHead(count < 3 ? 503 : 200).end(count < 3 ? 'later\u0000please' : '');
  const worker = await openTestWorker();
  const { id } = await nameWebhook(worker, { url: receiver.url });
  await recordSteps(worker, steps(3));
  await send(worker);
  await recordSteps(worker, steps(3));
  // It is not due yet.
  await send(worker);
  expect(receiver.requests).toHaveLength(1);
  expect((await deliveriesOf(worker, id))[0]).toMatchObject({
    status: 503,
    attempt: 1,
    error: '503: later please',
    nextAttemptAt: expect.any(Date),
  });
  for (let time = 0; time < 2; time += 1) {
    await passWebhookTime(worker);
    await send(worker);
  }
  const [first, second, third, fourth] = receiver.requests;
  for (const again of [second, third]) {
    expect(again?.body).toBe(first?.body);
    expect(again?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
  }
  expect(fourth && entriesIn(fourth).map(({ logIndex }) => logIndex)).toEqual([3, 4, 5]);
  expect(fourth?.headers['webhook-id']).not.toBe(first?.headers['webhook-id']);
  expect(await webhookOf(worker, id)).toMatchObject({ attempts: 0, nextIndex: 6 });
});

test('a receiver that fails for days is disabled, on record without its own words, and gets nothing more; enabled again it gets all it missed', async () => {
  const receiver = await startReceiver();
  receiver.behaviour.answer = (response) => void response.writeHead(500).end('bob@example.net is not wanted');
  const worker = await openTestWorker();
  const { id } = await nameWebhook(worker, { url: receiver.url });
  await recordSteps(worker, steps(2));
  for (let attempt = 0; attempt < 12; attempt += 1) {
    await passWebhookTime(worker);
    await send(worker);
  }
  expect(receiver.requests).toHaveLength(10);
  const stopped = await webhookOf(worker, id);
  expect(stopped).toMatchObject({ enabled: false, failure: 'failing' });
  await ingestAll(worker);
  expect(
    await worker.system.query(
      "select action, record #>> '{actor,kind}' as kind, record ->> 'reason' as reason from admin_record where action like 'Webhook%'",
    ),
  ).toEqual([{ action: 'WebhookDisable', kind: 'system', reason: 'No attempt went well for days: it answered 500' }]);
  receiver.behaviour.answer = (response) => void response.writeHead(200).end();
  await worker.database.forOrganization(worker.organization.id).transaction((tx) => changeWebhook(tx, id, { ...stopped, enabled: true }));
  await send(worker);
  expect(receiver.requests).toHaveLength(11);
  expect(await webhookOf(worker, id)).toMatchObject({ enabled: true, failure: null, nextIndex: 2 });
});

test('410 disables at once', async () => {
  const receiver = await startReceiver();
  receiver.behaviour.answer = (response) => void response.writeHead(410).end();
  const worker = await openTestWorker();
  const { id } = await nameWebhook(worker, { url: receiver.url });
  await recordSteps(worker, steps(1));
  await send(worker);
  expect(await webhookOf(worker, id)).toMatchObject({ enabled: false, failure: 'gone' });
});

test('a receiver that wants another protocol, or hangs up, is a failure like others, and holds no lane', async () => {
  const [switching, hangingUp] = [await startReceiver(), await startReceiver()];
  switching.behaviour.answer = (response) =>
    void response.socket?.end('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n');
  hangingUp.behaviour.answer = (response) => void response.socket?.destroy();
  const worker = await openTestWorker();
  const ids = [(await nameWebhook(worker, { url: switching.url })).id, (await nameWebhook(worker, { url: hangingUp.url })).id];
  await recordSteps(worker, steps(1));
  await send(worker);
  for (const [index, words] of [/answered 101/, /./].entries())
    expect((await deliveriesOf(worker, ids[index] ?? ''))[0]).toMatchObject({ status: null, error: expect.stringMatching(words) });
});

test('a redirect is refused, and nobody is asked at its end', async () => {
  const [receiver, end] = [await startReceiver(), await startReceiver()];
  receiver.behaviour.answer = (response) => void response.writeHead(307, { location: end.url }).end();
  const worker = await openTestWorker();
  const { id } = await nameWebhook(worker, { url: receiver.url });
  await recordSteps(worker, steps(1));
  await send(worker);
  expect(end.requests).toEqual([]);
  expect((await deliveriesOf(worker, id))[0]).toMatchObject({ status: 307, error: expect.stringContaining('redirects') });
});

test('where no receiver may be nobody connects, by address or by name, and in clear nowhere but where the operator says', async () => {
  const receiver = await startReceiver();
  const worker = await openTestWorker();
  const urls = ['http://127.0.0.1', 'http://localhost', 'https://127.0.0.1', 'https://localhost', 'https://[::ffff:127.0.0.1]'];
  const ids: string[] = [];
  for (const url of urls) ids.push((await nameWebhook(worker, { url: `${url}:${receiver.port}/` })).id);
  await recordSteps(worker, steps(1));
  await send(worker, { networks: ['10.0.0.0/8'] });
  for (const id of ids) expect((await deliveriesOf(worker, id))[0]?.error).toContain('WEBHOOK_NETWORKS');
  expect(receiver.requests).toEqual([]);
});

test('a receiver that hangs is given up in time, holds up no other one, and an endless answer is cut off', async () => {
  const [hanging, endless, quick] = [await startReceiver(), await startReceiver(), await startReceiver()];
  hanging.behaviour.answer = () => undefined;
  endless.behaviour.answer = (response) => {
    const more = () => void (response.writable && response.write('x'.repeat(65_536), () => setImmediate(more)));
    response.writeHead(200);
    more();
  };
  const worker = await openTestWorker();
  const [slow, talking] = [await nameWebhook(worker, { url: hanging.url }), await nameWebhook(worker, { url: endless.url })];
  await nameWebhook(worker, { url: quick.url });
  await recordSteps(worker, steps(2));
  const sent = send(worker, { answerTimeout: 3_000 });
  await vi.waitFor(() => expect(quick.entries()).toHaveLength(2));
  await sent;
  expect((await deliveriesOf(worker, slow.id))[0]).toMatchObject({ status: null, error: 'No answer within 3 s' });
  expect((await deliveriesOf(worker, talking.id))[0]).toMatchObject({ status: 200, error: null });
});

test('a replay sends from its place on again', async () => {
  const receiver = await startReceiver();
  const worker = await openTestWorker();
  const { id } = await nameWebhook(worker, { url: receiver.url });
  await recordSteps(worker, steps(5));
  await send(worker);
  await worker.database.forOrganization(worker.organization.id).transaction((tx) => replayWebhook(tx, id, 3));
  await send(worker);
  expect(receiver.entries().map(({ logIndex }) => logIndex)).toEqual([0, 1, 2, 3, 4, 3, 4]);
});

test('what a worker had sent and not noted when it was killed is sent again, the same under the same id', async () => {
  const receiver = await startReceiver();
  const worker = await openTestWorker();
  await nameWebhook(worker, { url: receiver.url });
  await recordSteps(worker, steps(3));
  const [held] = await leaseWebhooks(worker.system, 1);
  if (!held) throw new Error('One is due');
  const lost = await nextWebhookRequest(worker.database.forOrganization(worker.organization.id), held);
  await recordSteps(worker, steps(2));
  // While it may still be sending, nobody else does.
  await send(worker);
  expect(receiver.requests).toEqual([]);
  await passWebhookTime(worker);
  await send(worker);
  expect(receiver.requests[0]?.headers['webhook-id']).toBe(lost?.eventId);
  expect(receiver.requests.map((request) => entriesIn(request).map(({ logIndex }) => logIndex))).toEqual([
    [0, 1, 2],
    [3, 4],
  ]);
});

test('a worker that ends cuts off what it sends, counts no attempt, and the next one sends it', async () => {
  const receiver = await startReceiver();
  const stopping = new AbortController();
  receiver.behaviour.answer = (response, count) => void (count === 1 ? stopping.abort() : response.writeHead(200).end());
  const worker = await openTestWorker();
  const { id } = await nameWebhook(worker, { url: receiver.url });
  await recordSteps(worker, steps(1));
  await send(worker, {}, stopping.signal);
  expect(await webhookOf(worker, id)).toMatchObject({ attempts: 0, nextIndex: 0 });
  await send(worker);
  expect(receiver.requests).toHaveLength(2);
});

test('after a rotation requests verify with both secrets, and with the new one alone once the time of the former is over', async () => {
  const receiver = await startReceiver();
  const worker = await openTestWorker();
  const { id, secret } = await nameWebhook(worker, { url: receiver.url });
  const scope = worker.database.forOrganization(worker.organization.id);
  const key = await findActiveKey(scope);
  const renewed = Buffer.alloc(32, 7);
  const sealed = await worker.vault.sealSecret(key, { organizationId: worker.organization.id, purpose: 'webhook-secret', id }, renewed);
  await scope.transaction((tx) => rotateWebhookSecret(tx, id, { sealed, organizationKeyId: key.keyId }));
  await recordSteps(worker, steps(1));
  await send(worker);
  await worker.system.query('update webhook set former_until = clock_timestamp()');
  await recordSteps(worker, steps(1));
  await send(worker);
  const [both, alone] = receiver.requests;
  if (!both || !alone) throw new Error('Two were sent');
  for (const each of [secret, renewed]) verify(each, both);
  verify(renewed, alone);
  expect(() => verify(secret, alone)).toThrow('signature');
});

test('a test goes before what waits, and one that is taken makes what waits due', async () => {
  const receiver = await startReceiver();
  receiver.behaviour.answer = (response, count) => void response.writeHead(count === 1 ? 500 : 200).end();
  const worker = await openTestWorker();
  const { id } = await nameWebhook(worker, { url: receiver.url });
  await recordSteps(worker, steps(1));
  await send(worker);
  const testId = newId();
  await worker.database.forOrganization(worker.organization.id).transaction((tx) => askForTest(tx, id, testId));
  await send(worker);
  expect(receiver.requests.map(({ body }) => (JSON.parse(body) as { type: string }).type)).toEqual([
    'audit.entries',
    'webhook.test',
    'audit.entries',
  ]);
  expect(receiver.requests[1]?.headers['webhook-id']).toBe(testId);
});

test('a disabled webhook sends nothing, not even a test', async () => {
  const receiver = await startReceiver();
  const worker = await openTestWorker();
  const { id } = await nameWebhook(worker, { url: receiver.url });
  const scope = worker.database.forOrganization(worker.organization.id);
  await recordSteps(worker, steps(1));
  const known = await webhookOf(worker, id);
  await scope.transaction((tx) => changeWebhook(tx, id, { ...known, enabled: false }));
  await scope.transaction((tx) => askForTest(tx, id, newId()));
  await send(worker);
  expect(receiver.requests).toEqual([]);
});

test('two workers at once send everything once, and in order', async () => {
  const receiver = await startReceiver();
  const worker = await openTestWorker();
  await nameWebhook(worker, { url: receiver.url });
  await recordSteps(worker, steps(500));
  await Promise.all([send(worker), send(worker)]);
  await send(worker);
  expect(receiver.entries().map(({ logIndex }) => logIndex)).toEqual(Array.from({ length: 500 }, (_, index) => index));
});

test('entries reach webhooks through outbox, queue and sweep', async () => {
  const receiver = await startReceiver();
  const worker = await openTestWorker();
  await nameWebhook(worker, { url: receiver.url, operations: ['MessageSend'] });
  worker.run();
  await worker.accept(['bob@example.net']);
  await vi.waitFor(
    async () => {
      await send(worker);
      expect(receiver.entries()).toMatchObject([{ operation: 'MessageSend', recipients: ['bob@example.net'] }]);
    },
    { timeout: 45_000, interval: 200 },
  );
});

test('an organization whose receivers are all silent leaves lanes to the others, however many it has', async () => {
  const [silent, quick] = [await startReceiver(), await startReceiver()];
  silent.behaviour.answer = () => undefined;
  const worker = await openTestWorker();
  const { database, vault } = worker;
  const seed = (domain: string) => seedOrganization(database, { createKey: (id) => vault.createOrganizationKey(id), domain });
  const [other, third] = [await seed('globex.example'), await seed('initech.example')];
  // Two organizations with as many receivers as they may have: more than there are lanes.
  for (const organization of [worker.organization, other]) {
    for (let count = 0; count < 10; count += 1) await nameWebhook({ ...worker, organization }, { url: silent.url });
    await recordSteps({ ...worker, organization }, steps(1));
  }
  await nameWebhook({ ...worker, organization: third }, { url: quick.url });
  await recordSteps({ ...worker, organization: third }, steps(1));
  const stopping = new AbortController();
  const sent = send(worker, {}, stopping.signal);
  await vi.waitFor(() => expect(quick.entries()).toHaveLength(1));
  await vi.waitFor(() => expect(silent.requests).toHaveLength(2 * WEBHOOK_LANES));
  expect(await leaseWebhooks(worker.system, 20)).toEqual([]);
  stopping.abort();
  await sent;
});

test('each organization’s receiver gets its own entries alone, under its own secret, a replay too', async () => {
  const worker = await openTestWorker();
  const { database, vault } = worker;
  const other = await seedOrganization(database, { createKey: (id) => vault.createOrganizationKey(id), domain: 'globex.example' });
  const sides = [];
  for (const organization of [worker.organization, other]) {
    const own = { ...worker, organization };
    const receiver = await startReceiver();
    sides.push({ own, receiver, ...(await nameWebhook(own, { url: receiver.url })) });
  }
  // By turns, so that both have entries at the same places of their logs.
  for (let round = 0; round < 3; round += 1) for (const { own } of sides) await recordSteps(own, steps(4));
  await send(worker);
  for (const { own, id } of sides) await database.forOrganization(own.organization.id).transaction((tx) => replayWebhook(tx, id, 5));
  await send(worker);
  for (const { own, receiver, secret } of sides) {
    const all = receiver.entries();
    expect(all.map(({ logIndex }) => logIndex)).toEqual([...Array.from({ length: 12 }, (_, index) => index), 5, 6, 7, 8, 9, 10, 11]);
    expect(new Set(all.map(({ organizationId }) => organizationId))).toEqual(new Set([own.organization.id]));
    for (const request of receiver.requests) {
      const foreign = sides.find((side) => side.own !== own);
      expect(() => verify(secret, request)).not.toThrow();
      expect(() => verify(foreign?.secret ?? secret, request)).toThrow('signature');
      expect(request.body).not.toContain(foreign?.own.organization.id);
    }
  }
});

test('a secret that cannot be opened is a failure that is noted, and once it can be everything arrives', async () => {
  const receiver = await startReceiver();
  const worker = await openTestWorker();
  const { id } = await nameWebhook(worker, { url: receiver.url });
  await recordSteps(worker, steps(1));
  const [kept] = await worker.system.query<{ secret: Buffer }>('select sealed_secret as secret from webhook');
  await worker.system.query('update webhook set sealed_secret = $1', [Buffer.alloc(64)]);
  await send(worker);
  expect(receiver.requests).toEqual([]);
  expect(await webhookOf(worker, id)).toMatchObject({ attempts: 1, nextIndex: 0 });
  expect((await deliveriesOf(worker, id))[0]).toMatchObject({ status: null, error: expect.stringMatching(/./) });
  await worker.system.query('update webhook set sealed_secret = $1', [kept?.secret]);
  await passWebhookTime(worker);
  await send(worker);
  expect(receiver.entries()).toHaveLength(1);
});
