import { recordReportedDelivery } from '@signet/db/bounce';
import { reviveRow } from '@signet/db/outbox-trouble';
import { changeSenderNotices } from '@signet/db/sender-preference';
import { noteUnread } from '@signet/db/sender-fact';
import { LOOP_HEADER_NAME, verifyLoopHeader } from '@signet/domain/loop-header';
import { simpleParser } from 'mailparser';
import { expect, test, vi } from 'vitest';
import { startNextHop } from './testing/next-hop-server.ts';
import { configure, factsOf, gather, ingest, open, waitForOthers } from './testing/sender-facts.ts';
import { loopKey, openTestWorker, passTime, type TestWorker } from './testing/test-worker.ts';

const patience = { timeout: 45_000, interval: 50 };
const sender = { actor: { kind: 'sender', id: null, address: 'alice@acme.example' }, clientIp: null, userAgent: null } as const;
const bounced = { delivery: 'Bounced', response: '550 5.1.1 No such user' } as const;

const scopeOf = ({ database, organization }: TestWorker) => database.forOrganization(organization.id);
const mailRows = ({ system }: TestWorker) =>
  system.query("select attempts from outbox where kind in ('send-sender-facts', 'send-delivery-report')");
const toAlice = ({ mails }: Awaited<ReturnType<typeof startNextHop>>) => mails.filter(({ to }) => to === 'alice@acme.example');

/** Orders the mails of what there is to tell, and leaves nothing else to be sent. */
async function order(worker: TestWorker, mails = 1): Promise<void> {
  await ingest(worker);
  await waitForOthers(worker);
  expect(await gather(worker)).toBe(mails);
  await worker.system.query("delete from outbox where kind = 'send-wrapper-mail'");
}

test('a sender is told who opened and who tried in vain, in one mail that nobody answers and that opens nothing', async () => {
  const nextHop = await startNextHop();
  const worker = await openTestWorker({ nextHopUrl: nextHop.url });
  await configure(worker, { notifyFirstOpening: true, notifyRefusedAfterRevocation: true });
  const message = await worker.accept(['bob@example.net', 'carol@example.net']);
  await open(worker, message, 'bob@example.net');
  await open(worker, message, 'carol@example.net', { Reason: 'Revoked' });
  await order(worker);
  worker.run();
  await vi.waitFor(async () => expect(await mailRows(worker)).toEqual([]), patience);

  expect(nextHop.mails).toHaveLength(1);
  const [sent] = toAlice(nextHop);
  // Nothing comes back where it cannot be delivered: the envelope names nobody.
  expect(sent?.from).toBe('');
  const mail = await simpleParser(sent?.raw ?? '');
  expect(mail.subject).toBe('What became of it: Offer 4711');
  expect(mail.from?.text).toBe('no-reply@acme.example');
  expect(mail.messageId).toMatch(/^<f-[\da-f-]{36}@acme\.example>$/);
  expect(mail.headers.get('auto-submitted')).toBe('auto-generated');
  const loop = mail.headers.get(LOOP_HEADER_NAME.toLowerCase());
  expect(verifyLoopHeader([loopKey], typeof loop === 'string' ? loop : '')?.messageUid).toBe(message.id);
  expect(mail.text).toMatch(/refused since to:\ncarol@example\.net .*\n\nOpened by:\nbob@example\.net \(/);
  expect(mail.text?.split('\n')).toContain(`https://mail.acme.example/sent/messages/${message.id}`);
  for (const { link_token: token } of message.recipients) expect(sent?.raw).not.toContain(token);
});

test('a mail that is deferred is tried again as the same, by whichever worker is there then', async () => {
  const nextHop = await startNextHop((_, attempt) => (attempt === 1 ? '451 4.3.0 Come back later' : '250'));
  const worker = await openTestWorker({ nextHopUrl: nextHop.url });
  const message = await worker.accept(['bob@example.net']);
  await recordReportedDelivery(scopeOf(worker), String(message.recipients[0]?.id), bounced);
  await order(worker);
  // Ordered, and the process ends: nothing but the database knows of it.
  expect(await gather(worker)).toBe(0);
  worker.run();
  await vi.waitFor(async () => expect(await mailRows(worker)).toEqual([{ attempts: 1 }]), patience);
  await passTime(worker);
  await vi.waitFor(async () => expect(await mailRows(worker)).toEqual([]), patience);
  const ids = await Promise.all(toAlice(nextHop).map(async ({ raw }) => (await simpleParser(raw)).messageId));
  expect(ids).toHaveLength(2);
  expect(new Set(ids).size).toBe(1);
});

test('what nobody wants to be told any more when its turn comes is not told', async () => {
  const nextHop = await startNextHop();
  const worker = await openTestWorker({ nextHopUrl: nextHop.url });
  await configure(worker, { notifyFirstOpening: true });
  const message = await worker.accept(['bob@example.net', 'carol@example.net']);
  await open(worker, message, 'bob@example.net');
  await recordReportedDelivery(scopeOf(worker), String(message.recipients[1]?.id), bounced);
  await order(worker, 2);
  await configure(worker, { notifyFirstOpening: false });
  await changeSenderNotices(scopeOf(worker), 'alice@acme.example', { bounced: false }, sender);
  worker.run();
  await vi.waitFor(async () => expect(await mailRows(worker)).toEqual([]), patience);
  expect(nextHop.mails).toEqual([]);
});

test('nobody is told anything at an address whose domain has left the organization', async () => {
  const nextHop = await startNextHop();
  const worker = await openTestWorker({ nextHopUrl: nextHop.url });
  const message = await worker.accept(['bob@example.net']);
  await recordReportedDelivery(scopeOf(worker), String(message.recipients[0]?.id), bounced);
  await order(worker);
  await worker.system.query('delete from organization_domain');
  worker.run();
  await vi.waitFor(async () => expect(await mailRows(worker)).toEqual([]), patience);
  expect(nextHop.mails).toEqual([]);
});

test('another mail to a recipient, sent after one was given up, is told of too when it is given up', async () => {
  const nextHop = await startNextHop((to) => (to === 'bob@example.net' ? '451 4.3.0 Come back later' : '250'));
  const worker = await openTestWorker({ nextHopUrl: nextHop.url, attempts: 1 });
  await worker.accept(['bob@example.net']);
  worker.run();
  await vi.waitFor(async () => expect(await factsOf(worker)).toEqual(['bounced bob@example.net']), patience);
  const notedAt = () => worker.system.query('select noted_at from sender_fact');
  const [first] = await notedAt();
  const [row] = await worker.system.query<{ id: number }>("select id from outbox where kind = 'send-wrapper-mail'");
  await scopeOf(worker).transaction((tx) => reviveRow(tx, String(row?.id), sender.actor));
  await vi.waitFor(() => expect(nextHop.mails).toHaveLength(2), patience);
  await vi.waitFor(async () => expect((await notedAt()).filter((fact) => fact !== first)).toHaveLength(1), patience);
  expect((await notedAt())[0]).not.toEqual(first);
});

/** Lets so many days pass for all that was accepted. */
async function passDays({ system }: TestWorker, days: number): Promise<void> {
  await system.query('update recipient set created_at = created_at - make_interval(days => $1)', [days]);
  await system.query('update message set accepted_at = accepted_at - make_interval(days => $1)', [days]);
  await system.query('update tracking_period set started_at = started_at - make_interval(days => $1)', [days]);
  await system.query('update organization set unread_noted_through = unread_noted_through - make_interval(days => $1)', [days]);
}

/** Notes until there is nothing more to note. */
async function noteAll({ system }: TestWorker): Promise<void> {
  for (let turns = 0; turns < 100 && (await system.transaction(noteUnread)) > 0; turns += 1);
}

test('who has not opened after so many days is noted once, counted from when the organization asks for it', async () => {
  const worker = await openTestWorker();
  const { system } = worker;
  await worker.accept(['early@example.net']);
  await passDays(worker, 5);
  await configure(worker, { notifyUnreadAfterDays: 3 });
  await noteAll(worker);
  expect(await factsOf(worker)).toEqual([]);

  const names = ['bob', 'carol', 'dave', 'erin', 'frank'];
  const message = await worker.accept(names.map((name) => `${name}@example.net`));
  await open(worker, message, 'carol@example.net');
  await ingest(worker);
  await system.query("update recipient set revoked_at = clock_timestamp() where address = 'dave@example.net'");
  await system.query("update recipient set delivery_state = 'passed', unwrapped = true where address = 'erin@example.net'");
  await system.query("update recipient set delivery_state = 'bounced' where address = 'frank@example.net'");
  const expired = await worker.accept(['gone@example.net']);
  await system.query("update message set expires_at = clock_timestamp() - interval '1 second' where id = $1", [expired.id]);
  await passDays(worker, 2);
  await noteAll(worker);
  expect(await factsOf(worker)).toEqual([]);
  await passDays(worker, 1);
  await noteAll(worker);
  await passDays(worker, 1);
  await noteAll(worker);
  expect(await factsOf(worker)).toEqual(['unread bob@example.net']);
});

test('fewer days find those who are between the old number and the new one; more days find nobody twice', async () => {
  const worker = await openTestWorker();
  await configure(worker, { notifyUnreadAfterDays: 10 });
  await worker.accept(['bob@example.net']);
  await passDays(worker, 5);
  await noteAll(worker);
  expect(await factsOf(worker)).toEqual([]);
  await configure(worker, { notifyUnreadAfterDays: 2 });
  await noteAll(worker);
  expect(await factsOf(worker)).toEqual(['unread bob@example.net']);
  await configure(worker, { notifyUnreadAfterDays: 90 });
  await noteAll(worker);
  expect(await factsOf(worker)).toHaveLength(1);
});

/** Has a mail wait that says that Bob has not opened, and an opening by him that is no entry yet, as this source states it. */
async function openWhileUnreadMailWaits(worker: TestWorker, source: string): Promise<void> {
  await configure(worker, { notifyUnreadAfterDays: 1 });
  const message = await worker.accept(['bob@example.net']);
  await passDays(worker, 2);
  await noteAll(worker);
  await order(worker);
  await open(worker, message, 'bob@example.net');
  // It stays where it is.
  await worker.system.query(
    `update outbox set next_attempt_at = clock_timestamp() + interval '1 hour', payload = jsonb_set(payload, '{source}', to_jsonb($1::text))
     where kind = 'ingest-audit-event'`,
    [source],
  );
}

test('who opens while the mail waits is not said to have left it unopened, though the opening is no entry yet', async () => {
  const nextHop = await startNextHop();
  const worker = await openTestWorker({ nextHopUrl: nextHop.url });
  await openWhileUnreadMailWaits(worker, 'signet');
  worker.run();
  await vi.waitFor(async () => expect(await mailRows(worker)).toEqual([]), patience);
  expect(nextHop.mails).toEqual([]);
  expect(await factsOf(worker)).toEqual([]);
});

test('an opening that only another system states keeps nobody from being said to have left it unopened', async () => {
  const nextHop = await startNextHop();
  const worker = await openTestWorker({ nextHopUrl: nextHop.url });
  await openWhileUnreadMailWaits(worker, 'Mail client add-in');
  worker.run();
  await vi.waitFor(async () => expect(await mailRows(worker)).toEqual([]), patience);
  expect(toAlice(nextHop)).toHaveLength(1);
  expect(await factsOf(worker)).toEqual(['unread bob@example.net']);
});
