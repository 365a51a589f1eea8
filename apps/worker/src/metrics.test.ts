import { asSuperuser } from '@signet/db/testing/test-database';
import { expect, test } from 'vitest';
import { makeMetrics } from './metrics.ts';
import { openTestWorker } from './testing/test-worker.ts';

test('one look tells of the outbox as it is then, its oldest due row included; while the database is away it tells nothing of it', async () => {
  const around = await openTestWorker();
  const { registry } = makeMetrics(around.system);
  await around.accept(['bob@example.net']);
  await asSuperuser(
    around.url,
    "update outbox set event_time = event_time - interval '1 hour', next_attempt_at = next_attempt_at - interval '1 hour'",
  );
  const rows = await around.system.query('select from outbox');
  const text = await registry.metrics();
  expect(text).toContain(`signet_outbox_rows{state="waiting"} ${rows.length}`);
  expect(Number(/^signet_outbox_oldest_seconds (.+)$/m.exec(text)?.[1])).toBeGreaterThanOrEqual(3_600);

  await asSuperuser(around.url, 'delete from outbox');
  expect(await registry.metrics()).toMatch(/^signet_outbox_oldest_seconds 0$/m);

  await asSuperuser(around.url, 'alter table outbox rename to outbox_away');
  const away = await registry.metrics();
  expect(away).not.toMatch(/^signet_outbox_(rows|oldest_seconds)\b/m);
  expect(away).toMatch(/^signet_messages_without_content 0$/m);
});
