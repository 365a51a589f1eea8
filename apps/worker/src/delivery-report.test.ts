import type { DeliveryRequest, EnvelopeRecipient } from '@signet/domain/delivery-report';
import { describe, expect, test, vi } from 'vitest';
import { attempt, deliveryReport, orderReports, reportsTo } from './testing/delivery-report.ts';
import { startFaultyNextHop, type Fault } from './testing/faulty-next-hop.ts';
import { acceptPassing } from './testing/passing-message.ts';
import { configure, factsOf } from './testing/sender-facts.ts';
import { entriesOf, openTestWorker, type TestWorker } from './testing/test-worker.ts';

const patience = { timeout: 45_000, interval: 50 };
const BOB = 'bob@example.net';

async function stateOf({ system }: TestWorker, address = BOB): Promise<string | undefined> {
  const [row] = await system.query<{ state: string }>('select delivery_state as state from recipient where address = $1', [address]);
  return row?.state;
}

/** How the one mail is handed in: with a wrapper, or to be passed through. */
const ways = {
  'a wrapper mail': (worker: TestWorker, recipients: readonly EnvelopeRecipient[]) => worker.accept(recipients),
  'a message that passes': (worker: TestWorker, recipients: readonly EnvelopeRecipient[]) => acceptPassing(worker, 'everybody', recipients),
} as const;

const bob = [{ address: BOB }] as const;

interface Case {
  readonly faults: readonly Fault[];
  readonly attempts?: number;
  readonly state: 'Bounced' | 'Sent';
  /** What the trail says of each attempt. */
  readonly deliveries: readonly [delivery: string, response: RegExp][];
  /** What the delivery status says; null: there is no report. */
  readonly report: readonly RegExp[] | null;
}

const LATER = '451 4.3.0 Later';
const cases: Record<string, Case> = {
  'answers 550': {
    faults: ['550 5.1.1 No such user'],
    state: 'Bounced',
    deliveries: [['Bounced', /550 5\.1\.1 No such user/]],
    report: [/^Action: failed$/m, /^Status: 5\.1\.1$/m, /^Diagnostic-Code: smtp;550 5\.1\.1 No such user$/m],
  },
  'answers 451 three times and then 250': {
    faults: [LATER, LATER, LATER, '250'],
    state: 'Sent',
    deliveries: [
      ['Deferred', /^451 4\.3\.0 Later$/],
      ['Deferred', /^451 4\.3\.0 Later$/],
      ['Deferred', /^451 4\.3\.0 Later$/],
      ['Sent', /^250/],
    ],
    report: null,
  },
  'answers 451 until it is given up': {
    faults: [LATER, LATER],
    attempts: 2,
    state: 'Bounced',
    deliveries: [
      ['Deferred', /^451 4\.3\.0 Later$/],
      ['Bounced', /^Given up after 2 attempts\. 451 4\.3\.0 Later$/],
    ],
    report: [/^Action: failed$/m, /^Status: 4\.4\.7$/m, /^Diagnostic-Code: smtp;451 4\.3\.0 Later$/m],
  },
  'hangs until it is given up': {
    faults: ['hang', 'hang'],
    attempts: 2,
    state: 'Bounced',
    deliveries: [
      ['Deferred', /timeout|timed out|aborted/i],
      ['Bounced', /^Given up after 2 attempts\. /],
    ],
    report: [/^Action: failed$/m, /^Status: 4\.4\.7$/m],
  },
  'closes in the middle until it is given up': {
    faults: ['close', 'close'],
    attempts: 2,
    state: 'Bounced',
    deliveries: [
      ['Deferred', /closed|reset|EPIPE/i],
      ['Bounced', /^Given up after 2 attempts\. /],
    ],
    report: [/^Action: failed$/m, /^Status: 4\.4\.7$/m],
  },
  'closes in the middle once': {
    faults: ['close', '250'],
    state: 'Sent',
    deliveries: [
      ['Deferred', /closed|reset|EPIPE/i],
      ['Sent', /^250/],
    ],
    report: null,
  },
};

const recipientLines = (name: string) =>
  `Original-Recipient: rfc822;${name.toUpperCase()}@Example.NET\nFinal-Recipient: rfc822;${name}@example.net`;

describe.each(Object.entries(ways))('%s', (way, accept) => {
  const word = (delivery: string) => (way === 'a message that passes' ? delivery.replace('Sent', 'Passed') : delivery);

  test.each(Object.entries(cases))(
    'to a next hop that %s: the state, the trail, and one report to the sender where it did not go out',
    async (_, { faults, attempts, state, deliveries, report }) => {
      const hop = await startFaultyNextHop((to, nth) => (to === BOB ? (faults[nth - 1] ?? '250') : '250'));
      const worker = await openTestWorker({ nextHopUrl: hop.url, answerWithinSeconds: 3, ...(attempts !== undefined && { attempts }) });
      const message = await accept(worker, bob);
      worker.run();
      await attempt(worker, deliveries.length);

      expect(await stateOf(worker)).toBe(word(state).toLowerCase());
      const entries = await entriesOf(worker, 'WrapperDelivery');
      expect(entries.map((entry) => [entry['Delivery'], entry['Attempt']])).toEqual(
        deliveries.map(([delivery], index) => [word(delivery), String(index + 1)]),
      );
      for (const [index, [, response]] of deliveries.entries()) expect(entries[index]?.['Response']).toMatch(response);

      // The one notice of it is the report: there is no other mail of it.
      expect(await factsOf(worker)).toEqual(report === null ? [] : [`bounced ${BOB}`]);
      expect(await orderReports(worker)).toBe(report === null ? 0 : 1);
      const [sent] = await reportsTo(worker, hop, report === null ? 0 : 1);
      if (report === null || !sent) return;
      expect(sent.from).toBe('');
      const { type, status, about, mail } = await deliveryReport(sent.raw);
      expect(type).toBe('multipart/report; report-type=delivery-status');
      expect(mail.headers.get('auto-submitted')).toBe('auto-replied');
      expect(mail.subject).toBe('Not delivered: Offer 4711');
      expect(mail.text).toContain(`It could not be delivered to:\n${BOB} (`);
      expect(status).toMatch(/^Reporting-MTA: dns;mail\.acme\.example$/m);
      expect(status).toMatch(/^Final-Recipient: rfc822;bob@example\.net$/m);
      for (const line of report) expect(status).toMatch(line);
      expect(about).toBe(`Message-ID: <${message.id}@acme.example>\r\nSubject: Offer 4711\r\n`);
      expect(sent.raw).not.toContain('zzz');
    },
  );

  test('what the envelope asks is what the sender is told, before what is set for all: never, of failure, of success', async () => {
    const asked: Record<string, DeliveryRequest['notify']> = {
      'refused-never': ['NEVER'],
      'refused-success': ['SUCCESS'],
      'refused-delay': ['DELAY'],
      'refused-failure': ['FAILURE', 'DELAY'],
      'refused-unsaid': undefined,
      'taken-success': ['SUCCESS', 'FAILURE'],
      'taken-failure': ['FAILURE'],
      'taken-unsaid': undefined,
    };
    const hop = await startFaultyNextHop((to) => (to.startsWith('refused') ? '550 5.1.1 No' : '250'));
    const worker = await openTestWorker({ nextHopUrl: hop.url });
    await configure(worker, { notifyBounced: false });
    const recipients = Object.entries(asked).map(([name, notify]) => {
      const dsn = { ...(notify && { notify }), orcpt: `rfc822;${name.toUpperCase()}@Example.NET`, envid: 'QQ 314159' };
      return { address: `${name}@example.net`, dsn };
    });
    await accept(worker, recipients);
    worker.run();
    await attempt(worker, recipients.length);
    expect(await orderReports(worker)).toBe(2);
    const sent = await reportsTo(worker, hop, 2);
    const statuses = await Promise.all(sent.map(async ({ raw }) => (await deliveryReport(raw)).status));
    expect(statuses.map((status) => status.split('\n').slice(4, 7).join('\n')).toSorted((a, b) => a.localeCompare(b))).toEqual([
      `${recipientLines('refused-failure')}\nAction: failed`,
      `${recipientLines('taken-success')}\nAction: relayed`,
    ]);
    for (const status of statuses) expect(status).toMatch(/^Original-Envelope-Id: QQ 314159$/m);
  });

  test('a next hop that reports by itself is told what the sender asks, and then nothing is reported of what it took', async () => {
    const hop = await startFaultyNextHop(() => '250', { dsn: true });
    const worker = await openTestWorker({ nextHopUrl: hop.url });
    const dsn: DeliveryRequest = { notify: ['SUCCESS', 'FAILURE'], orcpt: 'rfc822;bob+tag@example.net', envid: 'QQ 1', ret: 'HDRS' };
    await accept(worker, [{ address: BOB, dsn }]);
    worker.run();
    await attempt(worker, 1);
    expect(await factsOf(worker)).toEqual([]);
    expect(hop.commands.filter((line) => /^(MAIL|RCPT)/.test(line))).toEqual([
      expect.stringMatching(/ RET=HDRS ENVID=QQ\+201(?: |$)/),
      expect.stringMatching(/ NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;bob\+2Btag@example\.net$/),
    ]);
  });

  test('a mail that still waits after hours is reported once as delayed, and once more when it is given up', async () => {
    const hop = await startFaultyNextHop((to) => (to === BOB ? LATER : '250'));
    const worker = await openTestWorker({ nextHopUrl: hop.url, attempts: 4 });
    await accept(worker, bob);
    worker.run();
    await attempt(worker, 1);
    expect(await factsOf(worker)).toEqual([]);
    await worker.system.query("update outbox set created_at = created_at - interval '4 hours'");
    await attempt(worker, 3);
    expect(await factsOf(worker)).toEqual([`delayed ${BOB}`]);
    expect(await orderReports(worker)).toBe(1);
    await attempt(worker, 4);
    expect(await orderReports(worker)).toBe(1);
    const sent = await reportsTo(worker, hop, 2);
    const reports = await Promise.all(sent.map(({ raw }) => deliveryReport(raw)));
    expect(reports.map(({ mail }) => mail.subject)).toEqual(['Delayed: Offer 4711', 'Not delivered: Offer 4711']);
    expect(reports.map(({ status }) => /^Action: .*\r?\nStatus: .*$/m.exec(status)?.[0].split(/\r?\n/))).toEqual([
      ['Action: delayed', 'Status: 4.3.0'],
      ['Action: failed', 'Status: 4.4.7'],
    ]);
  });

  test('the empty sender is told nothing, whatever it asks for', async () => {
    const hop = await startFaultyNextHop((to) => (to === BOB ? '550 5.1.1 No' : '250'));
    const worker = await openTestWorker({ nextHopUrl: hop.url });
    await accept(worker, [{ address: BOB, dsn: { notify: ['FAILURE'] } }]);
    await worker.system.query("update message set sender = ''");
    worker.run();
    await vi.waitFor(async () => expect(await stateOf(worker)).not.toBe('accepted'), patience);
    expect(await factsOf(worker)).toEqual([]);
  });
});
