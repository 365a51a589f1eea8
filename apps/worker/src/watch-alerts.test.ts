import { appendAdminRecord } from '@signet/db/admin-record';
import { addToOutbox } from '@signet/db/outbox';
import { removeWebhook, changeWebhook } from '@signet/db/webhook';
import { alertKinds, STUCK_MINUTES } from '@signet/domain/alert';
import { backoffSeconds } from '@signet/domain/jobs';
import { expect, test } from 'vitest';
import { alertCauses, failingWebhook, openAlertWorld, type AlertWorld } from './testing/alert-causes.ts';
import { ingestAll, recordActs } from './testing/sealed-log.ts';
import { passWebhookTime, webhookOf } from './testing/webhook-receiver-server.ts';

test.each(alertKinds)('%s: opened once, whoever looks how often, of this organization alone, and over when it is', async (kind) => {
  const world = await openAlertWorld();
  expect(await world.open()).toEqual([]);
  const { row, mend } = await alertCauses[kind](world);
  await Promise.all([world.watch(), world.watch()]);
  expect(await world.open()).toEqual([kind]);
  const [alert] = await world.alerts();
  expect(alert).toMatchObject({ count: row.count ?? 1, resolvedAt: null });
  await mend();
  expect(await world.open()).toEqual([]);
  expect(await world.alerts()).toMatchObject([{ id: alert?.id, resolvedAt: expect.any(Date) }]);
});

test('what comes and goes is one alert that counts, and after an hour of rest a new one', async () => {
  const world = await openAlertWorld();
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

test('what somebody tried is not over before nobody did for a day', async () => {
  const world = await openAlertWorld();
  await alertCauses.failedSignIns(world);
  await world.scope.query("update alert set last_seen = now() - interval '23 hours'");
  expect(await world.open()).toEqual(['failedSignIns']);
  await world.scope.query("update alert set last_seen = now() - interval '25 hours'");
  expect(await world.open()).toEqual([]);
});

test('a log in which nothing happened for days is late since somebody noticed it, and not since those days', async () => {
  const world = await openAlertWorld();
  const [before] = await world.system.query<{ now: Date }>('select clock_timestamp() as now');
  await alertCauses.sealingBehind(world);
  await world.scope.query("update log_seal set published_at = now() - interval '3 days'");
  await world.watch();
  const [alert] = await world.alerts('open');
  expect(alert?.firstSeen.getTime()).toBeGreaterThanOrEqual(before?.now.getTime() ?? Infinity);
});

test('an administrative record that somebody changed stops no alert of anybody', async () => {
  const world = await openAlertWorld();
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

/** Records an administrative act, which nobody takes into the log yet. */
const act = ({ scope }: AlertWorld) =>
  scope.transaction((tx) =>
    appendAdminRecord(tx, {
      action: 'MessageSearch',
      actor: { kind: 'member', id: null, address: 'admin@acme.example' },
      target: { kind: 'message', id: null },
    }),
  );

/** Lets time pass for all that waits. */
const passSeconds = ({ system }: AlertWorld, seconds: number) =>
  system.query(
    'update outbox set event_time = event_time - make_interval(secs => $1), next_attempt_at = next_attempt_at - make_interval(secs => $1)',
    [seconds],
  );

test('an event that cannot become an entry, and fails for a quarter of an hour, is an alert of its log until it can', async () => {
  const world = await openAlertWorld();
  const { worker, system } = world;
  for (const address of ['bob@example.net', 'eve@example.net']) await worker.accept([address]);
  const [bad] = await system.query<{ id: number }>(
    `update outbox set payload = payload || '{"version": "none"}' where id = (select min(id) from outbox where kind = 'ingest-audit-event') returning id`,
  );
  let seconds = 0;
  for (let attempt = 1; seconds < STUCK_MINUTES * 60; attempt += 1) {
    await ingestAll(worker);
    expect(await world.open()).toEqual([]);
    await passSeconds(world, backoffSeconds(attempt));
    seconds += backoffSeconds(attempt);
  }
  await ingestAll(worker);
  await world.seal();
  // The other one is in the log and signed: this one is all that waits.
  expect(await system.query("select id from outbox where kind = 'ingest-audit-event'")).toEqual([bad]);
  expect(await world.open()).toEqual(['sealingBehind']);
  expect(await world.alerts()).toMatchObject([{ log: 'audit', waiting: 1, count: 1, detail: null }]);

  await system.query(`update outbox set payload = payload || '{"version": 1}' where id = $1`, [bad?.id]);
  await passSeconds(world, 3_600);
  await ingestAll(worker);
  expect(await world.open()).toEqual([]);
  expect(await world.alerts()).toMatchObject([{ log: 'audit', resolvedAt: expect.any(Date) }]);
});

test('events that nobody takes into the log for a quarter of an hour are an alert, whether they are handed on or not', async () => {
  const world = await openAlertWorld();
  const { worker, system, organization } = world;
  await act(world);
  await act(world);
  await passSeconds(world, (STUCK_MINUTES - 1) * 60);
  expect(await world.open()).toEqual([]);
  await act(world);
  await passSeconds(world, 120);
  expect(await world.open()).toEqual(['sealingBehind']);
  expect(await world.alerts()).toMatchObject([{ log: 'admin', waiting: 2 }]);
  expect(await system.query('select organization_id from alert')).toEqual([{ organization_id: organization.id }]);
  // The relay works, and whoever should take them from the queue does not.
  expect(await worker.newRelay().handOn()).toBe(3);
  expect(await world.open()).toEqual(['sealingBehind']);
  await ingestAll(worker);
  expect(await world.open()).toEqual([]);
});

test('a download that goes on for an hour holds its event back, and is no alert', async () => {
  const world = await openAlertWorld();
  const now = Date.now();
  const download = { eventTime: new Date(now - 3_600_000), notBefore: new Date(now + 15_000) };
  await world.scope.transaction((tx) => addToOutbox(tx, [{ kind: 'ingest-audit-event', payload: {}, ...download }]));
  await world.system.query("update outbox set created_at = created_at - interval '1 hour'");
  expect(await world.open()).toEqual([]);
});

test('a log that is signed late while events wait to come into it is one alert, and open until both are over', async () => {
  const world = await openAlertWorld();
  const { mend } = await alertCauses.sealingBehind(world);
  await act(world);
  await passSeconds(world, (STUCK_MINUTES + 1) * 60);
  expect(await world.open()).toEqual(['sealingBehind']);
  expect(await world.alerts()).toMatchObject([{ log: 'admin', waiting: 4 }]);
  await mend();
  expect(await world.open()).toEqual(['sealingBehind']);
  await ingestAll(world.worker);
  expect(await world.open()).toEqual([]);
});
