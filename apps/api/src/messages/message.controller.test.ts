import { createHash } from 'node:crypto';
import { mailRuleSchema } from '@signet/domain/mail-rule';
import { recipientReferenceOf } from '@signet/domain/recipient-reference';
import { expect, test, describe } from 'vitest';
import { startTestApi } from '../testing/test-api.ts';
import { ask, createTestOrganization, ingestAll, sampleMail, submitMail } from '../testing/test-organization.ts';

const api = await startTestApi();
const acme = await createTestOrganization(api);
const key = acme.apiKey;

const figuresHash = createHash('sha256').update('a,b').digest('hex');

/** A key that may do nothing with messages. */
const { body: weak } = await ask(api, 'POST /v1/api-keys', { key, body: { name: 'weak', scopes: ['configuration:read'] } });
const weakKey = String(weak['secret']);

describe('POST /v1/messages', () => {
  test('202: a mail of bytes is stored encrypted, with the template that the rules chose', async () => {
    const answer = await ask(api, 'POST /v1/messages?sender=alice@acme.example&recipient=bob@example.net&recipient=Carol@example.net', {
      key,
      body: sampleMail({ messageId: '<raw@acme.example>' }),
    });
    expect(answer.status, answer.text).toBe(202);
    expect(answer.body).toMatchObject({
      messageId: '<raw@acme.example>',
      sender: 'alice@acme.example',
      template: 'Acme',
      duplicate: false,
      recipients: [{ address: 'bob@example.net', deliveryState: 'accepted' }, { address: 'Carol@example.net' }],
    });
  });

  test('202: JSON says the same, and the same request under its key answers the same message', async () => {
    const body = {
      sender: 'alice@acme.example',
      recipients: ['bob@example.net'],
      raw: Buffer.from(sampleMail({ messageId: '<json@acme.example>', subject: 'Once' })).toString('base64'),
    };
    const headers = { 'idempotency-key': 'k-1' };
    const first = await ask(api, 'POST /v1/messages', { key, body, headers });
    expect(first.status, first.text).toBe(202);
    const again = await ask(api, 'POST /v1/messages', { key, body, headers });
    expect(again.body).toEqual({ ...first.body, duplicate: true });
    const other = await ask(api, 'POST /v1/messages', { key, body: { ...body, recipients: ['dave@example.net'] }, headers });
    expect([other.status, other.body['code']]).toEqual([409, 'idempotency_conflict']);
  });

  test('400: every wrong field is named', async () => {
    const answer = await ask(api, 'POST /v1/messages', { key, body: { sender: 'x', recipients: [], raw: '***', extra: 1 } });
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    const pointers = (answer.body['errors'] as { pointer: string }[]).map(({ pointer }) => pointer);
    expect(pointers.toSorted()).toEqual(['/extra', '/raw', '/recipients', '/sender']);
  });

  test('401 without a key, 403 without the scope, 403 for a foreign sender, 413 and 415 for bodies that are not taken', async () => {
    const path = 'POST /v1/messages?sender=alice@acme.example&recipient=bob@example.net' as const;
    expect((await ask(api, path, { body: sampleMail() })).status).toBe(401);
    expect((await ask(api, path, { key: weakKey, body: sampleMail() })).body['code']).toBe('forbidden');
    const foreign = await ask(api, 'POST /v1/messages?sender=mallory@globex.example&recipient=bob@example.net', {
      key,
      body: sampleMail(),
    });
    expect([foreign.status, foreign.body['code']]).toEqual([403, 'sender_not_allowed']);
    expect((await ask(api, path, { key, body: sampleMail() + 'x'.repeat(26 * 1024 * 1024) })).status).toBe(413);
    const form = await fetch(`${api.url}/v1/messages`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}` },
      body: new URLSearchParams('a=b'),
    });
    const broken = await fetch(`${api.url}/v1/messages`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: '{',
    });
    expect(broken.status).toBe(400);
    expect([form.status, ((await form.json()) as { code: string }).code]).toEqual([415, 'unsupported_media_type']);
  });
});

describe('GET /v1/messages/{message}', () => {
  test('200: by id and by Message-ID, with and without angle brackets; attachments with their hash', async () => {
    const id = await submitMail(api, acme, { messageId: '<get@acme.example>', subject: 'Get me' });
    for (const reference of [id, '<get@acme.example>', 'get@acme.example']) {
      const answer = await ask(api, `GET /v1/messages/${encodeURIComponent(reference)}`, { key });
      expect(answer.status, answer.text).toBe(200);
      expect(answer.body).toMatchObject({
        id,
        messageId: '<get@acme.example>',
        subject: 'Get me',
        template: 'Acme',
        isRevocable: true,
        revoked: false,
        tracking: { state: 'on', reason: null, gaps: [] },
        recipients: [{ address: 'bob@example.net', accessState: 'unopened', isRevocable: true }],
        attachments: [{ name: 'figures.csv', contentType: 'text/csv', size: 3, sha256: figuresHash }],
      });
    }
  });

  test('404 for what is not there, byte for byte the same; 409 names the messages that a Message-ID means', async () => {
    const missing = await ask(api, `GET /v1/messages/${crypto.randomUUID()}`, { key });
    const unknown = await ask(api, 'GET /v1/messages/%3Cnothing%40acme.example%3E', { key });
    expect(missing.status).toBe(404);
    expect(unknown.text).toBe(missing.text);
    const ids = [
      await submitMail(api, acme, { messageId: '<twice@acme.example>', subject: 'One' }),
      await submitMail(api, acme, { messageId: '<twice@acme.example>', subject: 'Two' }),
    ];
    const ambiguous = await ask(api, 'GET /v1/messages/twice@acme.example', { key });
    expect([ambiguous.status, ambiguous.body['code']]).toEqual([409, 'message_id_ambiguous']);
    expect((ambiguous.body['candidates'] as { id: string }[]).map(({ id }) => id)).toEqual(ids);
  });

  test('200: who was let have the message as it came is not revocable; the message is while somebody else was not', async () => {
    for (const [name, condition, kind] of [
      ['Partner', { kind: 'recipientDomain', domains: ['partner.example'] }, 'passThrough'],
      ['Inside', { kind: 'always' }, 'passInside'],
    ] as const) {
      const rule = mailRuleSchema.parse({ name, conditions: [condition], actions: [{ kind }], stop: false });
      await api.database
        .forOrganization(acme.organizationId)
        .query('insert into mail_rule (organization_id, id, position, rule) values ($1, gen_random_uuid(), -1, $2)', [
          acme.organizationId,
          JSON.stringify(rule),
        ]);
    }
    const passed = await submitMail(api, acme, { messageId: '<passed@acme.example>' }, ['pat@partner.example']);
    expect((await ask(api, `GET /v1/messages/${passed}`, { key })).body).toMatchObject({
      isRevocable: false,
      revoked: false,
      recipients: [{ address: 'pat@partner.example', unwrapped: true, isRevocable: false }],
    });
    const both = await submitMail(api, acme, { messageId: '<both-ways@acme.example>' }, ['bob@example.net', 'dan@acme.example']);
    expect((await ask(api, `GET /v1/messages/${both}`, { key })).body).toMatchObject({
      isRevocable: true,
      recipients: [
        { address: 'bob@example.net', unwrapped: false, isRevocable: true },
        { address: 'dan@acme.example', unwrapped: true, isRevocable: false },
      ],
    });
    const listed = async (messageId: string) => (await ask(api, `GET /v1/messages?messageId=${messageId}`, { key })).body['items'];
    expect(await listed('passed@acme.example')).toMatchObject([{ id: passed, isRevocable: false }]);
    expect(await listed('both-ways@acme.example')).toMatchObject([{ id: both, isRevocable: true }]);
  });

  test('a message under the default template is not tracked, and says why', async () => {
    const id = await submitMail(api, acme, { messageId: '<default@acme.example>', template: 'OME Configuration' });
    const { body } = await ask(api, `GET /v1/messages/${id}`, { key });
    expect(body).toMatchObject({
      template: 'OME Configuration',
      tracking: { state: 'off', since: null, reason: 'default_template' },
      recipients: [{ accessState: 'unrecorded' }],
    });
  });
});

interface Page {
  items: { id: string }[];
  nextCursor: string | null;
  previousCursor: string | null;
  matches: object | null;
}

async function pageFound(query: string): Promise<Page> {
  const { status, body, text } = await ask(api, `GET /v1/messages?${query}`, { key });
  expect(status, text).toBe(200);
  return { items: [], nextCursor: null, previousCursor: null, matches: null, ...body };
}

const idsOf = (page: Page) => page.items.map((item) => item.id);
const idsFound = async (query: string) => idsOf(await pageFound(query));

describe('GET /v1/messages', () => {
  test('200: filters hold together, pages follow one another without gap or repeat, newest first', async () => {
    const ids: string[] = [];
    for (const number of [1, 2, 3, 4, 5]) {
      ids.unshift(
        await submitMail(api, acme, { messageId: `<page${number}@acme.example>`, subject: `Paging report ${number}` }, [
          'Pager@example.org',
        ]),
      );
    }
    const seen: string[] = [];
    const cursors: string[] = [];
    let cursor = '';
    do {
      const page = await ask(api, `GET /v1/messages?recipient=pager@example.org&subject=report%20paging&limit=2${cursor}`, { key });
      expect(page.status, page.text).toBe(200);
      seen.push(...(page.body['items'] as { id: string }[]).map(({ id }) => id));
      const next = page.body['nextCursor'];
      cursor = typeof next === 'string' ? `&cursor=${next}` : '';
      if (cursor !== '') cursors.push(cursor);
    } while (cursor !== '');
    expect(seen).toEqual(ids);
    expect(cursors).toHaveLength(2);
    for (const given of cursors) {
      const elsewhere = await ask(api, `GET /v1/messages?limit=2${given}`, { key });
      expect([elsewhere.status, elsewhere.body['code']]).toEqual([400, 'validation_failed']);
    }
    for (const [filter, count] of [
      ['recipient=PAGER*', 5],
      ['recipient=pager', 0],
      ['messageId=page3@acme.example', 1],
      ['state=unopened&recipient=pager*', 5],
      ['state=revoked&recipient=pager*', 0],
      ['template=acme%20legal', 0],
      ['sender=alice*&subject=paging', 5],
      ['to=2020-01-01T00:00:00Z', 0],
      ['from=2020-01-01T00:00:00%2B02:00&subject=paging', 5],
    ] as const) {
      const page = await ask(api, `GET /v1/messages?${filter}`, { key });
      expect([filter, (page.body['items'] as unknown[] | undefined)?.length]).toEqual([filter, count]);
    }
  });

  test('200: one text finds a message by its subject, sender, recipient, Message-ID, id or the reference in a recipient’s mail, beside other filters', async () => {
    const id = await submitMail(api, acme, { messageId: '<text@acme.example>', subject: 'Harvest festival', from: 'erin@acme.example' }, [
      'Zoe@Example.org',
      'yan@example.org',
    ]);
    for (const text of [
      'harvest',
      'festival  HARVEST',
      'erin',
      'Erin@acme.example',
      'zoe',
      'zo*',
      'text@acme.example',
      '<text@acme.example>',
      id,
    ]) {
      expect([text, await idsFound(new URLSearchParams({ text }).toString())]).toEqual([text, [id]]);
    }
    const recipients = await api.database.system.query<{ id: string }>('select id from recipient where message_uid = $1', [id]);
    for (const reference of recipients.map((recipient) => recipientReferenceOf(recipient.id))) {
      expect(await idsFound(`text=${reference}`)).toEqual([id]);
      expect(await idsFound(`text=${reference.toLowerCase()}`)).toEqual([id]);
    }
    expect(await idsFound('text=0000-0000-0000')).toEqual([]);
    const numbered = await submitMail(api, acme, { messageId: '<number@acme.example>', subject: 'Order 2024-0915-0001' }, [
      'z@example.org',
    ]);
    expect(await idsFound('text=2024-0915-0001')).toEqual([numbered]);
    for (const text of ['harvest winter', 'oe@example.org', '<other@acme.example>', crypto.randomUUID(), '100%', "o'brien", '\0', '\\']) {
      expect([text, await idsFound(new URLSearchParams({ text }).toString())]).toEqual([text, []]);
    }
    expect(await idsFound('text=harvest&sender=erin@*')).toEqual([id]);
    expect(await idsFound('text=harvest&sender=alice@*')).toEqual([]);
  });

  test('200: pages lead back as they lead on, and say how many there are in all when asked', async () => {
    const ids: string[] = [];
    for (const number of [1, 2, 3, 4, 5]) {
      ids.unshift(await submitMail(api, acme, { messageId: `<back${number}@acme.example>` }, ['back@example.org']));
    }
    const backQuery = 'recipient=back@example.org&limit=2';
    const first = await pageFound(`${backQuery}&count=true`);
    expect([first.previousCursor, first.matches]).toEqual([null, { count: 5, capped: false }]);
    const second = await pageFound(`${backQuery}&cursor=${first.nextCursor ?? ''}`);
    const last = await pageFound(`${backQuery}&cursor=${second.nextCursor ?? ''}`);
    expect([idsOf(first), idsOf(second), idsOf(last), last.nextCursor]).toEqual([ids.slice(0, 2), ids.slice(2, 4), ids.slice(4), null]);
    const back = await pageFound(`${backQuery}&cursor=${last.previousCursor ?? ''}`);
    expect([idsOf(back), back.nextCursor !== null, back.matches]).toEqual([ids.slice(2, 4), true, null]);
    const start = await pageFound(`${backQuery}&cursor=${back.previousCursor ?? ''}`);
    expect([idsOf(start), start.previousCursor]).toEqual([ids.slice(0, 2), null]);
  });

  test('400: a parameter that means nothing here is refused, not ignored', async () => {
    const answer = await ask(api, 'GET /v1/messages?recipent=bob@example.net&limit=0', { key });
    expect(answer.status).toBe(400);
    expect((answer.body['errors'] as { pointer: string }[]).map(({ pointer }) => pointer).toSorted()).toEqual(['/limit', '/recipent']);
  });
});

describe('POST /v1/messages/{message}/revocation and /restoration', () => {
  test('200: one recipient, then all; again changes nothing; restoring takes it back; each act is on record', async () => {
    const id = await submitMail(api, acme, { messageId: '<revoke@acme.example>' }, ['bob@example.net', 'carol@example.net']);
    const one = await ask(api, `POST /v1/messages/${id}/revocation`, {
      key,
      body: { recipients: ['BOB@example.net'], reason: 'wrong Bob' },
    });
    expect(one.status, one.text).toBe(200);
    expect(one.body).toMatchObject({
      revoked: false,
      recipients: [
        { accessState: 'revoked', revokedBy: 'First key', reason: 'wrong Bob' },
        { accessState: 'unopened', revokedAt: null },
      ],
    });
    const all = await ask(api, `POST /v1/messages/${id}/revocation`, { key });
    expect(all.body).toMatchObject({ revoked: true, revokedBy: 'First key', reason: null });
    const again = await ask(api, `POST /v1/messages/${id}/revocation`, { key, body: { reason: 'again' } });
    expect(again.body).toEqual(all.body);
    const restored = await ask(api, `POST /v1/messages/${id}/restoration`, { key, body: {} });
    expect(restored.body).toMatchObject({
      revoked: false,
      revokedAt: null,
      recipients: [{ accessState: 'unopened' }, { accessState: 'unopened' }],
    });

    await ingestAll(api);
    const trail = await ask(api, `GET /v1/audit-entries?messageId=${id}`, { key });
    expect(
      (trail.body['items'] as { operation: string; recipients: string[] }[]).map((entry) => [entry.operation, entry.recipients.length]),
    ).toEqual([
      ['MessageRestore', 2],
      ['MessageRevoke', 1],
      ['MessageRevoke', 1],
      ['MessageSend', 2],
    ]);
    const records = await ask(api, `GET /v1/admin-records?target=${id}&action=MessageRevoke&action=MessageRestore`, { key });
    expect((records.body['items'] as { action: string }[]).map(({ action }) => action)).toEqual([
      'MessageRestore',
      'MessageRevoke',
      'MessageRevoke',
      'MessageRevoke',
    ]);
  });

  test('200: a Message-ID that names several messages means all of them', async () => {
    await submitMail(api, acme, { messageId: '<both@acme.example>', subject: 'One' });
    await submitMail(api, acme, { messageId: '<both@acme.example>', subject: 'Two' });
    const answer = await ask(api, 'POST /v1/messages/both@acme.example/revocation', { key, body: {} });
    expect(answer.body).toMatchObject({
      count: 2,
      items: [
        { subject: 'One', revoked: true },
        { subject: 'Two', revoked: true },
      ],
    });
  });

  test('400 names a recipient who is none, and changes nothing; 403 is on record; 404; 409 where nobody can be reached', async () => {
    const id = await submitMail(api, acme, { messageId: '<refuse@acme.example>' });
    const wrong = await ask(api, `POST /v1/messages/${id}/revocation`, {
      key,
      body: { recipients: ['bob@example.net', 'eve@example.net'] },
    });
    expect([wrong.status, wrong.body['errors']]).toEqual([400, [{ pointer: '/recipients/1', detail: 'is no recipient of the message' }]]);
    expect((await ask(api, `POST /v1/messages/${id}/revocation`, { key: weakKey })).status).toBe(403);
    expect((await ask(api, 'POST /v1/messages/nothing@acme.example/revocation', { key })).status).toBe(404);
    await api.database.system.query("update recipient set delivery_state = 'passed', unwrapped = true where message_uid = $1", [id]);
    const passed = await ask(api, `POST /v1/messages/${id}/revocation`, { key });
    expect([passed.status, passed.body['code']]).toEqual([409, 'not_revocable']);
    await ingestAll(api);
    const records = await ask(api, 'GET /v1/admin-records?action=MessageRevoke&limit=2', { key });
    expect(records.body['items']).toMatchObject([
      { status: 'Failure', target: { id }, after: { refusal: 'not_revocable' } },
      { status: 'Failure', reason: 'forbidden', actor: { kind: 'integration' } },
    ]);
  });
});
