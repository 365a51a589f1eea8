import { removeExpiredRows } from '@signet/db/housekeeping';
import { asSuperuser } from '@signet/db/testing/test-database';
import { expect, test, vi } from 'vitest';
import { startNextHop } from './testing/next-hop-server.ts';
import { entriesOf, openTestWorker, passTime } from './testing/test-worker.ts';

const patience = { timeout: 30_000, interval: 50 };

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

test('a wrapper mail that cannot be made is given up as soon as any other, and the trail says that it bounced', async () => {
  const worker = await openTestWorker({ attempts: 1 });
  const { id } = await worker.accept(['bob@example.net']);
  await asSuperuser(worker.url, "update branding_template_revision set content = '{}'");
  worker.run();
  await vi.waitFor(async () => expect(await entriesOf(worker, 'WrapperDelivery')).toHaveLength(1), patience);

  const [entry] = await entriesOf(worker, 'WrapperDelivery');
  expect(entry).toMatchObject({ status: 'Failure', Delivery: 'Bounced', Attempt: '1' });
  expect(entry?.['Response']).toMatch(/^Given up after 1 attempts\. /);
  expect(await worker.system.query('select delivery_state, wrapper_attempts from recipient where message_uid = $1', [id])).toEqual([
    { delivery_state: 'bounced', wrapper_attempts: 1 },
  ]);
  await vi.waitFor(() => expect(worker.givenUp).toHaveLength(1), patience);
});

test('a mail whose answer can never be recorded is sent twice and then given up', async () => {
  const nextHop = await startNextHop();
  const worker = await openTestWorker({ nextHopUrl: nextHop.url });
  await worker.accept(['bob@example.net']);
  await asSuperuser(worker.url, "alter table recipient add check (delivery_state = 'accepted')");
  worker.run();
  const row = async () =>
    (await worker.system.query("select attempts, dead_at, last_error from outbox where kind = 'send-wrapper-mail'"))[0];
  await vi.waitFor(async () => expect(await row()).toMatchObject({ attempts: 1, dead_at: null }), patience);
  await passTime(worker);
  await vi.waitFor(async () => expect(await row()).toMatchObject({ attempts: 2, dead_at: expect.any(Date) as Date }), patience);

  expect(await row()).toMatchObject({ last_error: expect.stringMatching(/^The next hop answered, .*check constraint/) as string });
  expect(nextHop.mails).toHaveLength(2);
  await vi.waitFor(() => expect(worker.givenUp).toHaveLength(1), patience);
});
