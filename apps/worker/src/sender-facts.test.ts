import { recordReportedDelivery } from '@signet/db/bounce';
import { bookExpiries } from '@signet/db/expiry-booking';
import { changeSenderNotices } from '@signet/db/sender-preference';
import { describe, expect, test } from 'vitest';
import { configure, factsOf, gather, ingest, open, record, waitForOthers } from './testing/sender-facts.ts';
import { openTestWorker, type TestWorker } from './testing/test-worker.ts';

const act = { actor: { kind: 'sender', id: null, address: 'alice@acme.example' }, clientIp: null, userAgent: null } as const;
const all = {
  notifyFirstOpening: true,
  notifyUnreadAfterDays: 3,
  notifyExpiredUnread: true,
  notifyRefusedAfterRevocation: true,
} as const;

const scopeOf = ({ database, organization }: TestWorker) => database.forOrganization(organization.id);
const recipientsOf = ({ recipients }: Awaited<ReturnType<TestWorker['accept']>>) =>
  Object.fromEntries(recipients.map(({ id, address }) => [address.split('@')[0], id]));
const bounced = { delivery: 'Bounced', response: '550 5.1.1 No such user' } as const;

/** Something of every kind happens to one message each, but for what needs days. */
async function happen(worker: TestWorker, options: { automatic?: boolean } = {}): Promise<void> {
  const message = await worker.accept(['bob@example.net', 'carol@example.net', 'dave@example.net'], options);
  const { bob = '' } = recipientsOf(message);
  await recordReportedDelivery(scopeOf(worker), bob, bounced);
  await open(worker, message, 'carol@example.net');
  await open(worker, message, 'dave@example.net', { Reason: 'Revoked' });
  await ingest(worker);
  await worker.system.query("update message set expires_at = clock_timestamp() - interval '1 second' where expires_at is null");
  await bookExpiries(worker.database, new AbortController().signal);
}

describe('what there is to tell', () => {
  test('a first opening is noted once, however often the message is opened; a touch of the link is none', async () => {
    const worker = await openTestWorker();
    await configure(worker, { notifyFirstOpening: true });
    const message = await worker.accept(['bob@example.net', 'carol@example.net']);
    await record(worker, message, {
      operation: 'LinkTouch',
      creationTime: new Date(),
      recipients: ['carol@example.net'],
      actor: { kind: 'unknown', id: null, address: null },
      operationStatus: 'Success',
      properties: { Count: 1, FirstSeen: new Date().toISOString(), LastSeen: new Date().toISOString(), Method: 'GET', Reason: null },
    });
    await open(worker, message, 'bob@example.net');
    await open(worker, message, 'bob@example.net');
    await ingest(worker);
    await open(worker, message, 'bob@example.net');
    await ingest(worker);
    expect(await factsOf(worker)).toEqual(['firstOpening bob@example.net']);
  });

  test('an opening is none of an untracked message, nor before the organization wanted to tell it', async () => {
    const worker = await openTestWorker();
    const message = await worker.accept(['bob@example.net', 'carol@example.net']);
    await open(worker, message, 'bob@example.net');
    await ingest(worker);
    await configure(worker, { notifyFirstOpening: true, enablePortalTrackingLogs: false });
    await open(worker, message, 'carol@example.net');
    await ingest(worker);
    await configure(worker, { enablePortalTrackingLogs: true });
    await open(worker, message, 'bob@example.net');
    await ingest(worker);
    expect(await factsOf(worker)).toEqual([]);
  });

  test('a mail that comes back is noted once, tracked or not; so is one that is reported as late', async () => {
    const worker = await openTestWorker();
    await configure(worker, { enablePortalTrackingLogs: false });
    const { bob = '' } = recipientsOf(await worker.accept(['bob@example.net']));
    await recordReportedDelivery(scopeOf(worker), bob, { ...bounced, delivery: 'Deferred' });
    await recordReportedDelivery(scopeOf(worker), bob, { ...bounced, delivery: 'Deferred' });
    expect(await factsOf(worker)).toEqual(['delayed bob@example.net']);
    await recordReportedDelivery(scopeOf(worker), bob, bounced);
    await recordReportedDelivery(scopeOf(worker), bob, bounced);
    expect(await factsOf(worker)).toEqual(['bounced bob@example.net', 'delayed bob@example.net']);
  });

  test('of an expired message those are noted who could have opened it and have not, once for all workers', async () => {
    const worker = await openTestWorker();
    const { system, database } = worker;
    await configure(worker, { notifyExpiredUnread: true });
    const names = ['bob', 'carol', 'dave', 'erin', 'frank'];
    const message = await worker.accept(names.map((name) => `${name}@example.net`));
    const { dave, erin, frank } = recipientsOf(message);
    await open(worker, message, 'carol@example.net');
    await ingest(worker);
    await system.query('update recipient set revoked_at = clock_timestamp() where id = $1', [dave]);
    await system.query("update recipient set delivery_state = 'passed', unwrapped = true where id = $1", [erin]);
    await system.query("update recipient set delivery_state = 'bounced' where id = $1", [frank]);
    await system.query("update message set expires_at = clock_timestamp() - interval '1 second'");
    const { signal } = new AbortController();
    await Promise.all([bookExpiries(database, signal), bookExpiries(database, signal)]);
    await bookExpiries(database, signal);
    expect(await factsOf(worker)).toEqual(['expiredUnread bob@example.net']);
  });

  test('where something may have gone unrecorded, nobody is said not to have opened', async () => {
    const worker = await openTestWorker();
    await configure(worker, { notifyExpiredUnread: true });
    await worker.accept(['bob@example.net']);
    await configure(worker, { enablePortalTrackingLogs: false });
    await configure(worker, { enablePortalTrackingLogs: true });
    await worker.system.query("update message set expires_at = clock_timestamp() - interval '1 second'");
    expect(await bookExpiries(worker.database, new AbortController().signal)).toBe(1);
    expect(await factsOf(worker)).toEqual([]);
  });

  test('a signed-in recipient’s try after the revocation is noted once; one that was refused for another reason is not', async () => {
    const worker = await openTestWorker();
    await configure(worker, { notifyRefusedAfterRevocation: true });
    const message = await worker.accept(['bob@example.net', 'carol@example.net', 'dave@example.net']);
    await open(worker, message, 'bob@example.net', { Reason: 'Revoked' });
    await open(worker, message, 'bob@example.net', { Reason: 'Revoked' });
    await open(worker, message, 'carol@example.net', { Reason: 'Expired' });
    await record(worker, message, {
      operation: 'LinkTouch',
      creationTime: new Date(),
      recipients: ['dave@example.net'],
      actor: { kind: 'unknown', id: null, address: null },
      operationStatus: 'Failure',
      properties: { Count: 1, FirstSeen: new Date().toISOString(), LastSeen: new Date().toISOString(), Method: 'GET', Reason: 'Revoked' },
    });
    await ingest(worker);
    await open(worker, message, 'bob@example.net', { Reason: 'Revoked' });
    await ingest(worker);
    expect(await factsOf(worker)).toEqual(['refusedAfterRevocation bob@example.net']);
  });
});

describe('who is told', () => {
  test('a new organization tells its senders of bounces and of nothing else', async () => {
    const worker = await openTestWorker();
    await happen(worker);
    expect(await factsOf(worker)).toEqual(['bounced bob@example.net']);
  });

  test('everything where everything is on; nothing where it is off; of a machine’s mail that it came back, and no more', async () => {
    const worker = await openTestWorker();
    await configure(worker, all);
    await happen(worker, { automatic: true });
    expect(await factsOf(worker)).toEqual(['bounced bob@example.net']);
    await happen(worker);
    const told = ['bounced bob', 'bounced bob', 'expiredUnread dave', 'firstOpening carol', 'refusedAfterRevocation dave'];
    expect(await factsOf(worker)).toEqual(told.map((fact) => `${fact}@example.net`));
    await configure(worker, {
      ...all,
      notifyFirstOpening: false,
      notifyBounced: false,
      notifyExpiredUnread: false,
      notifyRefusedAfterRevocation: false,
    });
    await happen(worker);
    expect(await factsOf(worker)).toHaveLength(told.length);
  });

  test('a sender is not told what they have declined, in any capitals of their address', async () => {
    const worker = await openTestWorker();
    await configure(worker, all);
    const none = { firstOpening: false, bounced: false, expiredUnread: false, refusedAfterRevocation: false };
    await changeSenderNotices(scopeOf(worker), 'Alice@acme.example', none, act);
    await happen(worker);
    expect(await factsOf(worker)).toEqual([]);
    await changeSenderNotices(scopeOf(worker), 'alice@acme.example', { bounced: true }, act);
    await happen(worker);
    expect(await factsOf(worker)).toEqual(['bounced bob@example.net']);
  });
});

describe('what is gathered into one mail', () => {
  test('all that becomes of a message within a minute, in one order whoever asks', async () => {
    const worker = await openTestWorker();
    await configure(worker, { notifyFirstOpening: true });
    const many = Array.from({ length: 30 }, (_, index) => `r${index}@example.net`);
    const [first, second] = [await worker.accept(many), await worker.accept(['bob@example.net'])];
    for (const address of many.slice(0, 15)) await open(worker, first, address);
    await open(worker, second, 'bob@example.net');
    await ingest(worker);
    expect(await gather(worker)).toBe(0);
    await waitForOthers(worker);
    for (const address of many.slice(15)) await open(worker, first, address);
    await ingest(worker);
    const ordered = await Promise.all([gather(worker), gather(worker)]);
    expect(ordered.toSorted((a, b) => a - b)).toEqual([0, 2]);
    expect(await gather(worker)).toBe(0);
    const mails = await worker.system.query(
      `select count(f) from outbox o join sender_fact f on f.mail_id = (o.payload ->> 'mailId')::uuid and f.message_uid = o.message_uid
       where o.kind = 'send-sender-facts' group by o.id order by 1`,
    );
    expect(mails).toEqual([{ count: 1 }, { count: 30 }]);
  });

  test('what comes soon after a mail waits for a quarter of an hour', async () => {
    const worker = await openTestWorker();
    await configure(worker, { notifyFirstOpening: true });
    const message = await worker.accept(['bob@example.net', 'carol@example.net']);
    await open(worker, message, 'bob@example.net');
    await ingest(worker);
    await waitForOthers(worker);
    expect(await gather(worker)).toBe(1);
    await open(worker, message, 'carol@example.net');
    await ingest(worker);
    await waitForOthers(worker, 800);
    expect(await gather(worker)).toBe(0);
    await waitForOthers(worker, 101);
    expect(await gather(worker)).toBe(1);
  });
});
