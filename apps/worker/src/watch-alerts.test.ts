import { removeWebhook, changeWebhook } from '@signet/db/webhook';
import { alertKinds } from '@signet/domain/alert';
import { expect, test } from 'vitest';
import { alertCauses, failingWebhook, openAlertWorld } from './testing/alert-causes.ts';
import { recordActs } from './testing/sealed-log.ts';
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
