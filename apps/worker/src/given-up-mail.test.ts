import { removeExpiredRows } from '@signet/db/housekeeping';
import { expect, test } from 'vitest';
import { openTestWorker } from './testing/test-worker.ts';

test('a wrapper mail that was given up goes thirty days later where its recipient is revoked, and stays where they are not', async () => {
  const { system, accept } = await openTestWorker();
  await accept(['bob@example.net', 'eve@example.net', 'carol@example.net']);
  for (const [address, age, isRevoked] of [
    ['bob@example.net', '31 days', true],
    ['eve@example.net', '29 days', true],
    ['carol@example.net', '31 days', false],
  ]) {
    await system.query(
      `with mail as (
         update outbox set dead_at = clock_timestamp() - $2::interval from recipient r
         where r.address_key = $1 and kind = 'send-wrapper-mail' and payload ->> 'recipientId' = r.id::text returning r.id
       )
       update recipient set revoked_at = case when $3::boolean then clock_timestamp() end where id = (select id from mail)`,
      [address, age, isRevoked],
    );
  }

  expect(await removeExpiredRows(system)).toBe(1);

  const left = await system.query(
    "select r.address from outbox o join recipient r on o.payload ->> 'recipientId' = r.id::text where kind = 'send-wrapper-mail' order by 1",
  );
  expect(left).toEqual([{ address: 'carol@example.net' }, { address: 'eve@example.net' }]);
});
