import { listAlerts } from '@signet/db/alert';
import { watchAlerts } from '@signet/db/alert-watch';
import { createApiKey } from '@signet/db/api-key';
import { noteFeedReader } from '@signet/db/feed-reader';
import { asSuperuser } from '@signet/db/testing/test-database';
import { changeSyslogDestination, removeSyslogDestination } from '@signet/db/syslog-destination';
import { changeWebhook, removeWebhook } from '@signet/db/webhook';
import { alertKinds, type AlertKind } from '@signet/domain/alert';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { checkLog } from './log-checker.ts';
import { sealLogs } from './seal-logs.ts';
import { sendSyslog } from './send-syslog.ts';
import { sendWebhooks } from './send-webhooks.ts';
import { recordActs, sealerOf } from './testing/sealed-log.ts';
import { nameSyslog, passSyslogTime, syslogOf } from './testing/syslog-server.ts';
import { openTestWorker } from './testing/test-worker.ts';
import { nameWebhook, passWebhookTime, recordSteps, startReceiver, webhookOf } from './testing/webhook-receiver-server.ts';

const running = new AbortController().signal;

async function worldOf() {
  const worker = await openTestWorker();
  const { database, system, organization, url } = worker;
  const scope = database.forOrganization(organization.id);
  const watch = () => system.transaction(watchAlerts);
  const alerts = async (state?: 'open' | 'resolved') => (await listAlerts(scope, { state }, { limit: 100, below: null })).items;
  /** What is open, after a look. */
  const open = async (): Promise<AlertKind[]> => {
    await watch();
    return (await alerts('open')).map(({ kind }) => kind);
  };
  const send = () => sendWebhooks({ ...worker, logger: pino({ level: 'silent' }), receivers: { networks: ['127.0.0.0/8'] } }, running);
  const sendLog = () =>
    sendSyslog(
      {
        ...worker,
        logger: pino({ level: 'silent' }),
        receivers: { networks: [], patience: 1_000, settle: 1_000 },
        publicUrl: 'https://mail.acme.example',
      },
      running,
    );
  const seal = () => sealLogs({ system, sealer: sealerOf(worker) }, running, { all: true });
  const superuser = (sql: string) => asSuperuser(url, `set session_replication_role = replica; ${sql}`);
  return { ...worker, worker, scope, watch, alerts, open, send, sendLog, seal, superuser };
}
type World = Awaited<ReturnType<typeof worldOf>>;

const step = [['<a@acme.example>', 'MessageAccess']] as const;

async function failingWebhook({ worker }: World, status: number) {
  const receiver = await startReceiver();
  receiver.behaviour.answer = (response) => void response.writeHead(status).end();
  const { id } = await nameWebhook(worker, { url: receiver.url });
  await recordSteps(worker, step);
  return { id, receiver };
}

/** How each kind comes about, and how it ends, as it does in life; time alone is made to pass. What recipients try is in the api's tests. */
const cases: Record<Exclude<AlertKind, 'failedSignIns' | 'openingAfterRevocation'>, (world: World) => Promise<() => Promise<unknown>>> = {
  trackingOff: async ({ scope }) => {
    await scope.query(
      `insert into tracking_period (organization_id, started_at, ended_at) values ($1, now() - interval '2 days', now() - interval '1 day')`,
      [scope.organizationId],
    );
    const set = (on: boolean) =>
      scope.query('update organization set enable_portal_tracking_logs = $2 where id = $1', [scope.organizationId, on]);
    await scope.query('update tracking_period set ended_at = now() where organization_id = $1', [scope.organizationId]);
    await set(false);
    return () => set(true);
  },
  webhookDisabled: async (world) => {
    const { id } = await failingWebhook(world, 410);
    await world.send();
    const known = await webhookOf(world.worker, id);
    return () => world.scope.transaction((tx) => changeWebhook(tx, id, { ...known, enabled: true }));
  },
  webhookStuck: async (world) => {
    const { receiver } = await failingWebhook(world, 500);
    for (let attempt = 0; attempt < 4; attempt += 1) {
      expect(await world.open()).toEqual([]);
      await passWebhookTime(world.worker);
      await world.send();
    }
    return async () => {
      receiver.behaviour.answer = (response) => void response.writeHead(204).end();
      await passWebhookTime(world.worker);
      await world.send();
    };
  },
  syslogDisabled: async (world) => {
    const id = await nameSyslog(world.worker, { port: 9 });
    await recordSteps(world.worker, step);
    // None of its networks is allowed, so nothing leaves.
    for (let attempt = 0; attempt < 10; attempt += 1) {
      await passSyslogTime(world.worker);
      await world.sendLog();
    }
    const known = await syslogOf(world.worker, id);
    return () => world.scope.transaction((tx) => changeSyslogDestination(tx, { ...known, enabled: true }, undefined));
  },
  syslogStuck: async (world) => {
    const id = await nameSyslog(world.worker, { port: 9 });
    await recordSteps(world.worker, step);
    for (let attempt = 0; attempt < 4; attempt += 1) {
      expect(await world.open()).toEqual([]);
      await passSyslogTime(world.worker);
      await world.sendLog();
    }
    return () => world.scope.transaction((tx) => removeSyslogDestination(tx, id));
  },
  feedStuck: async ({ worker, scope, open, seal }) => {
    const key = await scope.administer((tx) =>
      createApiKey(tx, {
        name: 'SIEM',
        hint: 'sk',
        secretHash: Buffer.alloc(32, 1),
        scopes: ['audit:read'],
        createdBy: { kind: 'system', id: null, address: null, name: 'Signet' },
      }),
    );
    await recordSteps(worker, step);
    await seal();
    await noteFeedReader(scope, key.id, 0);
    await scope.query(
      "update feed_reader set first_read_at = now() - interval '60 hours', moved_at = now() - interval '25 hours', read_at = moved_at",
    );
    // What is new since then is no reason to miss anybody.
    expect(await open()).toEqual([]);
    await asSuperuser(
      worker.url,
      "set session_replication_role = replica; update audit_entry set recorded_at = now() - interval '25 hours'",
    );
    return () => noteFeedReader(scope, key.id, 1);
  },
  sealingBehind: async ({ worker, seal, superuser, open }) => {
    await recordActs(worker, 1);
    await seal();
    await recordActs(worker, 3);
    expect(await open()).toEqual([]);
    await superuser(`update log_seal set published_at = now() - interval '2 minutes';
      update admin_record set record = (record::jsonb || '{"recordedAt": "2026-01-01T00:00:00.000Z"}')::json`);
    return seal;
  },
  sealingRefused: async ({ worker, seal, superuser }) => {
    await recordActs(worker, 2);
    await superuser('create table kept as select * from log_entry; delete from log_entry where log_index = 1');
    await expect(seal()).rejects.toThrow('missing');
    return async () => {
      await superuser('insert into log_entry select * from kept where log_index = 1');
      await seal();
    };
  },
  logDiffers: async ({ worker, seal, superuser, organization }) => {
    await recordActs(worker, 2);
    await seal();
    await superuser(
      `create table kept as select * from admin_record; update admin_record set record = (record::jsonb || '{"reason": "changed"}')::json where log_index = 1`,
    );
    const check = () => checkLog(worker, { organizationId: organization.id, stream: 'admin' });
    await check();
    return async () => {
      await superuser('update admin_record a set record = kept.record from kept where a.log_index = kept.log_index');
      await check();
    };
  },
};

test.each(Object.entries(cases))(
  '%s: opened once, whoever looks how often, of this organization alone, and over when it is',
  async (kind, cause) => {
    const world = await worldOf();
    expect(await world.open()).toEqual([]);
    const mend = await cause(world);
    await Promise.all([world.watch(), world.watch()]);
    expect(await world.open()).toEqual([kind]);
    const [alert] = await world.alerts();
    expect(alert).toMatchObject({ count: 1, resolvedAt: null });
    await mend();
    expect(await world.open()).toEqual([]);
    expect(await world.alerts()).toMatchObject([{ id: alert?.id, resolvedAt: expect.any(Date) }]);
  },
);

test('every kind is set off by a test', () => {
  expect(alertKinds.toSorted()).toEqual([...Object.keys(cases), 'failedSignIns', 'openingAfterRevocation'].toSorted());
});

test('what comes and goes is one alert that counts, and after an hour of rest a new one', async () => {
  const world = await worldOf();
  const { id } = await failingWebhook(world, 410);
  const swing = async () => {
    await passWebhookTime(world.worker);
    await world.send();
    expect(await world.open()).toEqual(['webhookDisabled']);
    const known = await webhookOf(world.worker, id);
    await world.scope.transaction((tx) => changeWebhook(tx, id, { ...known, enabled: true }));
    expect(await world.open()).toEqual([]);
  };
  await swing();
  await swing();
  expect(await world.alerts()).toMatchObject([{ count: 2 }]);
  await world.scope.query("update alert set resolved_at = resolved_at - interval '2 hours'");
  await swing();
  expect(await world.alerts()).toMatchObject([{ count: 1 }, { count: 2 }]);
  const known = await webhookOf(world.worker, id);
  await world.send();
  expect(await world.open()).toEqual(['webhookDisabled']);
  expect(known.id).toBe(id);
  // One that is gone is no trouble any more.
  await world.scope.transaction((tx) => removeWebhook(tx, id));
  expect(await world.open()).toEqual([]);
});

test('what somebody tried is over when nobody did for a day', async () => {
  const world = await worldOf();
  await world.scope.query(
    `insert into alert (organization_id, id, kind, subject, count, first_seen, last_seen)
     values ($1, gen_random_uuid(), 'failedSignIns', 'x', 10, now() - interval '2 days', now() - interval '23 hours')`,
    [world.scope.organizationId],
  );
  expect(await world.open()).toEqual(['failedSignIns']);
  await world.scope.query("update alert set last_seen = now() - interval '25 hours'");
  expect(await world.open()).toEqual([]);
});

test('an administrative record that somebody changed stops no alert of anybody', async () => {
  const world = await worldOf();
  await recordActs(world.worker, 1);
  await world.seal();
  await recordActs(world.worker, 2);
  await world.superuser(`update log_seal set published_at = now() - interval '2 minutes';
    update admin_record set record = (record::jsonb || '{"recordedAt": "9", "reason": 1}')::json;
    update admin_record set record = (left(record::text, -1) || ', "x": "\\u0000"}')::json`);
  const { receiver } = await failingWebhook(world, 410);
  await world.send();
  expect(receiver.requests).toHaveLength(1);
  expect(await world.open()).toContain('webhookDisabled');
});
