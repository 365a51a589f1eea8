import { readBounceAddress } from '@signet/domain/bounce-address';
import { LOOP_HEADER_NAME, verifyLoopHeader } from '@signet/domain/loop-header';
import { recipientReferenceOf } from '@signet/domain/recipient-reference';
import { reviveRows } from '@signet/db/outbox-trouble';
import { simpleParser } from 'mailparser';
import { asSuperuser } from '@signet/db/testing/test-database';
import { expect, test, vi } from 'vitest';
import { startBrokenNextHop, startNextHop, startRawNextHop } from './testing/next-hop-server.ts';
import { acceptWithHeaders, recordSubjectsAs } from './testing/kept-subject.ts';
import { askForPasscode } from './testing/ordered-mail.ts';
import { entriesOf, loopKey, openTestWorker, passTime, type TestWorker } from './testing/test-worker.ts';

const patience = { timeout: 45_000, interval: 50 };

async function recipientRow({ system }: TestWorker, address: string) {
  const [row] = await system.query<{
    delivery_state: string;
    wrapper_attempts: number;
    last_response: string | null;
    sent_at: Date | null;
  }>('select delivery_state, wrapper_attempts, last_response, sent_at from recipient where address_key = $1', [address]);
  return row;
}

test('a wrapper mail that is deferred and then taken goes out once, every attempt with the same Message-ID', async () => {
  const nextHop = await startNextHop((_to, attempt) => (attempt === 1 ? '451 4.3.0 Come back later' : '250'));
  const worker = await openTestWorker({ nextHopUrl: nextHop.url });
  const { id, recipients } = await worker.accept(['Bob@example.net']);
  worker.run();

  await vi.waitFor(
    async () => expect(await recipientRow(worker, 'bob@example.net')).toMatchObject({ delivery_state: 'deferred' }),
    patience,
  );
  const [waiting] = await worker.system.query("select attempts, last_error, dead_at from outbox where kind = 'send-wrapper-mail'");
  expect(waiting).toMatchObject({ attempts: 1, last_error: '451 4.3.0 Come back later', dead_at: null });
  await passTime(worker);
  await vi.waitFor(async () => expect(await entriesOf(worker, 'WrapperDelivery')).toHaveLength(2), patience);

  expect(await recipientRow(worker, 'bob@example.net')).toMatchObject({
    delivery_state: 'sent',
    wrapper_attempts: 2,
    sent_at: expect.any(Date),
    last_response: '250 Queued',
  });
  expect(nextHop.mails.map((mail) => mail.answer)).toEqual([451, 250]);
  const [first, second] = await Promise.all(nextHop.mails.map((mail) => simpleParser(mail.raw)));
  expect(second?.messageId).toBe(`<w-${recipients[0]?.id}@acme.example>`);
  expect(first?.messageId).toBe(second?.messageId);
  expect(second?.subject).toBe('Offer 4711');
  expect(second?.from?.text).toBe('alice@acme.example');
  expect(nextHop.mails[1]).toMatchObject({ from: 'alice@acme.example', to: 'Bob@example.net' });
  expect(second?.text?.split('\n')).toContain(`https://mail.acme.example/m/${recipients[0]?.link_token}`);
  expect(second?.headers.has('auto-submitted')).toBe(false);
  const loopHeader = second?.headers.get(LOOP_HEADER_NAME.toLowerCase());
  expect(verifyLoopHeader([loopKey], typeof loopHeader === 'string' ? loopHeader : '')).toEqual({
    messageUid: id,
    recipientId: recipients[0]?.id,
  });
  expect(await entriesOf(worker, 'WrapperDelivery')).toMatchObject([
    { status: 'Failure', Delivery: 'Deferred', Response: '451 4.3.0 Come back later', Attempt: '1' },
    { status: 'Success', Delivery: 'Sent', Response: '250 Queued', Attempt: '2' },
  ]);
  expect(await worker.system.query('select 1 from outbox')).toEqual([]);
});

test.each(['truncated', 'hash', 'none'] as const)(
  'a wrapper mail goes out under the subject that its sender wrote, where of the subject %s is kept beside the content, and no record has it of a server that quotes it',
  async (form) => {
    const nextHop = await startNextHop(() => '550 5.7.1 "Offer 4711 to Bob" is not wanted here');
    const worker = await openTestWorker({ nextHopUrl: nextHop.url });
    await recordSubjectsAs(worker, form);
    const subject = 'Offer 4711 to Bob';
    const { id } = await acceptWithHeaders(worker, subject);
    const [row] = await worker.system.query<{ subject: string | null; subject_recorded: string }>(
      'select subject, subject_recorded from message',
    );
    expect(row?.subject_recorded).toBe(form);
    expect(row?.subject).not.toBe(subject);
    worker.run();
    await vi.waitFor(async () => expect(await entriesOf(worker, 'WrapperDelivery')).toHaveLength(1), patience);
    const [mail] = await Promise.all(nextHop.mails.map(({ raw }) => simpleParser(raw)));
    expect(mail?.subject).toBe(subject);
    const [entry] = await entriesOf(worker, 'WrapperDelivery');
    expect(entry).toMatchObject({ MailSubjectRecorded: form, Response: '550 5.7.1 "[not recorded]" is not wanted here' });
    expect(JSON.stringify(await worker.system.query('select * from audit_entry where message_uid = $1', [id]))).not.toContain('4711 to');
    expect(await textOfDatabase(worker)).not.toContain('4711 to');
  },
);

test('where bounces come back to the gateway, a wrapper mail comes from its recipient’s own bounce address, and still names its sender', async () => {
  const nextHop = await startNextHop();
  const worker = await openTestWorker({ nextHopUrl: nextHop.url });
  await worker.system.query(`update organization set bounce_domain = 'bounces.acme.example' where id = $1`, [worker.organization.id]);
  const { recipients } = await worker.accept(['bob@example.net', 'carol@example.net']);
  worker.run();

  await vi.waitFor(() => expect(nextHop.mails).toHaveLength(2), patience);
  for (const mail of nextHop.mails) {
    const named = readBounceAddress([loopKey], mail.from);
    expect(named).toEqual({ recipientId: recipients.find(({ address }) => address === mail.to)?.id, domain: 'bounces.acme.example' });
    expect((await simpleParser(mail.raw)).from?.value).toMatchObject([{ address: 'alice@acme.example' }]);
  }
});

test('a wrapper mail is in the organization’s languages, or in the one that its template names, and shows the recipient’s reference', async () => {
  const nextHop = await startNextHop();
  const worker = await openTestWorker({ nextHopUrl: nextHop.url });
  await worker.system.query(`update organization set mail_languages = '{de,ar}' where id = $1`, [worker.organization.id]);
  const { recipients } = await worker.accept(['bob@example.net']);
  worker.run();

  await vi.waitFor(() => expect(nextHop.mails).toHaveLength(1), patience);
  const both = (await simpleParser(nextHop.mails[0]?.raw ?? '')).text;
  for (const words of ['hat Ihnen eine verschlüsselte Nachricht gesendet', 'أرسل إليك رسالة مشفّرة', 'Nachricht lesen / قراءة الرسالة']) {
    expect(both).toContain(words);
  }
  expect(both).toContain(`Referenz ${recipientReferenceOf(recipients[0]?.id ?? '')}`);

  await worker.system.query(
    `update branding_template_revision set content = content || '{"mailLanguage": "fr"}' where organization_id = $1`,
    [worker.organization.id],
  );
  await worker.accept(['carol@example.net']);
  await vi.waitFor(() => expect(nextHop.mails).toHaveLength(2), patience);
  const one = (await simpleParser(nextHop.mails[1]?.raw ?? '')).text;
  expect(one).toContain('vous a envoyé un message chiffré');
  expect(one).not.toMatch(/Nachricht|رسالة/);
});

test('a wrapper mail that is refused for good is bounced, and is not sent again', async () => {
  const nextHop = await startNextHop(() => '550 5.1.1 No such user');
  const worker = await openTestWorker({ nextHopUrl: nextHop.url });
  await worker.accept(['bob@example.net']);
  worker.run();

  await vi.waitFor(async () => expect(await entriesOf(worker, 'WrapperDelivery')).toHaveLength(1), patience);

  expect(await entriesOf(worker, 'WrapperDelivery')).toMatchObject([{ status: 'Failure', Delivery: 'Bounced' }]);
  expect(await recipientRow(worker, 'bob@example.net')).toMatchObject({ delivery_state: 'bounced', sent_at: null });
  expect(await worker.system.query('select 1 from outbox')).toEqual([]);
  expect(nextHop.mails).toHaveLength(1);
});

test('an address that a reader of lists would take for several goes to nobody but its own mailbox', async () => {
  const nextHop = await startNextHop();
  const worker = await openTestWorker({ nextHopUrl: nextHop.url });
  await worker.accept(['eve,bob@example.net', 'x;y@example.net', '(bob)mallory@example.net']);
  worker.run();

  await vi.waitFor(async () => expect(await worker.system.query('select 1 from outbox')).toEqual([]), patience);

  // Quoted where RFC 5321 (4.1.2) asks for it: the same mailbox.
  expect(nextHop.recipients.toSorted()).toEqual(['"(bob)mallory"@example.net', '"eve,bob"@example.net', '"x;y"@example.net']);
});

test('rows whose mail cannot be made, or whose answer cannot be recorded, are booked as failed with the reason, and wait longer each time', async () => {
  const nextHop = await startNextHop();
  const worker = await openTestWorker({ nextHopUrl: nextHop.url });
  await worker.accept(['bob@example.net', 'eve@example.net']);
  await asSuperuser(worker.url, `alter table recipient add check (address_key <> 'eve@example.net' or delivery_state = 'accepted')`);
  // What no mail can be made of: a sender of more octets than an address has.
  const { id } = await worker.accept(['carol@example.net']);
  await worker.system.query('update message set sender = $2 where id = $1', [id, `${'a'.repeat(400)}@acme.example`]);
  worker.run();

  const waiting = () =>
    worker.system.query<{ address: string; attempts: number; last_error: string; seconds: number }>(
      `select r.address, o.attempts, o.last_error, extract(epoch from o.next_attempt_at - clock_timestamp())::int as seconds
       from outbox o join recipient r on r.id = (o.payload ->> 'recipientId')::uuid
       where o.kind = 'send-wrapper-mail' order by r.address`,
    );
  await vi.waitFor(async () => expect((await waiting()).map(({ attempts }) => attempts)).toEqual([1, 1]), patience);

  const [carol, eve] = await waiting();
  expect(carol).toMatchObject({ address: 'carol@example.net', last_error: expect.stringContaining('senderAddress') });
  expect(eve).toMatchObject({ address: 'eve@example.net', last_error: expect.stringContaining('check constraint') });
  for (const row of [carol, eve]) expect(row?.seconds).toBeLessThanOrEqual(5);
});

test('an answer with characters that a database cannot hold is recorded without them, and the mail goes out once', async () => {
  const worker = await openTestWorker({ nextHopUrl: await startRawNextHop('250 Qu\0eued\x1b[31m') });
  await worker.accept(['bob@example.net']);
  worker.run();

  await vi.waitFor(async () => expect(await worker.system.query('select 1 from outbox')).toEqual([]), patience);

  expect(await recipientRow(worker, 'bob@example.net')).toMatchObject({ delivery_state: 'sent', last_response: '250 Qu eued [31m' });
});

test.each(['silent', 'closing'] as const)('a next hop that is %s defers the mail', async (manner) => {
  const worker = await openTestWorker({ nextHopUrl: await startBrokenNextHop(manner), answerWithinSeconds: 1 });
  await worker.accept(['bob@example.net']);
  worker.run();

  await vi.waitFor(async () => expect(await entriesOf(worker, 'WrapperDelivery')).toHaveLength(1), patience);

  expect(await entriesOf(worker, 'WrapperDelivery')).toMatchObject([{ Delivery: 'Deferred', Attempt: '1' }]);
  expect(await worker.system.query("select attempts from outbox where kind = 'send-wrapper-mail'")).toEqual([{ attempts: 1 }]);
});

test('a recipient who was revoked before the wrapper mail went out gets none, and the others get theirs', async () => {
  const nextHop = await startNextHop();
  const worker = await openTestWorker({ nextHopUrl: nextHop.url });
  await worker.accept(['bob@example.net', 'eve@example.net']);
  await worker.system.query("update recipient set revoked_at = clock_timestamp() where address_key = 'eve@example.net'");
  worker.run();

  await vi.waitFor(async () => expect(await worker.system.query('select 1 from outbox')).toEqual([]), patience);

  expect(nextHop.mails.map((mail) => mail.to)).toEqual(['bob@example.net']);
  expect(await recipientRow(worker, 'eve@example.net')).toMatchObject({ delivery_state: 'accepted', wrapper_attempts: 0 });
});

test('forty wrapper mails handed on twice each, to two consumers, go out once each', async () => {
  const nextHop = await startNextHop();
  const worker = await openTestWorker({ nextHopUrl: nextHop.url });
  const addresses = Array.from({ length: 40 }, (_, index) => `r${index}@example.net`);
  await worker.accept(addresses);
  const relay = worker.newRelay();
  await relay.handOn();
  await worker.system.query('update outbox set leased_until = null');
  await relay.handOn();
  worker.run();
  worker.run();

  await vi.waitFor(async () => expect(await worker.system.query('select 1 from outbox')).toEqual([]), patience);

  expect(nextHop.mails.map((mail) => mail.to).toSorted()).toEqual(addresses.toSorted());
});

test('a passcode mail carries the code to the recipient, and the code is nowhere in clear in the database, the queue or the log', async () => {
  const nextHop = await startNextHop((to, attempt) => (to === 'bob@example.net' && attempt === 2 ? '451 4.7.0 Not now: 31415926' : '250'));
  const worker = await openTestWorker({ nextHopUrl: nextHop.url });
  const { recipients } = await worker.accept(['bob@example.net']);
  worker.run();
  await vi.waitFor(() => expect(nextHop.mails).toHaveLength(1), patience);

  const requestId = await askForPasscode(worker, recipients[0]?.id ?? '', '31415926');
  await vi.waitFor(async () => expect(await entriesOf(worker, 'PasscodeDelivery')).toHaveLength(1), patience);
  const everything = await textOfDatabase(worker);
  await passTime(worker);
  await vi.waitFor(async () => expect(await entriesOf(worker, 'PasscodeDelivery')).toHaveLength(2), patience);

  expect(await entriesOf(worker, 'PasscodeDelivery')).toMatchObject([
    { Delivery: 'Deferred', Response: '451 4.7.0 Not now: [not recorded]', Attempt: '1' },
    { Delivery: 'Sent', Attempt: '2' },
  ]);
  const mail = await simpleParser(nextHop.mails.at(-1)?.raw ?? '');
  expect(mail.subject).toMatch(/^31415926 .*K7QP-3M/);
  expect(mail.text).toContain('31415926');
  expect(mail.messageId).toBe(`<p-${requestId}@acme.example>`);
  expect(mail.from?.text).toBe('no-reply@acme.example');
  expect(mail.headers.get('auto-submitted')).toBe('auto-generated');
  expect(everything).toContain('passcode_request');
  expect(everything).not.toContain('31415926');
  expect(await textOfDatabase(worker)).not.toContain('31415926');
  expect(worker.log.join('')).not.toContain('31415926');
});

test.each(['-1 second', '50 seconds'])(
  'a passcode mail is not sent once the passcode has expired, or is about to: %s left',
  async (left) => {
    const nextHop = await startNextHop();
    const worker = await openTestWorker({ nextHopUrl: nextHop.url });
    const { recipients } = await worker.accept(['bob@example.net']);
    await askForPasscode(worker, recipients[0]?.id ?? '', '27182818', left);
    worker.run();

    await vi.waitFor(async () => expect(await worker.system.query('select 1 from outbox')).toEqual([]), patience);

    expect(nextHop.mails).toHaveLength(1);
    expect(nextHop.mails[0]?.raw).not.toContain('27182818');
  },
);

/** Every row of every table, the queue's too, as text. */
async function textOfDatabase({ url }: TestWorker): Promise<string> {
  const tables = await asSuperuser<{ name: string }>(
    url,
    `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('public', 'bullmq')`,
  );
  const texts = tables.map(async ({ name }) => {
    const rows = await asSuperuser<{ row: string }>(url, `select t::text as row from ${name} t`);
    return [name, ...rows.map(({ row }) => row)].join('\n');
  });
  return (await Promise.all(texts)).join('\n');
}

test('a wrapper mail that is deferred once too often is given up: its row is dead with the answer, it has bounced, and somebody is told', async () => {
  const nextHop = await startNextHop((_to, attempt) => (attempt <= 2 ? '451 4.3.0 Come back later' : '250'));
  const worker = await openTestWorker({ nextHopUrl: nextHop.url, attempts: 2 });
  await worker.accept(['bob@example.net']);
  worker.run();
  await vi.waitFor(
    async () => expect(await recipientRow(worker, 'bob@example.net')).toMatchObject({ delivery_state: 'deferred' }),
    patience,
  );
  await passTime(worker);
  await vi.waitFor(
    async () => expect(await recipientRow(worker, 'bob@example.net')).toMatchObject({ delivery_state: 'bounced' }),
    patience,
  );
  expect(await recipientRow(worker, 'bob@example.net')).toMatchObject({
    last_response: 'Given up after 2 attempts. 451 4.3.0 Come back later',
  });
  const rows = await worker.system.query<{ id: number }>(
    "select id, attempts, last_error, dead_at from outbox where kind = 'send-wrapper-mail'",
  );
  expect(rows).toMatchObject([{ attempts: 2, last_error: '451 4.3.0 Come back later', dead_at: expect.any(Date) as Date }]);
  await vi.waitFor(() => expect(worker.givenUp).toEqual(rows.map(({ id }) => String(id))), patience);
  await vi.waitFor(async () => expect(await entriesOf(worker, 'WrapperDelivery')).toHaveLength(2), patience);
  expect((await entriesOf(worker, 'WrapperDelivery')).map(({ Delivery, Attempt }) => [Delivery, Attempt])).toEqual([
    ['Deferred', '1'],
    ['Bounced', '2'],
  ]);

  const { revived, remaining } = await worker.database
    .forOrganization(worker.organization.id)
    .transaction((tx) => reviveRows(tx, 10, { kind: 'system', id: null, address: null }));
  expect([revived, remaining]).toEqual([1, 0]);
  await vi.waitFor(async () => expect(await recipientRow(worker, 'bob@example.net')).toMatchObject({ delivery_state: 'sent' }), patience);
  expect(new Set(nextHop.mails.map(({ raw }) => /^Message-ID: .*$/im.exec(raw)?.[0])).size).toBe(1);
  expect(await worker.system.query("select 1 from outbox where kind = 'send-wrapper-mail'")).toEqual([]);
});
