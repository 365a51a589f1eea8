import { rename } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { setMember } from '@signet/db/organization';
import { openMemberSession } from '@signet/db/member-session';
import { openBlobStore } from '@signet/vault/open-blob-store';
import { expect, describe, test } from 'vitest';
import { hashOfSecret, newToken } from '../authentication/secret.ts';
import { startTestApi } from '../testing/test-api.ts';
import { ask, createTestOrganization, ingestAll, submitMail } from '../testing/test-organization.ts';

const api = await startTestApi();
const acme = await createTestOrganization(api);
const { system } = api.database;
const key = acme.apiKey;

/** A message to one recipient whose wrapper mail was given up. @returns the ids of its row and of the message. */
async function givenUp(name: string): Promise<{ row: string; message: string }> {
  const message = await submitMail(api, acme, { messageId: `<${name}@acme.example>`, subject: name }, [`${name}@example.net`]);
  const [row] = await system.query<{ id: number }>(
    `update outbox set dead_at = clock_timestamp(), attempts = 132, last_error = '451 4.3.0 Not now'
     where kind = 'send-wrapper-mail' and message_uid = $1 returning id`,
    [message],
  );
  await system.query("update recipient set delivery_state = 'bounced' where message_uid = $1", [message]);
  return { row: String(row?.id), message };
}

/** A member's headers. */
async function helpdesk(): Promise<Record<string, string>> {
  const scope = api.database.forOrganization(acme.organizationId);
  const token = newToken();
  const memberId = await scope.administer((tx) => setMember(tx, { email: 'help@acme.example', role: 'helpdesk', passwordHash: 'none' }));
  await scope.transaction((tx) =>
    openMemberSession(tx, { memberId, tokenHash: hashOfSecret(token), factors: ['password'], clientIp: null, userAgent: null }),
  );
  return { ...api.portalHeaders(), authorization: `Bearer ${token}` };
}

async function itemsOf(path: `/${string}`, options: Parameters<typeof ask>[2] = { key }): Promise<Record<string, unknown>[]> {
  const answer = await ask(api, `GET ${path}`, options);
  expect(answer.status, answer.text).toBe(200);
  return answer.body['items'] as Record<string, unknown>[];
}

const actsOn = async (target: string | null) => {
  await ingestAll(api);
  return system.query(
    "select action, record -> 'after' as after from admin_record where action = 'OutboxRevive' and target_id is not distinct from $1",
    [target],
  );
};

describe('200', () => {
  test('what was given up is listed with what it was for and why, page by page, the latest first', async () => {
    const [first, second] = [await givenUp('first'), await givenUp('second')];
    const one = await ask(api, 'GET /v1/outbox?state=dead&limit=1', { key });
    expect(one.body).toEqual({
      items: [
        {
          id: second.row,
          kind: 'send-wrapper-mail',
          state: 'dead',
          message: { id: second.message, messageId: '<second@acme.example>', subject: 'second', sender: 'alice@acme.example' },
          recipient: 'second@example.net',
          attempts: 132,
          lastError: '451 4.3.0 Not now',
          since: expect.any(String) as string,
          deadAt: expect.any(String) as string,
          nextAttemptAt: null,
          isRevivable: true,
        },
      ],
      nextCursor: expect.any(String) as string,
    });
    const next = await itemsOf(`/v1/outbox?limit=1&cursor=${String(one.body['nextCursor'])}`);
    expect(next).toMatchObject([{ id: first.row }]);
  });

  test('what failed and is tried again by itself is listed apart, with the time of its next attempt', async () => {
    const message = await submitMail(api, acme, { messageId: '<slow@acme.example>' });
    await system.query("update outbox set attempts = 1, last_error = 'later' where message_uid = $1 and kind = 'send-wrapper-mail'", [
      message,
    ]);
    const items = await itemsOf('/v1/outbox?state=retrying');
    expect(items).toMatchObject([
      { message: { id: message }, state: 'retrying', deadAt: null, nextAttemptAt: expect.any(String) as string, isRevivable: false },
    ]);
  });

  test('a revival lets it be tried at once from the first attempt on, says so to its recipient’s state and the trail, and leaves one record however often it is asked', async () => {
    const { row, message } = await givenUp('revived');
    for (const _ of [1, 2]) {
      const answer = await ask(api, `POST /v1/outbox/${row}/revival`, { key });
      expect([answer.status, answer.body['state'], answer.body['attempts']], answer.text).toEqual([200, 'retrying', 0]);
    }
    const [stored] = await system.query<{ due: boolean }>(
      'select next_attempt_at <= clock_timestamp() and leased_until is null and attempts = 0 and dead_at is null as due from outbox where id = $1',
      [row],
    );
    expect(stored?.due).toBe(true);
    expect(await system.query('select delivery_state from recipient where message_uid = $1', [message])).toEqual([
      { delivery_state: 'deferred' },
    ]);
    expect(await actsOn(row)).toEqual([
      {
        action: 'OutboxRevive',
        after: { kind: 'send-wrapper-mail', messageId: '<revived@acme.example>', recipient: 'revived@example.net' },
      },
    ]);
    const resends = await itemsOf('/v1/audit-entries?messageId=revived@acme.example&operation=WrapperResend');
    expect(resends).toMatchObject([{ recipients: ['revived@example.net'], actor: { kind: 'integration' } }]);
  });

  test('all that still has a use is tried again at once, with one record that says how many', async () => {
    const [useful, useless] = [await givenUp('useful'), await givenUp('useless')];
    await system.query('update recipient set revoked_at = clock_timestamp() where message_uid = $1', [useless.message]);
    const answer = await ask(api, 'POST /v1/outbox/revival', { key });
    expect(answer.body, answer.text).toMatchObject({ remaining: 0 });
    const revived = Number(answer.body['revived']);
    expect(revived).toBeGreaterThan(0);
    const left = (await itemsOf('/v1/outbox')).map(({ id }) => id);
    expect(left).toContain(useless.row);
    expect(left).not.toContain(useful.row);
    expect(await actsOn(null)).toEqual([{ action: 'OutboxRevive', after: { count: revived } }]);
    expect((await ask(api, 'POST /v1/outbox/revival', { key })).body).toEqual({ revived: 0, remaining: 0 });
    expect(await actsOn(null)).toHaveLength(1);
  });

  test('the helpdesk sees wrapper mails and tries them again; that somebody asked for a passcode it does not see', async () => {
    const { row } = await givenUp('helped');
    const [passcode] = await system.query<{ id: number }>(
      `insert into outbox (organization_id, kind, payload, event_time, attempts, dead_at, last_error)
       values ($1, 'send-passcode-mail', jsonb_build_object('passcodeRequestId', gen_random_uuid(), 'sealedCode', 'c2VhbGVk'), clock_timestamp(), 6, clock_timestamp(), '451')
       returning id`,
      [acme.organizationId],
    );
    const all = await ask(api, 'GET /v1/outbox?limit=500', { key });
    expect(all.text).toContain('send-passcode-mail');
    expect(all.text).not.toContain('c2VhbGVk');
    const headers = await helpdesk();
    const kinds = (await itemsOf('/v1/outbox?limit=500', { headers })).map(({ kind }) => kind);
    expect(new Set(kinds)).toEqual(new Set(['send-wrapper-mail']));
    expect((await ask(api, `POST /v1/outbox/${String(passcode?.id)}/revival`, { headers })).status).toBe(404);
    expect((await ask(api, `POST /v1/outbox/${row}/revival`, { headers })).status).toBe(200);
  });

  test('messages whose content is missing are listed, page by page', async () => {
    const [first, second] = [
      await submitMail(api, acme, { messageId: '<gone1@acme.example>' }),
      await submitMail(api, acme, { messageId: '<gone2@acme.example>' }),
    ];
    await system.query('update message set content_missing_since = clock_timestamp() where id = any($1)', [[first, second]]);
    const page = await ask(api, 'GET /v1/missing-content?limit=1', { key });
    expect(page.body['items']).toMatchObject([
      { message: { id: second, messageId: '<gone2@acme.example>' }, missingSince: expect.any(String) as string },
    ]);
    expect(await itemsOf(`/v1/missing-content?cursor=${String(page.body['nextCursor'])}`)).toMatchObject([{ message: { id: first } }]);
  });

  test('content that was put back is found by a new look, which says how much is still missing, and leaves one record', async () => {
    const ids = [
      await submitMail(api, acme, { messageId: '<back@acme.example>' }),
      await submitMail(api, acme, { messageId: '<lost@acme.example>' }),
    ];
    const [back, lost] = ids;
    const blobStore = await openBlobStore(api.settings.BLOB_URL);
    const [row] = await system.query<{ blob_name: string }>('select blob_name from message where id = $1', [lost]);
    await blobStore.moveToTrash(acme.organizationId, row?.blob_name ?? '');
    await system.query('update message set content_missing_since = null');
    await system.query('update message set content_missing_since = clock_timestamp() where id = any($1)', [ids]);
    const answer = await ask(api, 'POST /v1/missing-content/check', { headers: await helpdesk() });
    expect([answer.status, answer.body], answer.text).toEqual([200, { found: 1, missing: 1, nextCursor: null }]);
    expect(await itemsOf('/v1/missing-content')).toMatchObject([{ message: { id: lost } }]);
    expect(await system.query('select id from message where content_missing_since is null and id = any($1)', [ids])).toEqual([
      { id: back },
    ]);
    await ingestAll(api);
    const records = await system.query("select record -> 'after' as after from admin_record where action = 'ContentCheck'");
    expect(records).toEqual([{ after: { found: 1, missing: 1 } }]);
    await blobStore.restoreFromTrash(acme.organizationId, row?.blob_name ?? '');
    expect((await ask(api, 'POST /v1/missing-content/check', { key })).body).toEqual({ found: 1, missing: 0, nextCursor: null });
    expect(await itemsOf('/v1/missing-content')).toEqual([]);
  });
});

test('400: what is no state, no id and no cursor is named', async () => {
  const asked = [
    ['GET /v1/outbox?state=gone', '/state'],
    ['GET /v1/outbox?cursor=abc', '/cursor'],
    ['POST /v1/outbox/abc/revival', '/id'],
    ['POST /v1/missing-content/check?cursor=abc', '/cursor'],
  ] as const;
  for (const [request, pointer] of asked) {
    const answer = await ask(api, request, { key });
    expect([answer.status, answer.body['errors']]).toMatchObject([400, [{ pointer }]]);
  }
});

test('404: a row that is not there, or was done meanwhile', async () => {
  expect((await ask(api, 'POST /v1/outbox/999999999/revival', { key })).status).toBe(404);
});

test('409: mail of a message that was revoked helps nobody, and is not tried again', async () => {
  const { row, message } = await givenUp('closed');
  await system.query('update recipient set revoked_at = clock_timestamp() where message_uid = $1', [message]);
  const answer = await ask(api, `POST /v1/outbox/${row}/revival`, { key });
  expect([answer.status, answer.body['code']]).toEqual([409, 'not_revivable']);
  expect(answer.body['detail']).toMatch(/message is closed .* passcode or link is over, or the member is gone/);
  expect(await actsOn(row)).toEqual([]);
});

test('503: while the storage itself is away a new look says nothing of any message, and leaves each as it is', async () => {
  const id = await submitMail(api, acme, { messageId: '<unknown@acme.example>' });
  await system.query('update message set content_missing_since = clock_timestamp() where id = $1', [id]);
  const folder = fileURLToPath(api.settings.BLOB_URL);
  await rename(folder, `${folder}-away`);
  try {
    expect((await ask(api, 'POST /v1/missing-content/check', { key })).status).toBe(503);
  } finally {
    await rename(`${folder}-away`, folder);
  }
  expect(await itemsOf('/v1/missing-content')).toMatchObject([{ message: { id } }]);
  expect((await ask(api, 'POST /v1/missing-content/check', { key })).body).toMatchObject({ found: 1 });
});
