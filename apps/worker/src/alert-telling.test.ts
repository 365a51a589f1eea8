import { acknowledgeAlert } from '@signet/db/alert';
import { openAlerts } from '@signet/db/alert-opening';
import { noteTrackingSwitch, watchAlerts } from '@signet/db/alert-watch';
import { setMember } from '@signet/db/organization';
import type { AlertKind } from '@signet/domain/alert';
import { jobs } from '@signet/domain/jobs';
import type { Role } from '@signet/domain/role';
import { simpleParser } from 'mailparser';
import { pino } from 'pino';
import { Webhook } from 'standardwebhooks';
import { expect, test, vi } from 'vitest';
import { sendWebhooks } from './send-webhooks.ts';
import { startNextHop } from './testing/next-hop-server.ts';
import { openTestWorker, type TestWorker } from './testing/test-worker.ts';
import { nameWebhook, passWebhookTime, recordSteps, startReceiver, webhookOf } from './testing/webhook-receiver-server.ts';

const patience = { timeout: 45_000, interval: 50 };
const scopeOf = ({ database, organization }: TestWorker) => database.forOrganization(organization.id);

const switchTracking = (worker: TestWorker, on: boolean) =>
  scopeOf(worker).transaction(async (tx) => {
    await tx.query('update organization set enable_portal_tracking_logs = $2 where id = $1', [tx.organizationId, on]);
    await tx.query('update tracking_period set ended_at = case when $2 then null else clock_timestamp() end where organization_id = $1', [
      tx.organizationId,
      on,
    ]);
    await noteTrackingSwitch(tx, on, new Date(), { kind: 'member', id: null, address: 'admin@acme.example' });
  });
const watch = ({ system }: TestWorker) => system.transaction(watchAlerts);
const send = (worker: TestWorker) =>
  sendWebhooks({ ...worker, logger: pino({ level: 'silent' }), receivers: { networks: ['127.0.0.0/8'] } }, new AbortController().signal);

test('an alert is one mail to each admin and compliance officer, however often it is looked at, and none to others; it names no recipient', async () => {
  const nextHop = await startNextHop();
  const worker = await openTestWorker({ nextHopUrl: nextHop.url });
  const add = (name: string, role: Role) =>
    scopeOf(worker).administer((tx) => setMember(tx, { email: `${name}@acme.example`, role, passwordHash: 'none' }));
  for (const role of ['admin', 'compliance', 'auditor', 'helpdesk'] as const) await add(role, role);
  await switchTracking(worker, false);
  await watch(worker);
  await watch(worker);
  worker.run();
  const waiting = () => worker.system.query("select 1 from outbox where kind = 'send-alert-mail'");
  await vi.waitFor(async () => expect(await waiting()).toEqual([]), patience);
  expect(nextHop.mails.map(({ to }) => to).toSorted()).toEqual(['admin@acme.example', 'compliance@acme.example']);
  const [mail] = await Promise.all(nextHop.mails.map(({ raw }) => simpleParser(raw)));
  expect(mail?.subject).toMatch(/^Tracking is switched off \(/);
  expect(mail?.text).toMatch(/https:\/\/mail\.acme\.example\/admin\/alerts#alert-[0-9a-f-]{36}/);
  expect(mail?.headers.get('auto-submitted')).toBe('auto-generated');
  // On and off again within an hour is the same alert, and no further mail, unless somebody had said that they saw it.
  await switchTracking(worker, true);
  await switchTracking(worker, false);
  expect(await waiting()).toEqual([]);
  const [alert] = await worker.system.query<{ id: string }>('select id from alert');
  const by = { kind: 'system', id: null, address: null, name: 'Signet' } as const;
  await scopeOf(worker).transaction((tx) => acknowledgeAlert(tx, alert?.id ?? '', by));
  await switchTracking(worker, true);
  await switchTracking(worker, false);
  expect(await worker.system.query('select id, acknowledged_at, acknowledged_by, count from alert')).toEqual([
    { id: alert?.id, acknowledged_at: null, acknowledged_by: null, count: 3 },
  ]);
  await vi.waitFor(() => expect(nextHop.mails).toHaveLength(4), patience);
});

test('a receiver that asked is told when an alert opens and when it is over, signed, before entries; one that did not ask is not', async () => {
  const [asked, other] = [await startReceiver(), await startReceiver()];
  const worker = await openTestWorker();
  const { secret } = await nameWebhook(worker, { url: asked.url, alerts: true });
  await nameWebhook(worker, { url: other.url });
  await recordSteps(worker, [['<a@acme.example>', 'MessageAccess']]);
  await switchTracking(worker, false);
  await send(worker);
  await switchTracking(worker, true);
  await send(worker);
  await switchTracking(worker, false);
  await send(worker);
  const bodies = asked.requests.map((request) =>
    new Webhook(secret, { format: 'raw' }).verify(request.body, request.headers as Record<string, string>),
  );
  const alert = {
    id: expect.any(String),
    kind: 'trackingOff',
    summary: 'Tracking is switched off',
    detail: 'admin@acme.example',
    count: 1,
  };
  expect(bodies).toMatchObject([
    { type: 'alert.opened', timestamp: expect.any(String), data: { alert } },
    { type: 'audit.entries' },
    { type: 'alert.resolved', data: { alert } },
    { type: 'alert.opened', data: { alert: { ...alert, count: 2 } } },
  ]);
  expect(
    new Set(asked.requests.flatMap(({ body }) => (JSON.parse(body) as { data: { alert?: { id: string } } }).data.alert?.id ?? [])).size,
  ).toBe(1);
  expect(other.requests.map(({ body }) => (JSON.parse(body) as { type: string }).type)).toEqual(['audit.entries']);
  expect(await worker.system.query('select 1 from webhook_alert')).toEqual([]);
});

test('what a receiver refuses of an alert is tried again, the same under the same id; its own trouble is told to the others alone', async () => {
  const [failing, quick] = [await startReceiver(), await startReceiver()];
  failing.behaviour.answer = (response, count) => void response.writeHead(count < 3 ? 503 : 200).end();
  const worker = await openTestWorker();
  const { id } = await nameWebhook(worker, { url: failing.url, alerts: true });
  await nameWebhook(worker, { url: quick.url, alerts: true });
  await switchTracking(worker, false);
  for (let attempt = 0; attempt < 3; attempt += 1) {
    await send(worker);
    await passWebhookTime(worker);
  }
  expect(failing.requests).toHaveLength(3);
  expect(new Set(failing.requests.map(({ headers, body }) => `${String(headers['webhook-id'])} ${body}`)).size).toBe(1);
  failing.behaviour.answer = (response) => void response.writeHead(410).end();
  await recordSteps(worker, [['<a@acme.example>', 'MessageAccess']]);
  await send(worker);
  await watch(worker);
  await send(worker);
  const kinds = quick.requests.map(({ body }) => (JSON.parse(body) as { data: { alert?: { kind: string } } }).data.alert?.kind);
  expect(kinds).toEqual(['trackingOff', undefined, 'webhookDisabled']);
  expect(await worker.system.query('select 1 from webhook_alert where webhook_id = $1', [id])).toEqual([]);
});

const isAlert = (body: string | undefined) => body?.includes('"alert.opened"') === true;

test.each([
  [500, 3],
  [400, 1],
])('an alert that a receiver answers with %i is dropped after %i attempts, noted, and entries go on', async (status, attempts) => {
  const receiver = await startReceiver();
  receiver.behaviour.answer = (response) => void response.writeHead(isAlert(receiver.requests.at(-1)?.body) ? status : 204).end();
  const worker = await openTestWorker();
  const { id } = await nameWebhook(worker, { url: receiver.url, alerts: true });
  await recordSteps(worker, [['<a@acme.example>', 'MessageAccess']]);
  await switchTracking(worker, false);
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    await send(worker);
    await passWebhookTime(worker);
  }
  await send(worker);
  expect(receiver.requests.map(({ body }) => isAlert(body))).toEqual([...Array.from({ length: attempts }, () => true), false]);
  expect(await worker.system.query('select 1 from webhook_alert')).toEqual([]);
  expect(await webhookOf(worker, id)).toMatchObject({ enabled: true, attempts: 0, nextIndex: 1 });
  const noted = await worker.system.query<{ last: boolean }>(
    "select next_attempt_at is null as last from webhook_delivery where kind = 'alert' and error is not null order by id",
  );
  expect(noted.map(({ last }) => last)).toEqual([...Array.from({ length: attempts - 1 }, () => false), true]);
});

test('of what somebody tries at many links a member gets one mail of each kind within a quarter of an hour', async () => {
  const worker = await openTestWorker();
  await scopeOf(worker).administer((tx) => setMember(tx, { email: 'admin@acme.example', role: 'admin', passwordHash: 'none' }));
  const tried = (kind: AlertKind, ...subjects: string[]) =>
    scopeOf(worker).transaction((tx) =>
      openAlerts(
        tx,
        subjects.map((subject) => ({
          organizationId: tx.organizationId,
          kind,
          subject,
          aboutId: null,
          at: new Date(),
          more: 10,
          count: 10,
        })),
      ),
    );
  const mails = async () => (await worker.system.query("select 1 from outbox where kind = 'send-alert-mail'")).length;
  expect(await tried('failedSignIns', 'a', 'b', 'c')).toHaveLength(3);
  expect(await mails()).toBe(1);
  await tried('failedSignIns', 'd');
  expect(await mails()).toBe(1);
  await tried('openingAfterRevocation', 'a');
  expect(await mails()).toBe(2);
  await worker.system.query("update alert set mailed_at = mailed_at - interval '16 minutes'");
  await tried('failedSignIns', 'e', 'f');
  expect(await mails()).toBe(3);
  expect(jobs['send-alert-mail'].queue).toBe(jobs['send-sender-notice'].queue);
});
