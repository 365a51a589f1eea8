import { asSuperuser } from '@signet/db/testing/test-database';
import { expect, test } from 'vitest';
import { startTestApi } from '../testing/test-api.ts';
import { ask, createTestOrganization, ingestAll, submitMail } from '../testing/test-organization.ts';

const api = await startTestApi();
const acme = await createTestOrganization(api);
const key = acme.apiKey;

const hold = (body: object) => ask(api, 'POST /v1/legal-holds', { key, body: { reason: 'Case 7', ...body } });

async function release(...ids: readonly string[]): Promise<void> {
  for (const id of ids) await ask(api, `POST /v1/legal-holds/${id}/release`, { key, body: { reason: 'closed' } });
}

test('holds are listed page after page, the newest first, those that hold before those that were released; each by its state alone too', async () => {
  const made: string[] = [];
  for (const reason of ['one', 'two', 'three']) made.push(String((await hold({ kind: 'organization', reason })).body['id']));
  const [one, two, three] = made;
  await release(String(three));
  const idsOf = async (query: string) => {
    const ids: unknown[][] = [];
    for (let cursor: unknown = ''; typeof cursor === 'string';) {
      const { body } = await ask(api, `GET /v1/legal-holds?${query}${cursor === '' ? '' : `&cursor=${cursor}`}`, { key });
      ids.push((body['items'] as { id: string }[]).map(({ id }) => id));
      cursor = body['nextCursor'];
    }
    return ids;
  };
  expect(await idsOf('limit=1')).toEqual([[two], [one], [three]]);
  expect(await idsOf('limit=2')).toEqual([[two, one], [three]]);
  expect(await idsOf('state=holding')).toEqual([[two, one]]);
  expect(await idsOf('state=released&limit=1')).toEqual([[three]]);
  expect((await ask(api, 'GET /v1/legal-holds?cursor=nonsense', { key })).status).toBe(400);
  await release(...made);
});

test('a message says which holds concern it, and whether they keep its content: by name, by address, by time; not what is released, or somebody else’s', async () => {
  const id = await submitMail(api, acme, { messageId: '<concerned@acme.example>' }, ['frida@example.net']);
  const wanted = [
    await hold({ kind: 'message', message: id, reason: 'by name' }),
    await hold({ kind: 'address', address: 'Frida@Example.net', reason: 'by recipient' }),
    await hold({ kind: 'address', address: 'alice@acme.example', from: '2026-01-01T00:00:00Z', reason: 'by sender' }),
    await hold({ kind: 'organization', from: '2999-01-01T00:00:00Z', reason: 'of later steps' }),
  ];
  const others = [
    await hold({ kind: 'organization', to: '2020-01-01T00:00:00Z', reason: 'of long ago' }),
    await hold({ kind: 'address', address: 'nobody@example.net', reason: 'of somebody else' }),
  ];
  expect([...wanted, ...others].map(({ status }) => status)).toEqual([201, 201, 201, 201, 201, 201]);
  const concerning = async () => {
    const { body } = await ask(api, `GET /v1/messages/${id}/history`, { key });
    return (body['holds'] as { reason: string; keepsContent: boolean }[]).map(({ reason, keepsContent }) => [reason, keepsContent]);
  };
  expect(await concerning()).toEqual([
    ['of later steps', false],
    ['by sender', true],
    ['by recipient', true],
    ['by name', true],
  ]);
  await release(...[...wanted, ...others].map(({ body }) => String(body['id'])));
  expect(await concerning()).toEqual([]);
});

test('a release is forecast: entries and content whose time is over, and that this hold alone keeps', async () => {
  const id = await submitMail(api, acme, { messageId: '<due@acme.example>' });
  await ingestAll(api);
  await asSuperuser(
    api.settings.DATABASE_URL,
    `update audit_entry set creation_time = creation_time - interval '400 days', recorded_at = recorded_at - interval '400 days' where message_uid = '${id}';
     update message set expires_at = now() - interval '1 day', expiry_booked_for = now() - interval '1 day' where id = '${id}'`,
  );
  const one = await hold({ kind: 'message', message: id });
  const forecast = async () => (await ask(api, `GET /v1/legal-holds/${String(one.body['id'])}/forecast`, { key })).body;
  expect(await forecast()).toEqual({ entries: 0, messages: 0, more: false });
  await asSuperuser(api.settings.DATABASE_URL, "insert into retention_worker (name, seen_at) values ('retention', now())");
  await ask(api, 'PUT /v1/retention', { key, body: { days: 365 } });
  await ask(api, 'PATCH /v1/configuration', { key, body: { contentAfterExpiry: 'erase', eraseAfterDays: 0 } });
  expect(await forecast()).toEqual({ entries: 1, messages: 1, more: false });
  const other = await hold({ kind: 'organization' });
  expect(await forecast()).toEqual({ entries: 0, messages: 0, more: false });
  await release(String(other.body['id']));
  expect(await forecast()).toEqual({ entries: 1, messages: 1, more: false });
  expect((await ask(api, `GET /v1/legal-holds/${crypto.randomUUID()}/forecast`, { key })).status).toBe(404);
});
