import { beginWrapperDelivery, finishDelivery } from '@signet/db/delivery';
import { openMemberSession } from '@signet/db/member-session';
import { setMember } from '@signet/db/organization';
import type { Role } from '@signet/domain/role';
import { describe, expect, test } from 'vitest';
import { hashOfSecret, newToken } from '../authentication/secret.ts';
import { startTestApi } from '../testing/test-api.ts';
import { ask, createTestOrganization, ingestAll, submitMail, type Answer } from '../testing/test-organization.ts';

const api = await startTestApi();
const acme = await createTestOrganization(api);
const other = await createTestOrganization(api, 'globex');
const { database } = api;
const { system } = database;
const key = acme.apiKey;

async function wrapperRows(message: string): Promise<{ id: number; payload: { recipientId: string; resend?: string } }[]> {
  return system.query("select id, payload from outbox where message_uid = $1 and kind = 'send-wrapper-mail' order by id", [message]);
}

/** Does what the worker does with the mails that wait. @returns the links that they had. */
async function deliver(message: string, delivery: 'Sent' | 'Bounced' = 'Sent'): Promise<string[]> {
  const links: string[] = [];
  for (const { id } of await wrapperRows(message)) {
    const order = await beginWrapperDelivery(database, String(id), 60);
    if (!order) throw new Error('there is nothing to send');
    await finishDelivery(database, order, { delivery, response: '250 OK' }, { attempts: 132, delayedAfterSeconds: 60 });
    links.push(order.linkToken);
  }
  return links;
}

async function sent(name: string, recipients: readonly string[] = ['bob@example.net', 'carol@example.net']): Promise<string> {
  const message = await submitMail(api, acme, { messageId: `<${name}@acme.example>` }, recipients);
  await deliver(message);
  return message;
}

const resend = (message: string, body?: object, options: Parameters<typeof ask>[2] = { key }): Promise<Answer> =>
  ask(api, `POST /v1/messages/${message}/resend`, { ...options, body });

async function memberHeaders(role: Role): Promise<Record<string, string>> {
  const scope = database.forOrganization(acme.organizationId);
  const token = newToken();
  const memberId = await scope.administer((tx) => setMember(tx, { email: `${role}@acme.example`, role, passwordHash: 'none' }));
  await scope.transaction((tx) =>
    openMemberSession(tx, { memberId, tokenHash: hashOfSecret(token), factors: ['password'], clientIp: null, userAgent: null }),
  );
  return { ...api.portalHeaders(), authorization: `Bearer ${token}` };
}

const statesOf = async (message: string) =>
  (
    await system.query<{ state: string }>('select delivery_state as state from recipient where message_uid = $1 order by address', [
      message,
    ])
  ).map(({ state }) => state);

async function actsOn(message: string): Promise<Record<string, unknown>[]> {
  await ingestAll(api);
  return system.query(
    `select record ->> 'status' as status, record -> 'after' as after, record -> 'actor' ->> 'kind' as actor from admin_record
     where action = 'MessageResend' and target_id = $1 order by log_index`,
    [message],
  );
}

async function resendsOf(message: string): Promise<string[]> {
  await ingestAll(api);
  const answer = await ask(api, `GET /v1/audit-entries?messageId=${message}&operation=WrapperResend`, { key });
  return (answer.body['items'] as { recipients: string[] }[]).map(({ recipients }) => recipients.join(' ')).toSorted();
}

describe('200', () => {
  test('all recipients are sent another mail with the same link, with an entry for each and one record', async () => {
    const message = await submitMail(api, acme, { messageId: '<again@acme.example>' }, ['bob@example.net', 'carol@example.net']);
    const links = await deliver(message);
    const answer = await resend('again@acme.example');
    expect([answer.status, answer.body['id']], answer.text).toEqual([200, message]);
    expect(answer.body['recipients']).toMatchObject([
      { address: 'bob@example.net', deliveryState: 'accepted', attempts: 1 },
      { address: 'carol@example.net', deliveryState: 'accepted', attempts: 1 },
    ]);
    const rows = await wrapperRows(message);
    expect(new Set(rows.map(({ payload }) => payload.resend)).size).toBe(2);
    expect((await deliver(message)).toSorted()).toEqual(links.toSorted());
    expect(await statesOf(message)).toEqual(['sent', 'sent']);
    expect(await resendsOf(message)).toEqual(['bob@example.net', 'carol@example.net']);
    const recipients = ['bob@example.net', 'carol@example.net'];
    expect(await actsOn(message)).toEqual([
      { status: 'Success', actor: 'integration', after: { messageId: '<again@acme.example>', recipients } },
    ]);
  });

  test('the helpdesk has it sent again to one recipient alone, in whatever letters they are named', async () => {
    const message = await sent('helpdesk');
    const headers = await memberHeaders('helpdesk');
    const answer = await resend(message, { recipients: ['BOB@example.net'] }, { headers });
    expect(answer.status, answer.text).toBe(200);
    expect(await statesOf(message)).toEqual(['accepted', 'sent']);
    expect(await actsOn(message)).toMatchObject([{ actor: 'member', after: { recipients: ['bob@example.net'] } }]);
  });

  test('whose mail still waits gets that one alone, however often it is asked for', async () => {
    const message = await submitMail(api, acme, { messageId: '<waits-still@acme.example>' });
    const rows = await wrapperRows(message);
    for (let i = 0; i < 7; i += 1) expect((await resend(message)).status).toBe(200);
    expect(await wrapperRows(message)).toEqual(rows);
    expect(await resendsOf(message)).toEqual([]);
  });

  test('two who ask at once have one mail sent', async () => {
    const message = await sent('at-once', ['bob@example.net']);
    const answers = await Promise.all([resend(message), resend(message)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(await wrapperRows(message)).toHaveLength(1);
  });

  test('a mail that came back or was given up is replaced by the new one, and its recipient is waited for again', async () => {
    const message = await submitMail(api, acme, { messageId: '<came-back@acme.example>' });
    const [given] = await system.query<{ id: number }>(
      "update outbox set dead_at = clock_timestamp(), attempts = 132 where message_uid = $1 and kind = 'send-wrapper-mail' returning id",
      [message],
    );
    await system.query("update recipient set delivery_state = 'bounced' where message_uid = $1", [message]);
    expect((await resend(message)).status).toBe(200);
    const rows = await wrapperRows(message);
    expect(rows).toMatchObject([{ payload: { resend: expect.any(String) as string } }]);
    expect(rows[0]?.id).not.toBe(given?.id);
    expect(await statesOf(message)).toEqual(['accepted']);
  });

  test('where nobody is named, whoever cannot get the message any more is left out', async () => {
    const message = await sent('left-out');
    await ask(api, `POST /v1/messages/${message}/revocation`, { key, body: { recipients: ['bob@example.net'] } });
    expect((await resend(message)).status).toBe(200);
    expect(await statesOf(message)).toEqual(['sent', 'accepted']);
    expect(await actsOn(message)).toMatchObject([{ after: { recipients: ['carol@example.net'] } }]);
  });

  test('whose access ended before it went out again gets it once they are restored', async () => {
    const message = await sent('restored', ['bob@example.net']);
    await resend(message);
    await ask(api, `POST /v1/messages/${message}/revocation`, { key });
    const [row] = await wrapperRows(message);
    expect(await beginWrapperDelivery(database, String(row?.id), 60)).toBeNull();
    await ask(api, `POST /v1/messages/${message}/restoration`, { key });
    expect(await wrapperRows(message)).toMatchObject([{ payload: { resend: expect.any(String) as string } }]);
    await deliver(message);
    expect(await statesOf(message)).toEqual(['sent']);
  });

  test('a message that is not tracked leaves its record and no entry', async () => {
    const message = await submitMail(api, acme, { messageId: '<untracked@acme.example>', template: 'OME Configuration' });
    await deliver(message);
    expect((await resend(message)).status).toBe(200);
    expect(await wrapperRows(message)).toHaveLength(1);
    expect(await resendsOf(message)).toEqual([]);
    expect(await actsOn(message)).toHaveLength(1);
  });
});

describe('refused, and nobody is sent anything', () => {
  test.each([
    ['revoked', "update recipient set revoked_at = now() where message_uid = $1 and address = 'bob@example.net'"],
    [
      'unwrapped',
      "update recipient set unwrapped = true, delivery_state = 'passed' where message_uid = $1 and address = 'bob@example.net'",
    ],
    ['expired', 'update message set expires_at = now() where id = $1'],
    ['erased', 'update message set erased_at = now(), wrapped_key = null where id = $1'],
  ])('409 for a recipient who is %s, named with the reason, and on record', async (why, change) => {
    const message = await sent(`no-${why}`);
    await system.query(change, [message]);
    const answer = await resend(message, { recipients: ['carol@example.net', 'Bob@example.net'] });
    expect([answer.status, answer.body['code']], answer.text).toEqual([409, 'not_resendable']);
    expect(answer.body['errors']).toContainEqual({
      pointer: '/recipients/1',
      detail: expect.stringMatching(/^bob@example\.net: .*/) as string,
    });
    expect(answer.text).toContain(why);
    expect(await wrapperRows(message)).toEqual([]);
    expect(await resendsOf(message)).toEqual([]);
    expect(await actsOn(message)).toMatchObject([{ status: 'Failure', after: { refusal: 'not_resendable' } }]);
  });

  test('409 where nobody is named and nobody is left, and for a Message-ID of several messages', async () => {
    const message = await sent('nobody-left');
    await ask(api, `POST /v1/messages/${message}/revocation`, { key });
    const answer = await resend(message);
    expect([answer.status, answer.body['code']]).toEqual([409, 'not_resendable']);
    expect(answer.body['errors']).toHaveLength(2);
    const twin = await sent('twin');
    await system.query("update message set message_id = '<twin@acme.example>' where id = $1", [message]);
    expect((await resend('twin@acme.example')).body['code']).toBe('message_id_ambiguous');
    expect(await wrapperRows(twin)).toEqual([]);
  });

  test('404 for a message of another organization, 400 for who is no recipient, 403 for who may not', async () => {
    const message = await sent('kept');
    expect((await resend(message, {}, { key: other.apiKey })).status).toBe(404);
    const stranger = await resend(message, { recipients: ['bob@example.net', 'eve@example.net'] });
    expect([stranger.status, stranger.body['errors']]).toEqual([
      400,
      [{ pointer: '/recipients/1', detail: 'is no recipient of the message' }],
    ]);
    for (const role of ['auditor', 'compliance'] as const) {
      expect((await resend(message, {}, { headers: await memberHeaders(role) })).status, role).toBe(403);
    }
    expect(await wrapperRows(message)).toEqual([]);
  });

  test('429 for the sixth within an hour to a recipient, telling when it may be tried again, also beside others who had none', async () => {
    const message = await sent('often');
    const fiveTo = async (address: string) => {
      for (let i = 0; i < 5; i += 1) {
        expect((await resend(message, { recipients: [address] })).status, `${address} ${i}`).toBe(200);
        await deliver(message);
      }
    };
    await fiveTo('bob@example.net');
    expect(await countOf(message, 'bob@example.net')).toBe(5);
    await fillNextHour(message, 'bob@example.net');
    for (const body of [{ recipients: ['bob@example.net'] }, {}]) {
      const answer = await resend(message, body);
      expect([answer.status, answer.body['code']], answer.text).toEqual([429, 'too_many_requests']);
      const wait = Number(answer.headers.get('retry-after'));
      expect(wait).toBeGreaterThan(0);
      expect(wait).toBeLessThanOrEqual(3_600);
    }
    expect(await wrapperRows(message)).toEqual([]);
    expect(await countOf(message, 'carol@example.net'), 'a refusal counts for nobody').toBe(0);
    await fiveTo('carol@example.net');
    expect((await actsOn(message)).filter(({ status }) => status === 'Failure')).toHaveLength(2);
  });
});

const bucketSql = "(select 'wrapper-resend:recipient:' || id from recipient where message_uid = $1 and address = $2)";

async function countOf(message: string, address: string): Promise<number> {
  const sql = `select coalesce(sum(count), 0)::int as count from rate_limit where bucket = ${bucketSql}`;
  const [row] = await system.query<{ count: number }>(sql, [message, address]);
  return row?.count ?? -1;
}

/** The hour may turn while a test runs: this one and the next are full. */
async function fillNextHour(message: string, address: string): Promise<void> {
  await system.query(
    `insert into rate_limit (bucket, window_start, count)
     select ${bucketSql}, to_timestamp(floor(extract(epoch from now()) / 3600) * 3600 + hour * 3600), 5 from generate_series(0, 1) as hour
     on conflict (bucket, window_start) do update set count = 5`,
    [message, address],
  );
}
