import { recordReportedDelivery } from '@signet/db/bounce';
import { asSuperuser } from '@signet/db/testing/test-database';
import { simpleParser } from 'mailparser';
import { expect, test, vi } from 'vitest';
import { attempt, deliveryReport, orderReports, reportsTo } from './testing/delivery-report.ts';
import { startFaultyNextHop } from './testing/faulty-next-hop.ts';
import { factsOf } from './testing/sender-facts.ts';
import { openTestWorker, passTime } from './testing/test-worker.ts';

const patience = { timeout: 45_000, interval: 50 };
const BOB = 'bob@example.net';
const bob = [{ address: BOB }] as const;

test('recipients of one message stand in one report by kind and envelope, in letters that every mail system reads', async () => {
  const hop = await startFaultyNextHop((to) => (to.endsWith('example.net') ? '550 5.1.1 No such user' : '250'));
  const worker = await openTestWorker({ nextHopUrl: hop.url });
  await worker.accept([
    ...['a', 'b', 'c'].map((name) => `${name}@example.net`),
    ...['d', 'e'].map((name) => ({ address: `${name}@example.net`, dsn: { envid: 'other' } })),
    { address: 'bøb@bücher.example.net', dsn: { orcpt: 'utf-8;bøb@bücher.example.net' } },
    'f@example.org',
  ]);
  await worker.system.query(`update message set subject = 'Größe'`);
  worker.run();
  await attempt(worker, 7);
  expect(await orderReports(worker)).toBe(2);
  const sent = await reportsTo(worker, hop, 2);
  const reports = await Promise.all(sent.map(({ raw }) => deliveryReport(raw)));
  const named = reports.map(({ status }) =>
    [...status.matchAll(/^Final-Recipient: .*?;(.*)$/gm)]
      .map(([, address = '']) => address)
      .toSorted((a, b) => a.localeCompare(b))
      .join(' '),
  );
  expect(named.toSorted((a, b) => a.length - b.length)).toEqual([
    'd@example.net e@example.net',
    'a@example.net b@example.net b\\x{F8}b@b\\x{FC}cher.example.net c@example.net',
  ]);
  for (const { about, status } of reports) {
    expect(about).toContain('Subject: =?UTF-8?Q?Gr=C3=B6=C3=9Fe?=');
    expect(status).toMatch(/^\p{ASCII}*$/u);
  }
  expect(reports.some(({ status }) => status.includes('Original-Recipient: utf-8;b\\x{F8}b@b\\x{FC}cher.example.net'))).toBe(true);
});

test('a report about a message whose subject its template hides does not show it', async () => {
  const hop = await startFaultyNextHop((to) => (to === BOB ? '550 5.1.1 No' : '250'));
  const worker = await openTestWorker({ nextHopUrl: hop.url });
  await asSuperuser(worker.url, `update branding_template_revision set content = content || '{"subjectShown": false}'`);
  await worker.accept(bob);
  worker.run();
  await attempt(worker, 1);
  expect(await orderReports(worker)).toBe(1);
  const [sent] = await reportsTo(worker, hop, 1);
  const { mail, about } = await deliveryReport(sent?.raw ?? '');
  expect(mail.subject).toBe('Your message could not be delivered');
  expect(about).toMatch(/^Message-ID: <[^>]*>\r\n$/);
  expect(sent?.raw).not.toContain('4711');
});

test('a worker that dies between handing a report over and booking it sends the same report again, and no second one', async () => {
  const hop = await startFaultyNextHop((to, nth) => (to === BOB ? '550 5.1.1 No' : nth === 1 ? 'close' : '250'));
  const worker = await openTestWorker({ nextHopUrl: hop.url });
  await worker.accept([BOB]);
  worker.run();
  await attempt(worker, 1);
  expect(await orderReports(worker)).toBe(1);
  await vi.waitFor(
    async () =>
      expect(await worker.system.query("select attempts from outbox where kind = 'send-delivery-report'")).toEqual([{ attempts: 1 }]),
    patience,
  );
  expect(await orderReports(worker)).toBe(0);
  await passTime(worker);
  const [sent] = await reportsTo(worker, hop, 1);
  const ids = hop.begun.filter(({ to }) => to === 'alice@acme.example').map(({ raw }) => /^Message-ID: (.*)$/im.exec(raw)?.[1]);
  expect(ids.at(-1)).toBe((await simpleParser(sent?.raw ?? '')).messageId);
  expect(await orderReports(worker)).toBe(0);
});

test('a mail that comes back after the next hop took it is reported as failed, unless the envelope asked for nothing', async () => {
  const hop = await startFaultyNextHop(() => '250');
  const worker = await openTestWorker({ nextHopUrl: hop.url });
  const message = await worker.accept([...bob, { address: 'carol@example.net', dsn: { notify: ['NEVER'] } }]);
  worker.run();
  await attempt(worker, 2);
  const scope = worker.database.forOrganization(worker.organization.id);
  for (const { id } of message.recipients) {
    const reported = { delivery: 'Bounced', response: '550 5.2.2 Mailbox full' } as const;
    expect(await recordReportedDelivery(scope, id, reported)).toBe(true);
    expect(await recordReportedDelivery(scope, id, reported)).toBe(false);
  }
  expect(await factsOf(worker)).toEqual([`bounced ${BOB}`]);
  expect(await orderReports(worker)).toBe(1);
  const [sent] = await reportsTo(worker, hop, 1);
  const { status } = await deliveryReport(sent?.raw ?? '');
  expect(status).toMatch(/^Action: failed\nStatus: 5\.2\.2\nDiagnostic-Code: smtp;550 5\.2\.2 Mailbox full$/m);
});

test('a mail that was late and has gone out meanwhile is not reported as late', async () => {
  const hop = await startFaultyNextHop((to, nth) => (to === BOB && nth === 1 ? '451 4.3.0 Later' : '250'));
  const worker = await openTestWorker({ nextHopUrl: hop.url });
  await worker.accept(bob);
  await worker.system.query("update outbox set created_at = created_at - interval '4 hours'");
  worker.run();
  await attempt(worker, 1);
  expect(await factsOf(worker)).toEqual([`delayed ${BOB}`]);
  await attempt(worker, 2);
  expect(await orderReports(worker)).toBe(1);
  await reportsTo(worker, hop, 0);
  expect(await factsOf(worker)).toEqual([]);
});
