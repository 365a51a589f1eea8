import { gatherSenderFacts } from '@signet/db/sender-fact-mail';
import { simpleParser } from 'mailparser';
import { expect, vi } from 'vitest';
import type { FaultyNextHop } from './faulty-next-hop.ts';
import { waitForOthers } from './sender-facts.ts';
import { entriesOf, passTime, type TestWorker } from './test-worker.ts';

const patience = { timeout: 45_000, interval: 50 };

/** A delivery report, taken apart: its type, what machines read, what it shows of the message's header, and the mail as a whole. */
export async function deliveryReport(raw: string) {
  const mail = await simpleParser(raw);
  const boundary = /boundary="([^"]+)"/.exec(raw)?.[1] ?? '';
  const partOf = (type: string) => {
    const part = raw.split(`--${boundary}`).find((each) => each.includes(`Content-Type: ${type}`)) ?? '';
    return part.slice(part.indexOf('\r\n\r\n') + 4);
  };
  const [type = ''] = /^Content-Type: multipart\/report;[^\n]*\n?[^\n]*/m.exec(raw) ?? [];
  return {
    mail,
    type: type
      .replace('Content-Type: ', '')
      .replaceAll(/\s+/g, ' ')
      .replace(/; boundary=.*/, ''),
    status: partOf('message/delivery-status').replaceAll('\r\n', '\n'),
    about: partOf('text/rfc822-headers').trimEnd().concat('\r\n'),
  };
}

/** Lets so many attempts of the one mail come to their answers, each as soon as it may. */
export async function attempt(worker: TestWorker, times: number): Promise<void> {
  for (let count = 1; count <= times; count += 1) {
    await vi.waitFor(async () => {
      const entries = await entriesOf(worker, 'WrapperDelivery');
      expect(entries.length).toBeGreaterThanOrEqual(count);
    }, patience);
    await passTime(worker);
  }
}

/** Lets the time pass in which reports are gathered, and orders them, as two workers would at once. @returns how many there were. */
export async function orderReports(worker: TestWorker): Promise<number> {
  await waitForOthers(worker);
  const ordered = await Promise.all([worker.system.transaction(gatherSenderFacts), worker.system.transaction(gatherSenderFacts)]);
  return ordered.reduce((sum, count) => sum + count, 0);
}

const toAlice = (hop: FaultyNextHop) => hop.taken.filter(({ to }) => to === 'alice@acme.example');

/** Sends what is ordered, and waits until the mails to the sender are so many and no more are to come. */
export async function reportsTo(worker: TestWorker, hop: FaultyNextHop, count: number) {
  await vi.waitFor(() => expect(toAlice(hop)).toHaveLength(count), patience);
  await vi.waitFor(
    async () =>
      expect(await worker.system.query("select from outbox where kind in ('send-delivery-report', 'send-sender-facts')")).toEqual([]),
    patience,
  );
  return toAlice(hop);
}
