import { resendWrappers } from '@signet/db/wrapper-resend';
import { simpleParser } from 'mailparser';
import { expect, test, vi } from 'vitest';
import { startNextHop } from './testing/next-hop-server.ts';
import { entriesOf, openTestWorker, passTime } from './testing/test-worker.ts';

const patience = { timeout: 45_000, interval: 50 };

test('a mail that is sent again has the same link and a Message-ID of its own, the same on each of its attempts', async () => {
  const nextHop = await startNextHop((_to, attempt) => (attempt === 2 ? '451 4.3.0 Come back later' : '250'));
  const worker = await openTestWorker({ nextHopUrl: nextHop.url });
  const { id, recipients } = await worker.accept(['bob@example.net']);
  worker.run();
  await vi.waitFor(async () => expect(await entriesOf(worker, 'WrapperDelivery')).toHaveLength(1), patience);

  const result = await resendWrappers(worker.database.forOrganization(worker.organization.id), {
    sight: 'organization',
    messageUid: id,
    by: { kind: 'member', id: null, address: 'helpdesk@acme.example', name: 'helpdesk@acme.example' },
    clientIp: null,
    userAgent: null,
  });
  expect(result.outcome).toBe('done');
  await vi.waitFor(async () => expect(await entriesOf(worker, 'WrapperDelivery')).toHaveLength(2), patience);
  await passTime(worker);
  await vi.waitFor(async () => expect(await entriesOf(worker, 'WrapperDelivery')).toHaveLength(3), patience);

  const [first, second, third] = await Promise.all(nextHop.mails.map((mail) => simpleParser(mail.raw)));
  const [recipient] = recipients;
  expect(first?.messageId).toBe(`<w-${recipient?.id}@acme.example>`);
  expect(second?.messageId).toMatch(new RegExp(`^<w-${recipient?.id}-[0-9a-f-]{36}@acme\\.example>$`));
  expect(third?.messageId).toBe(second?.messageId);
  const link = `https://mail.acme.example/m/${recipient?.link_token}`;
  for (const mail of [first, second, third]) expect(mail?.text?.split('\n')).toContain(link);
  expect(await entriesOf(worker, 'WrapperResend')).toMatchObject([{ status: 'Success' }]);
  expect(await entriesOf(worker, 'WrapperDelivery')).toMatchObject([
    { Delivery: 'Sent', Attempt: '1' },
    { Delivery: 'Deferred', Attempt: '2' },
    { Delivery: 'Sent', Attempt: '3' },
  ]);
  expect(await worker.system.query("select 1 from outbox where kind = 'send-wrapper-mail'")).toEqual([]);
});
