import { listAlerts } from '@signet/db/alert';
import { watchAlerts } from '@signet/db/alert-watch';
import { setCheckpointDelivery, checkpointStanding } from '@signet/db/checkpoint-delivery';
import { bookCheckpoints } from '@signet/db/checkpoint-sending';
import { listLogKeys } from '@signet/db/log-key';
import { setMember } from '@signet/db/organization';
import { seedOrganization } from '@signet/db/testing/seed-organization';
import { readCheckpoint } from '@signet/domain/log/checkpoint';
import { readVerifierKey } from '@signet/domain/log/signed-note';
import { changeWebhook } from '@signet/db/webhook';
import { simpleParser } from 'mailparser';
import { pino } from 'pino';
import { Webhook } from 'standardwebhooks';
import { expect, test, vi } from 'vitest';
import { sendSyslog } from './send-syslog.ts';
import { sendWebhooks } from './send-webhooks.ts';
import { startNextHop } from './testing/next-hop-server.ts';
import { ingestAll, recordActs, sealerOf, sealOf } from './testing/sealed-log.ts';
import { certificateFor, nameSyslog, startSyslogServer, syslogOf } from './testing/syslog-server.ts';
import { openTestWorker, passTime, type TestWorker } from './testing/test-worker.ts';
import { nameWebhook, passWebhookTime, recordSteps, startReceiver, webhookOf } from './testing/webhook-receiver-server.ts';

const running = new AbortController().signal;
const patience = { timeout: 45_000, interval: 50 };

/** As after an interval. */
const passInterval = async ({ system }: TestWorker) => {
  await system.query("update organization set created_at = created_at - interval '24 hours'");
  await system.query("update checkpoint_sending set created_at = created_at - interval '24 hours'");
};

/** A worker whose organization has an admin, one who is invited, an auditor, and something signed in both logs. */
async function openSealedWorker(options: Parameters<typeof openTestWorker>[0] = {}) {
  const worker = await openTestWorker(options);
  const scope = worker.database.forOrganization(worker.organization.id);
  await scope.administer(async (tx) => {
    await setMember(tx, { email: 'ann@acme.example', role: 'admin', passwordHash: 'none' });
    await setMember(tx, { email: 'bob@acme.example', role: 'auditor', passwordHash: 'none' });
  });
  await recordSteps(worker, [['<a@acme.example>', 'MessageAccess']]);
  await recordActs(worker, 2);
  await seal(worker);
  return { worker, scope };
}

async function seal(worker: TestWorker): Promise<void> {
  for (const stream of ['audit', 'admin'] as const) await sealerOf(worker).seal({ organizationId: worker.organization.id, stream });
}

const waiting = ({ system }: TestWorker) => system.query<{ kind: string }>("select kind from outbox where kind = 'send-checkpoint-mail'");

test('a day after an organization was made its admins get both checkpoints by mail, to the byte, with the keys that verify them', async () => {
  const nextHop = await startNextHop((_to, attempt) => (attempt === 1 ? '451 4.3.0 Come back later' : '250'));
  const { worker, scope } = await openSealedWorker({ nextHopUrl: nextHop.url });
  expect(await bookCheckpoints(worker.database, running)).toBe(0);
  await passInterval(worker);
  expect(await bookCheckpoints(worker.database, running)).toBe(1);
  worker.run();
  await vi.waitFor(() => expect(nextHop.mails).toHaveLength(1), patience);
  await vi.waitFor(async () => {
    const { last } = await checkpointStanding(scope);
    expect(last?.mails).toEqual([{ address: 'ann@acme.example', sentAt: null, error: '451 4.3.0 Come back later' }]);
  }, patience);
  await passTime(worker);
  await vi.waitFor(async () => expect(await waiting(worker)).toEqual([]), patience);
  expect(nextHop.mails.map(({ from, to }) => [from, to])).toEqual([
    ['no-reply@acme.example', 'ann@acme.example'],
    ['no-reply@acme.example', 'ann@acme.example'],
  ]);
  const [first, mail] = await Promise.all(nextHop.mails.map(({ raw }) => simpleParser(raw)));
  expect(mail?.messageId).toBe(first?.messageId);
  expect(mail?.headers.get('auto-submitted')).toBe('auto-generated');
  for (const stream of ['audit', 'admin'] as const) {
    const { note, size } = await sealOf(worker, stream, worker.organization.id);
    const attached = mail?.attachments.find(({ filename }) => filename === `${stream}.checkpoint.txt`);
    expect(attached?.contentType).toBe('text/plain');
    expect(attached?.content.toString('utf8')).toBe(note);
    const command = mail?.text?.split('\n').find((line) => line.includes(`--checkpoint ${stream}.checkpoint.txt`));
    const key = readVerifierKey(/--key '(.+)'$/.exec(command ?? '')?.[1] ?? '');
    expect(readCheckpoint(attached?.content.toString('utf8') ?? '', key).size).toBe(size);
    const [known] = await listLogKeys(scope);
    expect(Buffer.from(key.publicKey)).toEqual(known?.publicKey);
  }
  const { last } = await checkpointStanding(scope);
  expect(last).toMatchObject({ auditSize: 1, mails: [{ address: 'ann@acme.example', sentAt: expect.any(String), error: null }] });
  // Not again within the day, whoever asks.
  expect(await bookCheckpoints(worker.database, running)).toBe(0);
  await ingestAll(worker);
  expect(
    await worker.system.query(
      "select record #> '{after,mails}' as mails, record #>> '{actor,kind}' as kind from admin_record where action = 'CheckpointSend'",
    ),
  ).toEqual([{ mails: ['ann@acme.example'], kind: 'system' }]);
});

test('who is named gets them besides, or instead, once each however the address is written; without a change they leave all the same', async () => {
  const { worker, scope } = await openSealedWorker();
  const to = async () => (await checkpointStanding(scope)).last?.mails.map(({ address }) => address);
  const addresses = ['ANN@acme.example', 'notary@example.net'];
  await scope.transaction((tx) => setCheckpointDelivery(tx, { everyHours: 1, toAdmins: true, addresses }));
  await passInterval(worker);
  expect(await bookCheckpoints(worker.database, running)).toBe(1);
  expect(await to()).toEqual(['ANN@acme.example', 'notary@example.net']);
  await scope.transaction((tx) => setCheckpointDelivery(tx, { everyHours: 1, toAdmins: false, addresses: ['notary@example.net'] }));
  await passInterval(worker);
  expect(await bookCheckpoints(worker.database, running)).toBe(1);
  expect(await to()).toEqual(['notary@example.net']);
});

test('two workers at once send them once, and an organization of which nothing is signed has nothing to send', async () => {
  const { worker } = await openSealedWorker();
  await seedOrganization(worker.database, { createKey: (id) => worker.vault.createOrganizationKey(id), domain: 'globex.example' });
  await passInterval(worker);
  const booked = await Promise.all([bookCheckpoints(worker.database, running), bookCheckpoints(worker.database, running)]);
  expect(booked.toSorted((a, b) => a - b)).toEqual([0, 1]);
  expect(await waiting(worker)).toHaveLength(1);
});

test('an organization whose checkpoints cannot be booked holds no other one up, and is named', async () => {
  const { worker } = await openSealedWorker();
  const other = await seedOrganization(worker.database, {
    createKey: (id) => worker.vault.createOrganizationKey(id),
    domain: 'globex.example',
  });
  await recordActs({ ...worker, organization: other }, 1);
  await sealerOf(worker).seal({ organizationId: other.id, stream: 'admin' });
  await passInterval(worker);
  // The one that is looked at first cannot.
  const [broken, whole] = [worker.organization.id, other.id].toSorted();
  await worker.system.query(
    'insert into checkpoint_delivery (organization_id, every_hours, to_admins, addresses) values ($1, 24, false, array[null])',
    [broken],
  );
  await expect(bookCheckpoints(worker.database, running)).rejects.toThrow(broken);
  const standing = async (id = '') => (await checkpointStanding(worker.database.forOrganization(id))).last;
  expect(await standing(broken)).toBeNull();
  expect(await standing(whole)).not.toBeNull();
  await worker.system.query('delete from checkpoint_delivery where organization_id = $1', [broken]);
  expect(await bookCheckpoints(worker.database, running)).toBe(1);
  expect(await standing(broken)).not.toBeNull();
});

test('each syslog destination gets both checkpoints as they left, and again after a failure, and entries go on', async () => {
  const certificate = await certificateFor('localhost');
  const receiver = await startSyslogServer(certificate);
  receiver.behaviour.connected = (socket, count) => {
    if (count > 1) return 'read';
    receiver.reset(socket);
    return 'else';
  };
  const { worker } = await openSealedWorker();
  const id = await nameSyslog(worker, { port: receiver.port, certificateAuthority: certificate.cert });
  await nameSyslog(worker, { port: receiver.port, certificateAuthority: certificate.cert, enabled: false });
  const send = () =>
    sendSyslog(
      {
        database: worker.database,
        vault: worker.vault,
        logger: pino({ level: 'silent' }),
        receivers: { networks: ['127.0.0.0/8', '::1/128'], settle: 1_000 },
        publicUrl: 'https://mail.acme.example',
      },
      running,
    );
  await passInterval(worker);
  await bookCheckpoints(worker.database, running);
  const notes = await Promise.all(
    (['audit', 'admin'] as const).map(async (stream) => (await sealOf(worker, stream, worker.organization.id)).note),
  );
  await send();
  expect(await syslogOf(worker, id)).toMatchObject({ attempts: 1, nextIndex: 1 });
  await recordSteps(worker, [['<b@acme.example>', 'MessageAccess']]);
  await worker.system.query("update syslog_destination set next_attempt_at = clock_timestamp() - interval '1 ms'");
  await send();
  const messages = receiver.messages();
  expect(messages.map((text) => text.split(' ')[5])).toEqual(['LogCheckpoint', 'LogCheckpoint', 'MessageAccess']);
  const said = messages.slice(0, 2).map((text) => JSON.parse(text.slice(text.indexOf('] ') + 2)) as { stream: string; note: string });
  expect(said.map(({ stream }) => stream)).toEqual(['audit', 'admin']);
  expect(said.map(({ note }) => note)).toEqual(notes);
  expect(await send()).toBe(0);
});

interface Sent {
  readonly type: string;
  readonly timestamp: string;
  readonly data: {
    readonly checkpoints?: readonly { stream: 'audit' | 'admin'; origin: string; size: number; root: string; note: string }[];
  };
}

const post = (worker: TestWorker) =>
  sendWebhooks(
    { database: worker.database, vault: worker.vault, logger: pino({ level: 'silent' }), receivers: { networks: ['127.0.0.0/8'] } },
    running,
  );
const sentIn = ({ requests }: Awaited<ReturnType<typeof startReceiver>>) => requests.map(({ body }) => JSON.parse(body) as Sent);

test('a webhook that asked gets both checkpoints as they left, signed, before entries that wait, the same again after a failure', async () => {
  const receiver = await startReceiver();
  receiver.behaviour.answer = (response, count) => void response.writeHead(count === 1 ? 503 : 204).end();
  const other = await startReceiver();
  const { worker, scope } = await openSealedWorker();
  const { id, secret } = await nameWebhook(worker, { url: receiver.url, checkpoints: true });
  await nameWebhook(worker, { url: other.url });
  await nameWebhook(worker, { url: other.url, checkpoints: true, enabled: false });
  await passInterval(worker);
  await bookCheckpoints(worker.database, running);
  const seals = {
    audit: await sealOf(worker, 'audit', worker.organization.id),
    admin: await sealOf(worker, 'admin', worker.organization.id),
  };
  await recordSteps(worker, [['<b@acme.example>', 'MessageAccess']]);
  await post(worker);
  expect(await webhookOf(worker, id)).toMatchObject({ attempts: 1, nextIndex: 1 });
  // What is signed meanwhile is no reason to send something else.
  await seal(worker);
  await passWebhookTime(worker);
  await post(worker);
  const [first, second, third] = receiver.requests;
  expect(sentIn(receiver).map(({ type }) => type)).toEqual(['log.checkpoint', 'log.checkpoint', 'audit.entries']);
  expect([second?.body, second?.headers['webhook-id']]).toEqual([first?.body, first?.headers['webhook-id']]);
  expect(third?.headers['webhook-id']).not.toBe(second?.headers['webhook-id']);
  const headers = second?.headers as Record<string, string>;
  expect(new Webhook(secret, { format: 'raw' }).verify(second?.body ?? '', headers)).toMatchObject({ type: 'log.checkpoint' });
  const [known] = await listLogKeys(scope);
  const checkpoints = sentIn(receiver)[1]?.data.checkpoints ?? [];
  expect(checkpoints.map(({ stream }) => stream)).toEqual(['audit', 'admin']);
  for (const { stream, origin, size, root, note } of checkpoints) {
    expect(note).toBe(seals[stream].note);
    const read = readCheckpoint(note, { name: origin, publicKey: known?.publicKey ?? new Uint8Array() });
    expect([origin, size, root]).toEqual([read.origin, read.size, Buffer.from(read.root).toString('hex')]);
  }
  expect(sentIn(other).map(({ type }) => type)).toEqual(['audit.entries']);
  expect(await post(worker)).toBe(0);
  await ingestAll(worker);
  expect(
    await worker.system.query("select record #> '{after,webhooks}' as webhooks from admin_record where action = 'CheckpointSend'"),
  ).toEqual([{ webhooks: ['test'] }]);
});

test('a webhook that gets checkpoints alone is sent no entry, and the newest of those that it did not take', async () => {
  const receiver = await startReceiver();
  receiver.behaviour.answer = (response, count) => void response.writeHead(count === 1 ? 503 : 204).end();
  const { worker, scope } = await openSealedWorker();
  const { id } = await nameWebhook(worker, { url: receiver.url, entries: false, checkpoints: true });
  // A worker of a version that does not know of such webhooks sends entries of the operations that the row names, and of all where it names none.
  expect(await worker.system.query('select operations from webhook')).toEqual([{ operations: ['None'] }]);
  expect(await webhookOf(worker, id)).toMatchObject({ operations: [], entries: false });
  const steps = () => recordSteps(worker, [['<b@acme.example>', 'MessageAccess']]);
  await steps();
  expect(await post(worker)).toBe(0);
  const leave = async () => {
    await seal(worker);
    await passInterval(worker);
    await bookCheckpoints(worker.database, running);
    await passWebhookTime(worker);
    await post(worker);
  };
  await leave();
  await steps();
  await leave();
  const sent = sentIn(receiver);
  expect(sent.map(({ type, data }) => [type, data.checkpoints?.[0]?.size])).toEqual([
    ['log.checkpoint', 2],
    ['log.checkpoint', 3],
  ]);
  // Told to send entries, it begins with what comes then.
  await steps();
  const known = await webhookOf(worker, id);
  await scope.transaction((tx) => changeWebhook(tx, id, { ...known, entries: true, checkpoints: false }));
  await steps();
  await post(worker);
  expect(receiver.entries().map(({ logIndex }) => logIndex)).toEqual([4]);
});

test.each([
  { status: 422, pattern: ['log.checkpoint', 'audit.entries'] },
  { status: 500, pattern: ['log.checkpoint', 'log.checkpoint', 'log.checkpoint', 'audit.entries'] },
])(
  'a receiver that answers $status to checkpoints gets its entries all the same, and the checkpoints again an hour later; it is an alert until it takes them',
  async ({ status, pattern }) => {
    const receiver = await startReceiver();
    const { worker, scope } = await openSealedWorker();
    const { id } = await nameWebhook(worker, { url: receiver.url, checkpoints: true });
    let takesCheckpoints = false;
    receiver.behaviour.answer = (response) => {
      const isRefused = sentIn(receiver).at(-1)?.type === 'log.checkpoint' && !takesCheckpoints;
      response.writeHead(isRefused ? status : 204).end();
    };
    const open = async () => {
      await worker.system.transaction(watchAlerts);
      return (await listAlerts(scope, { state: 'open' }, { limit: 100, below: null })).items.map(({ kind }) => kind);
    };
    await passInterval(worker);
    await bookCheckpoints(worker.database, running);
    await recordSteps(worker, [['<b@acme.example>', 'MessageAccess']]);
    const turns = pattern.length === 2 ? 1 : pattern.length;
    for (let turn = 0; turn < turns; turn += 1) {
      await passWebhookTime(worker);
      await post(worker);
    }
    expect(sentIn(receiver).map(({ type }) => type)).toEqual(pattern);
    expect(await webhookOf(worker, id)).toMatchObject({ enabled: true, attempts: 0, nextIndex: 2 });
    expect(await open()).toEqual(['webhookStuck']);
    // Not before its time, whatever else is due.
    await recordSteps(worker, [['<c@acme.example>', 'MessageAccess']]);
    await post(worker);
    expect(sentIn(receiver).at(-1)?.type).toBe('audit.entries');
    takesCheckpoints = true;
    await worker.system.query('update webhook set checkpoint_after = clock_timestamp()');
    await post(worker);
    const checkpoints = receiver.requests.filter((_, index) => sentIn(receiver)[index]?.type === 'log.checkpoint');
    expect(checkpoints).toHaveLength(pattern.length);
    expect(new Set(checkpoints.map(({ body, headers }) => `${String(headers['webhook-id'])} ${body}`)).size).toBe(1);
    expect(await open()).toEqual([]);
    expect(await post(worker)).toBe(0);
  },
);

test('a receiver that takes no checkpoint for days is an alert, and then disabled, on record; what was moved meanwhile gets it at its new place', async () => {
  const receiver = await startReceiver();
  receiver.behaviour.answer = (response) => void response.writeHead(422).end();
  const { worker, scope } = await openSealedWorker();
  const { id } = await nameWebhook(worker, { url: receiver.url, entries: false, checkpoints: true });
  await passInterval(worker);
  await bookCheckpoints(worker.database, running);
  const open = async () => {
    await worker.system.transaction(watchAlerts);
    return (await listAlerts(scope, { state: 'open' }, { limit: 100, below: null })).items.map(({ kind }) => kind);
  };
  const alerts: string[] = [];
  for (let attempt = 1; attempt <= 12; attempt += 1) {
    await passWebhookTime(worker);
    await post(worker);
    if ([3, 4, 12].includes(attempt)) alerts.push(`${attempt}: ${(await open()).join()}`);
  }
  expect(alerts).toEqual(['3: ', '4: webhookStuck', '12: webhookDisabled']);
  expect(receiver.requests).toHaveLength(10);
  const stopped = await webhookOf(worker, id);
  expect(stopped).toMatchObject({ enabled: false, failure: 'failing' });
  await ingestAll(worker);
  expect(await worker.system.query("select record #>> '{actor,kind}' as kind from admin_record where action = 'WebhookDisable'")).toEqual([
    { kind: 'system' },
  ]);
  const elsewhere = await startReceiver();
  receiver.behaviour.answer = (response) => {
    // The old receiver takes it after all, when the webhook leads elsewhere already.
    void scope
      .transaction((tx) => changeWebhook(tx, id, { ...stopped, enabled: true, url: elsewhere.url }))
      .then(() => response.writeHead(204).end());
  };
  await scope.transaction((tx) => changeWebhook(tx, id, { ...stopped, enabled: true }));
  await passWebhookTime(worker);
  await post(worker);
  expect([receiver.requests.length, sentIn(elsewhere).map(({ type }) => type)]).toEqual([11, ['log.checkpoint']]);
});
