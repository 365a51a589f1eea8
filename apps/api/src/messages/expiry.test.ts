import { Database } from '@signet/db/database';
import { bookExpiries } from '@signet/db/expiry-booking';
import { eraseExpired } from '@signet/db/expiry-erasure';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { issueAccess } from '../organization/seed-organization.ts';
import {
  ask as askLink,
  createFixture,
  mailWith,
  propertyOf,
  type Fixture,
  type SignedIn,
  type TestRecipient,
} from '../recipient/testing/recipient-fixture.ts';
import { startTestApi, type TestApi } from '../testing/test-api.ts';
import { ask, type Answer } from '../testing/test-organization.ts';

const DAY = 86_400_000;
const never = new AbortController().signal;

let api: TestApi;
let acme: Fixture;
let key: string;

beforeAll(async () => {
  api = await startTestApi();
  acme = await createFixture(api, { expiryInDays: 30 });
  ({ apiKey: key } = await issueAccess(api.database, acme.organization.id, acme.organization.domain));
}, 60_000);
afterAll(() => acme.close());

async function newMessage(addresses?: readonly string[]): Promise<TestRecipient> {
  const [recipient] = await acme.storeMail(mailWith([{ name: 'a.txt', content: Buffer.from('canary') }]), addresses);
  if (!recipient) throw new Error('no recipient');
  return recipient;
}

const read = async (id: string) => (await ask(api, `GET /v1/messages/${id}`, { key })).body;
const change = (id: string, expiresAt: string | null, more: object = {}): Promise<Answer> =>
  ask(api, `PATCH /v1/messages/${id}`, { key, body: { expiresAt, ...more } });
const inTime = (milliseconds: number) => new Date(Date.now() + milliseconds).toISOString();

/** Lets time pass for a message: all its times lie so much further back. */
async function age(id: string, milliseconds: number): Promise<void> {
  await api.database.system.query(
    `update message set accepted_at = accepted_at - make_interval(secs => $2), expires_at = expires_at - make_interval(secs => $2) where id = $1`,
    [id, milliseconds / 1000],
  );
}

async function adminRecordsOf(id: string): Promise<Record<string, unknown>[]> {
  const rows = await api.database.system.query<{ payload: Record<string, unknown> }>(
    `select payload from outbox where kind = 'ingest-admin-event' and payload -> 'target' ->> 'id' = $1
       and payload ->> 'action' in ('ExpiryChange', 'MessageErase') order by id`,
    [id],
  );
  return rows.map((row) => row.payload);
}

describe('PATCH /v1/messages/{message}', () => {
  test('200: earlier, later, never; each with its entry and its record, and again without either changing anything', async () => {
    const { messageUid: id } = await newMessage();
    const acceptedAt = String((await read(id))['acceptedAt']);
    const steps = [inTime(5 * DAY), inTime(200 * DAY), null, null, new Date(Date.parse(acceptedAt) + 730 * DAY).toISOString()];
    for (const expiresAt of steps) {
      const answer = await change(id, expiresAt, { reason: 'Agreed' });
      expect([answer.status, answer.body['expiresAt']], answer.text).toEqual([200, expiresAt]);
    }
    const changes = await acme.eventsOf(id, 'ExpiryChange');
    expect(changes.map((event) => propertyOf(event, 'ExpiresAt'))).toEqual([steps[0], steps[1], 'Never', steps[4]]);
    expect(changes[0]).toMatchObject({ recipients: ['bob@example.net'], actor: { kind: 'integration' } });
    const records = await adminRecordsOf(id);
    expect(records).toHaveLength(steps.length);
    expect(records[1]).toMatchObject({
      action: 'ExpiryChange',
      status: 'Success',
      reason: 'Agreed',
      before: { expiresAt: steps[0] },
      after: { expiresAt: steps[1] },
    });
  });

  test('200: an instant is the same in every zone and on both sides of a change of clocks', async () => {
    const { messageUid: id } = await newMessage();
    for (const [given, instant] of [
      ['2027-03-28T01:59:59+01:00', '2027-03-28T00:59:59.000Z'],
      ['2027-03-28T03:00:00+02:00', '2027-03-28T01:00:00.000Z'],
      ['2027-10-31T02:30:00+02:00', '2027-10-31T00:30:00.000Z'],
      ['2027-10-31T02:30:00+01:00', '2027-10-31T01:30:00.000Z'],
    ] as const) {
      expect((await change(id, given)).body['expiresAt']).toBe(instant);
    }
  });

  test('200: a time that has passed means now, and an expiry that was reached stays dated as it was', async () => {
    const { messageUid: id } = await newMessage();
    const answer = await change(id, '2020-01-01T00:00:00Z');
    const expiresAt = String(answer.body['expiresAt']);
    expect(Date.parse(expiresAt)).toBeGreaterThan(Date.parse(String(answer.body['acceptedAt'])));
    expect(answer.body['recipients']).toMatchObject([{ accessState: 'expired' }]);
    expect(answer.body['expiryChange']).toMatchObject({ shorten: false, extend: true });
    for (const again of ['2020-01-01T00:00:00Z', expiresAt]) expect((await change(id, again)).body['expiresAt']).toBe(expiresAt);
    expect(await acme.eventsOf(id, 'ExpiryChange')).toHaveLength(1);
  });

  test('200: a message under the default template leaves its record and no entry', async () => {
    const raw = Buffer.concat([Buffer.from('X-Signet-Template: OME Configuration\r\n'), mailWith()]);
    const [recipient] = await acme.storeMail(raw);
    const id = String(recipient?.messageUid);
    expect((await change(id, '2020-01-01T00:00:00Z')).status).toBe(200);
    expect(await bookExpiries(api.database, never)).toBeGreaterThan(0);
    expect(await acme.eventsOf(id)).toEqual([]);
    expect(await adminRecordsOf(id)).toMatchObject([{ action: 'ExpiryChange', status: 'Success' }]);
  });

  test('400 one millisecond over 730 days after acceptance, for no time, and for a surprise, naming the field', async () => {
    const { messageUid: id } = await newMessage();
    const acceptedAt = Date.parse(String((await read(id))['acceptedAt']));
    const pointers = async (body: object) => {
      const answer = await ask(api, `PATCH /v1/messages/${id}`, { key, body });
      return [answer.status, (answer.body['errors'] as { pointer: string }[]).map(({ pointer }) => pointer)];
    };
    for (const expiresAt of [
      new Date(acceptedAt + 730 * DAY + 1).toISOString(),
      '9999-12-31T23:59:59Z',
      'tomorrow',
      '2027-02-30T00:00:00Z',
      30,
    ]) {
      expect(await pointers({ expiresAt }), String(expiresAt)).toEqual([400, ['/expiresAt']]);
    }
    expect(await pointers({})).toEqual([400, ['/expiresAt']]);
    expect(await pointers({ expiresAt: null, subject: 'x' })).toEqual([400, ['/subject']]);
  });

  test('404, 409 for a Message-ID of several, 409 with the reason for what is erased or left unwrapped; refusals are on record', async () => {
    expect((await change(crypto.randomUUID(), null)).status).toBe(404);
    const { messageUid: erased } = await newMessage();
    await api.database.system.query('update message set erased_at = now(), wrapped_key = null where id = $1', [erased]);
    const { messageUid: passed } = await newMessage();
    await api.database.system.query("update recipient set delivery_state = 'passed', unwrapped = true where message_uid = $1", [passed]);
    for (const [id, reason] of [
      [erased, 'erased'],
      [passed, 'unwrapped'],
    ] as const) {
      const answer = await change(id, inTime(DAY));
      expect([answer.status, answer.body['code']]).toEqual([409, 'not_expirable']);
      expect(String(answer.body['detail'])).toContain(reason);
      expect(await adminRecordsOf(id)).toMatchObject([{ action: 'ExpiryChange', status: 'Failure' }]);
      expect((await read(id))['expiryChange']).toMatchObject({ shorten: false, extend: false });
    }
    await api.database.system.query("update message set message_id = '<two@acme.example>' where id = any($1::uuid[])", [[erased, passed]]);
    expect((await change('two@acme.example', null)).body['code']).toBe('message_id_ambiguous');
  });
});

/** For how many days a message can be read; null where for ever. */
async function daysOf(id: string): Promise<number | null> {
  const [row] = await api.database.system.query<{ days: number | null }>(
    'select extract(epoch from expires_at - accepted_at)::float8 / 86400 as days from message where id = $1',
    [id],
  );
  return row?.days ?? null;
}
const changeTemplate = (externalMailExpiryInDays: number) =>
  ask(api, 'PATCH /v1/branding-templates/Acme', { key, body: { externalMailExpiryInDays } });

test('a template that is changed later leaves a message the expiry that it was accepted with: it counts for what comes after', async () => {
  const { messageUid: first } = await newMessage();
  const { expiresAt } = await read(first);
  expect(await daysOf(first)).toBe(30);
  expect((await changeTemplate(1)).status).toBe(200);
  const { messageUid: second } = await newMessage();
  expect(await daysOf(second)).toBe(1);
  expect((await changeTemplate(0)).status).toBe(200);
  const { messageUid: third } = await newMessage();
  expect((await read(third))['expiresAt']).toBeNull();
  expect([(await read(first))['expiresAt'], await daysOf(second)]).toEqual([expiresAt, 1]);
  await changeTemplate(30);
});

const open = (recipient: SignedIn) => askLink(api, recipient, 'POST', 'access');

describe('reading around the instant, with no worker running', () => {
  test('content goes out until the instant and not from it on, on every process and after a restart; putting it off opens it again', async () => {
    const recipient = await acme.signIn(await newMessage());
    const { body } = await change(recipient.messageUid, inTime(2_000));
    const expiresAt = Date.parse(String(body['expiresAt']));
    let answer = await open(recipient);
    expect(answer.status).toBe(201);
    const index = (answer.json as { message: { attachments: { index: number }[] } }).message.attachments[0]?.index;
    while (answer.status === 201) answer = await open(recipient);
    expect([answer.status, (answer.json as { code: string }).code]).toEqual([410, 'message_expired']);
    const opened = await acme.eventsOf(recipient.messageUid, 'MessageAccess');
    for (const event of opened) expect(Date.parse(event.creationTime)).toBeLessThan(expiresAt);
    const [refused] = await api.database.system.query<{ first: Date }>(
      "select min(first_seen) as first from link_touch where recipient_id = $1 and kind = 'access' and reason = 'Expired'",
      [recipient.recipientId],
    );
    expect(refused?.first.getTime()).toBeGreaterThanOrEqual(expiresAt);

    const restarted = { url: await api.startAnother(), portalHeaders: (ip?: string) => api.portalHeaders(ip) };
    for (const [method, path] of [
      ['POST', 'access'],
      ['GET', `attachments/${index}`],
      ['GET', 'original'],
    ] as const) {
      expect((await askLink(restarted, recipient, method, path)).status, path).toBe(410);
    }
    expect((await change(recipient.messageUid, null)).status).toBe(200);
    expect((await open(recipient)).status).toBe(201);
  }, 60_000);

  test('a reading that waits for the change gets nothing, and one that the change waits for is dated before it', async () => {
    const recipient = await acme.signIn(await newMessage());
    const locked = Promise.withResolvers<void>();
    const mayEnd = Promise.withResolvers<void>();
    const changing = api.database.system.transaction(async (tx) => {
      await tx.query('select from recipient where id = $1 for update', [recipient.recipientId]);
      locked.resolve();
      await mayEnd.promise;
      await tx.query('update message set expires_at = clock_timestamp() where id = $1', [recipient.messageUid]);
    });
    await locked.promise;
    const opening = open(recipient);
    await expect.poll(waitingForLock).toBeGreaterThan(0);
    mayEnd.resolve();
    await changing;
    expect((await opening).status).toBe(410);
    expect(await acme.eventsOf(recipient.messageUid, 'MessageAccess')).toEqual([]);
  });

  test('ending a message races openings: what began after its answer gets nothing, and no success is dated after the expiry', async () => {
    const recipient = await acme.signIn(await newMessage());
    let answered = false;
    const late: number[] = [];
    const readers = Array.from({ length: 6 }, async () => {
      for (let i = 0; i < 12; i += 1) {
        const startedAfter = answered;
        const { status } = await open(recipient);
        if (startedAfter) late.push(status);
      }
    });
    const { body } = await change(recipient.messageUid, '2020-01-01T00:00:00Z');
    answered = true;
    await Promise.all(readers);
    expect(new Set([...late, (await open(recipient)).status])).toEqual(new Set([410]));
    const successes = (await acme.eventsOf(recipient.messageUid, 'MessageAccess')).filter(
      ({ operationStatus }) => operationStatus === 'Success',
    );
    for (const event of successes) expect(event.creationTime <= String(body['expiresAt'])).toBe(true);
  }, 60_000);
});

async function waitingForLock(): Promise<number> {
  const [row] = await api.database.system.query<{ count: number }>(
    "select count(*) as count from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
  );
  return row?.count ?? 0;
}

const expiriesOf = async (id: string) => (await acme.eventsOf(id, 'MessageExpire')).map((event) => event.creationTime);

describe('booking', () => {
  test('writes one MessageExpire a message and instant, dated with the instant, however many workers book and however often', async () => {
    const { messageUid: id } = await newMessage(['bob@example.net', 'carol@example.net']);
    const expiresAt = String((await change(id, '2020-01-01T00:00:00Z')).body['expiresAt']);
    const second = new Database({ url: api.settings.DATABASE_URL, applicationName: 'second-worker' });
    try {
      await Promise.all([api.database, second, api.database, second].map((database) => bookExpiries(database, never)));
    } finally {
      await second.close();
    }
    expect(await expiriesOf(id)).toEqual([expiresAt]);
    const [event] = await acme.eventsOf(id, 'MessageExpire');
    expect(event).toMatchObject({ actor: { kind: 'system' }, recipients: ['bob@example.net', 'carol@example.net'] });
    expect(propertyOf(event, 'ExpiresAt')).toBe(expiresAt);

    await change(id, inTime(DAY));
    await bookExpiries(api.database, never);
    expect(await expiriesOf(id)).toEqual([expiresAt]);
    const again = String((await change(id, '2020-01-01T00:00:00Z')).body['expiresAt']);
    expect(await bookExpiries(api.database, never)).toBe(1);
    expect(await bookExpiries(api.database, never)).toBe(0);
    expect(await expiriesOf(id)).toEqual([expiresAt, again]);
  });

  test('an expiry that was reached while no worker ran is booked by whoever puts it off', async () => {
    const { messageUid: id } = await newMessage();
    const expiresAt = String((await change(id, '2020-01-01T00:00:00Z')).body['expiresAt']);
    await change(id, inTime(DAY));
    expect(await expiriesOf(id)).toEqual([expiresAt]);
    await bookExpiries(api.database, never);
    expect(await expiriesOf(id)).toEqual([expiresAt]);
    expect((await acme.eventsOf(id)).map(({ operation }) => operation)).toEqual([
      'MessageSend',
      'ExpiryChange',
      'MessageExpire',
      'ExpiryChange',
    ]);
  });

  test('passes over a message whose expiry is just being put off', async () => {
    const { messageUid: id } = await newMessage();
    await api.database.system.query("update message set expires_at = now() - interval '1 second' where id = $1", [id]);
    await api.database.system.transaction(async (tx) => {
      await tx.query('select from message where id = $1 for no key update', [id]);
      await bookExpiries(api.database, never);
      await tx.query("update message set expires_at = now() + interval '1 day' where id = $1", [id]);
    });
    await bookExpiries(api.database, never);
    expect(await expiriesOf(id)).toEqual([]);
  });

  test('writes nothing for an instant at which tracking was off, whenever it is booked', async () => {
    const { messageUid: id } = await newMessage();
    const track = (enablePortalTrackingLogs: boolean) => ask(api, 'PATCH /v1/configuration', { key, body: { enablePortalTrackingLogs } });
    await track(false);
    await api.database.system.query('update message set expires_at = clock_timestamp() where id = $1', [id]);
    await track(true);
    expect(await bookExpiries(api.database, never)).toBe(1);
    expect(await expiriesOf(id)).toEqual([]);
  });

  test('reads the due messages by their index', async () => {
    const plan = await api.database.system.transaction(async (tx) => {
      await tx.query('set local enable_seqscan = off');
      return tx.query<{ 'QUERY PLAN': string }>(
        `explain select id from message where organization_id = $1 and erased_at is null
           and expiry_booked_for is distinct from expires_at and expires_at <= statement_timestamp() order by expires_at limit 500`,
        [acme.organization.id],
      );
    });
    expect(plan.map((row) => row['QUERY PLAN']).join('\n')).toContain('message_expiry_due_idx');
  });
});

const configure = (body: object) => ask(api, 'PATCH /v1/configuration', { key, body });
const keyOf = async (id: string) => {
  const [row] = await api.database.system.query<{ has: boolean }>('select wrapped_key is not null as has from message where id = $1', [id]);
  return row?.has;
};

describe('erasing', () => {
  test('destroys the keys of what expired that many days ago, and of nothing else; keeping destroys none', async () => {
    const [old, young, running] = await Promise.all([newMessage(), newMessage(), newMessage()]);
    for (const { messageUid } of [old, young]) await change(messageUid, '2020-01-01T00:00:00Z');
    await age(old.messageUid, 7 * DAY);
    await age(young.messageUid, 7 * DAY - 60_000);
    await age(running.messageUid, 29 * DAY);
    await bookExpiries(api.database, never);
    expect(await eraseExpired(api.database, never), 'content is kept').toBe(0);
    const forecast = async () => (await ask(api, 'GET /v1/storage-forecast', { key })).body;
    expect((await configure({ eraseAfterDays: 7 })).status).toBe(200);
    expect(await forecast()).toMatchObject({ erasable: { messages: 1 }, freed: [] });
    const sooner = await ask(api, 'GET /v1/storage-forecast?eraseAfterDays=6', { key });
    expect(sooner.body).toMatchObject({ erasable: { messages: 2 } });

    expect((await configure({ contentAfterExpiry: 'erase' })).status).toBe(200);
    const before = await forecast();
    expect(before['freed']).not.toEqual([]);
    expect(await eraseExpired(api.database, never)).toBe(1);
    expect(await Promise.all([old, young, running].map(({ messageUid }) => keyOf(messageUid)))).toEqual([false, true, true]);
    expect(await forecast()).toMatchObject({
      erasable: { messages: 0 },
      stored: { messages: (before['stored'] as { messages: number }).messages - 1 },
    });
    expect(await read(old.messageUid)).toMatchObject({ recipients: [{ accessState: 'erased', isRevocable: false }] });
    expect((await acme.eventsOf(old.messageUid, 'MessageErase')).map((event) => propertyOf(event, 'Reason'))).toEqual(['Expired']);
    expect((await adminRecordsOf(old.messageUid)).at(-1)).toMatchObject({ action: 'MessageErase', actor: { kind: 'system' } });
    expect((await change(old.messageUid, null)).body['code']).toBe('not_expirable');
    await configure({ contentAfterExpiry: 'keep', eraseAfterDays: 30 });
  });

  test('races putting off: whichever is first, a message that can be read has its key, and one without it is erased', async () => {
    await configure({ contentAfterExpiry: 'erase', eraseAfterDays: 0 });
    for (let round = 0; round < 8; round += 1) {
      const { messageUid: id } = await newMessage();
      await change(id, '2020-01-01T00:00:00Z');
      await bookExpiries(api.database, never);
      const [putOff] = await Promise.all([change(id, null), eraseExpired(api.database, never)]);
      expect(await keyOf(id)).toBe(putOff.status === 200);
      const { recipients } = (await read(id)) as { recipients: { accessState: string }[] };
      expect(recipients[0]?.accessState === 'erased').toBe(putOff.status === 409);
    }
    await configure({ contentAfterExpiry: 'keep', eraseAfterDays: 30 });
  });

  test('an organization that keeps its content from now on loses nothing more', async () => {
    await configure({ contentAfterExpiry: 'erase', eraseAfterDays: 0 });
    const { messageUid: id } = await newMessage();
    await change(id, '2020-01-01T00:00:00Z');
    await bookExpiries(api.database, never);
    expect((await configure({ contentAfterExpiry: 'keep' })).status).toBe(200);
    expect(await eraseExpired(api.database, never)).toBe(0);
    expect(await keyOf(id)).toBe(true);
  });

  test('400 for days over the limit, fractions and unknown choices, each at its field', async () => {
    const answer = await configure({ eraseAfterDays: 731, contentAfterExpiry: 'burn', sendersMayChangeExpiry: 'yes' });
    expect((answer.body['errors'] as { pointer: string }[]).map(({ pointer }) => pointer).toSorted()).toEqual([
      '/contentAfterExpiry',
      '/eraseAfterDays',
      '/sendersMayChangeExpiry',
    ]);
    for (const eraseAfterDays of [-1, 1.5]) expect((await configure({ eraseAfterDays })).status).toBe(400);
    for (const eraseAfterDays of [0, 730, 30]) expect((await configure({ eraseAfterDays })).status).toBe(200);
  });
});
