import { expect, test } from 'vitest';
import { startTestApi } from '../testing/test-api.ts';
import { ask, createTestOrganization, ingestAll, sampleMail, submitMail } from '../testing/test-organization.ts';

const api = await startTestApi();
const acme = await createTestOrganization(api);
const key = acme.apiKey;

const applyAcme = { kind: 'applyTemplate', templateName: 'Acme' };
const rule = (name: string, changes: object = {}) => ({
  name,
  conditions: [{ kind: 'subjectContains', words: [name] }],
  actions: [applyAcme],
  ...changes,
});
const create = (body: object) => ask(api, 'POST /v1/mail-rules', { key, body });
const order = async () => {
  const { body } = await ask(api, 'GET /v1/mail-rules', { key });
  return (body['items'] as { name: string; position: number }[]).map(({ name, position }) => `${position} ${name}`);
};
const pointers = (body: Readonly<Record<string, unknown>>) => (body['errors'] as { pointer: string }[]).map(({ pointer }) => pointer);
const submit = (subject: string, more: { sender?: string; messageId?: string } = {}) => {
  const { sender = 'alice@acme.example', messageId = `<${crypto.randomUUID()}@acme.example>` } = more;
  const query = new URLSearchParams({ sender, recipient: 'bob@example.net' });
  return ask(api, `POST /v1/messages?${query.toString()}`, { key, body: sampleMail({ subject, messageId, from: sender }) });
};

test('201, 200, 204: a rule is added where it is wanted, changed, moved and removed; the others make room; each act is on record once', async () => {
  const shipped = ['Template of the header', 'Everything gets Acme', 'Secure by the subject', 'Secure by the sensitivity label'];
  const first = await create(rule('first', { position: 0 }));
  expect([first.status, first.body]).toMatchObject([
    201,
    { position: 0, enabled: true, stop: true, summary: 'If the subject contains “first”: encrypt it with the template “Acme”. Then stop.' },
  ]);
  const last = await create(rule('last'));
  expect(await order()).toEqual(['first', ...shipped, 'last'].map((name, at) => `${at} ${name}`));

  const place = `/v1/mail-rules/${String(last.body['id'])}` as const;
  const moved = await ask(api, `PATCH ${place}`, { key, body: { position: 1, enabled: false } });
  expect([moved.status, moved.body]).toMatchObject([200, { position: 1, enabled: false, name: 'last', stop: true }]);
  expect(await order()).toEqual(['first', 'last', ...shipped].map((name, at) => `${at} ${name}`));
  expect((await ask(api, `PATCH ${place}`, { key, body: { enabled: false, position: 1 } })).status).toBe(200);
  expect((await ask(api, `GET ${place}`, { key })).body).toEqual(moved.body);
  expect((await ask(api, `DELETE ${place}`, { key })).status).toBe(204);
  expect((await ask(api, `GET ${place}`, { key })).status).toBe(404);
  expect(await order()).toEqual(['first', ...shipped].map((name, at) => `${at} ${name}`));
  await ask(api, `DELETE /v1/mail-rules/${String(first.body['id'])}`, { key });

  await ingestAll(api);
  const records = await ask(api, `GET /v1/admin-records?target=${String(last.body['id'])}`, { key });
  expect(records.body['items']).toMatchObject([
    { action: 'MailRuleRemove', before: { name: 'last', position: 1 }, after: null },
    { action: 'MailRuleChange', before: { enabled: true, position: 5 }, after: { enabled: false, position: 1 } },
    { action: 'MailRuleCreate', before: null, after: { name: 'last', position: 5 } },
  ]);
});

test('400 at the field, 404, 409: a rule that would not do what it says is not taken', async () => {
  const cases: [object, string][] = [
    [{ actions: [{ kind: 'applyTemplate', templateName: 'Nope' }] }, '/actions/0/templateName'],
    [{ conditions: [{ kind: 'always' }, { kind: 'senderGroup', groups: ['Nobody'] }] }, '/conditions/1/groups/0'],
    [{ exceptions: [{ kind: 'senderGroup', groups: ['Nobody'] }] }, '/exceptions/0/groups/0'],
    [{ actions: [applyAcme, { kind: 'reject', text: 'no' }] }, '/actions/1'],
    [{ actions: [{ kind: 'reject', text: 'zwei\nZeilen' }] }, '/actions/0/text'],
    [{ actions: [{ kind: 'reject', text: 'größer' }] }, '/actions/0/text'],
    [{ actions: [{ kind: 'reject', text: 'x'.repeat(401) }] }, '/actions/0/text'],
    [{ actions: [{ kind: 'setExpiry', days: 731 }] }, '/actions/0/days'],
    [{ actions: [{ kind: 'setExpiry', days: -1 }] }, '/actions/0/days'],
    [{ actions: [{ kind: 'setExpiry', days: 1.5 }] }, '/actions/0/days'],
    [
      {
        actions: [
          { kind: 'setExpiry', days: 1 },
          { kind: 'setExpiry', days: 2 },
        ],
      },
      '/actions/1',
    ],
    [{ conditions: [{ kind: 'sizeAtLeast', bytes: 1 }], actions: [{ kind: 'removeHeader', header: 'X-A' }] }, '/actions/0'],
    [{ conditions: [{ kind: 'sizeAtLeast', bytes: 0 }] }, '/conditions/0/bytes'],
    [{ conditions: [] }, '/conditions'],
    [{ name: ' ' }, '/name'],
    [{ priority: 1 }, '/priority'],
  ];
  for (const [changes, pointer] of cases) {
    const answer = await create(rule('wrong', changes));
    expect([answer.status, pointers(answer.body)], JSON.stringify(changes)).toEqual([400, [pointer]]);
  }
  for (const days of [0, 1, 730]) {
    const taken = await create(rule(`days ${days}`, { actions: [{ kind: 'setExpiry', days }] }));
    expect(taken.status).toBe(201);
    const twice = await create(rule(`DAYS ${days} `));
    expect([twice.status, twice.body['code']]).toEqual([409, 'name_taken']);
    await ask(api, `DELETE /v1/mail-rules/${String(taken.body['id'])}`, { key });
  }
  expect((await ask(api, `PATCH /v1/mail-rules/${crypto.randomUUID()}`, { key, body: {} })).status).toBe(404);
});

test('a rule that counts is seen on the message: template, expiry from acceptance, forwarding; what rejects answers 403 and is on record', async () => {
  const made = [
    await create(
      rule('legal', {
        position: 0,
        actions: [
          { kind: 'applyTemplate', templateName: 'Acme Legal' },
          { kind: 'setExpiry', days: 7 },
        ],
      }),
    ),
    await create(rule('short', { position: 0, actions: [{ kind: 'forbidForwarding' }, { kind: 'setExpiry', days: 40 }], stop: false })),
    await create(rule('never', { position: 0, actions: [{ kind: 'reject', text: 'Not by mail, please' }] })),
  ];

  const legal = await submit('a legal matter');
  const { body } = await ask(api, `GET /v1/messages/${String(legal.body['id'])}`, { key });
  expect(body).toMatchObject({
    template: 'Acme Legal',
    forwardingAllowed: false,
    decision: {
      template: { name: 'Acme Legal', rule: 'legal' },
      expiry: { days: 7, rule: 'legal' },
      forwardingForbiddenBy: null,
      matchedRules: ['legal'],
      removedHeaders: [],
      unknownTemplates: [],
    },
  });
  const days = (message: typeof body) =>
    (Date.parse(String(message['expiresAt'])) - Date.parse(String(message['acceptedAt']))) / 86_400_000;
  expect(days(body)).toBe(7);

  const short = await submit('a short one');
  const { body: second } = await ask(api, `GET /v1/messages/${String(short.body['id'])}`, { key });
  expect(second).toMatchObject({
    template: 'Acme',
    forwardingAllowed: false,
    decision: { forwardingForbiddenBy: 'short', matchedRules: ['short', 'Everything gets Acme'] },
  });
  expect(days(second)).toBe(40);

  const never = await submit('never ever');
  expect([never.status, never.body]).toMatchObject([403, { code: 'rejected_by_rule', detail: 'Not by mail, please' }]);
  await ingestAll(api);
  const records = await ask(api, 'GET /v1/admin-records?action=MessageSubmit&limit=1', { key });
  expect(records.body['items']).toMatchObject([{ status: 'Failure', reason: 'rejected_by_rule', after: { sender: 'alice@acme.example' } }]);
  for (const { body: one } of made) await ask(api, `DELETE /v1/mail-rules/${String(one['id'])}`, { key });
});

test('a sender group is not replaced unseen by whoever says what they have seen of it', async () => {
  const put = (addresses: string[], headers: Record<string, string> = {}) =>
    ask(api, 'PUT /v1/sender-groups/Guarded', { key, headers, body: { addresses } });
  const made = await put(['ann@acme.example'], { 'if-none-match': '*' });
  expect([made.status, made.body['addresses']]).toEqual([200, ['ann@acme.example']]);
  const seen = String(made.body['revision']);
  expect((await put(['bea@acme.example'], { 'if-match': `"${seen}"` })).status).toBe(200);
  const refused = [
    await put([], { 'if-match': seen }),
    await put([], { 'if-none-match': '*' }),
    await ask(api, 'PUT /v1/sender-groups/Nowhere', { key, headers: { 'if-match': '*' }, body: { addresses: [] } }),
  ];
  expect(refused.map(({ status, body }) => [status, body['code']])).toEqual(refused.map(() => [412, 'changed_meanwhile']));
  expect((await ask(api, 'GET /v1/sender-groups/guarded', { key })).body).toMatchObject({ addresses: ['bea@acme.example'] });
  expect((await ask(api, 'GET /v1/sender-groups/Nowhere', { key })).status).toBe(404);
  expect((await ask(api, 'DELETE /v1/sender-groups/Guarded', { key })).status).toBe(204);
});

test('sender groups come as JSON or CSV, rules ask about them in any case, and one that a rule uses stays', async () => {
  const put = (body: object) => ask(api, 'PUT /v1/sender-groups/Legal%20desk', { key, body });
  const csv = (text: string) =>
    fetch(`${api.url}/v1/sender-groups/Legal%20desk`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'text/csv' },
      body: text,
    });
  expect((await put({ addresses: ['Ann@acme.example', 'ann@ACME.example', 'bea@acme.example'] })).body).toMatchObject({
    name: 'Legal desk',
    addresses: ['ann@acme.example', 'bea@acme.example'],
  });
  expect(await (await csv('\uFEFFName;x,PrimarySmtpAddress\r\n"Carl, the clerk",carl@acme.example\r\n\r\n')).json()).toMatchObject({
    addresses: ['carl@acme.example'],
  });
  expect(await (await csv('dora@acme.example\nann@acme.example\n')).json()).toMatchObject({
    addresses: ['ann@acme.example', 'dora@acme.example'],
  });
  const wrong = await csv('email\nann@acme.example\nnobody\n');
  expect([wrong.status, await wrong.json()]).toMatchObject([400, { errors: [{ pointer: '/1' }] }]);
  expect((await csv('a,"b\n')).status).toBe(400);
  for (const empty of ['', 'Name,Email\r\n']) expect((await csv(empty)).status).toBe(400);

  const asked = await create(
    rule('by group', {
      position: 0,
      conditions: [{ kind: 'senderGroup', groups: ['LEGAL desk'] }],
      actions: [{ kind: 'applyTemplate', templateName: 'acme legal' }],
    }),
  );
  expect(asked.status).toBe(201);
  for (const [sender, template] of [
    ['Dora@acme.example', 'Acme Legal'],
    ['alice@acme.example', 'Acme'],
  ] as const)
    expect((await submit('to whom', { sender })).body).toMatchObject({ template });
  const inUse = await ask(api, 'DELETE /v1/sender-groups/legal%20DESK', { key });
  expect([inUse.status, inUse.body]).toMatchObject([409, { code: 'in_use', detail: 'The mail rule “by group” uses this group' }]);
  await ask(api, `DELETE /v1/mail-rules/${String(asked.body['id'])}`, { key });
  expect((await ask(api, 'DELETE /v1/sender-groups/legal%20DESK', { key })).status).toBe(204);
  expect((await ask(api, 'GET /v1/sender-groups/Legal%20desk', { key })).status).toBe(404);
  await ingestAll(api);
  const records = await ask(api, 'GET /v1/admin-records?target=Legal%20desk', { key });
  expect(records.body['items']).toMatchObject([
    { action: 'SenderGroupRemove', before: { addressCount: 2 } },
    {
      action: 'SenderGroupChange',
      before: { removed: ['carl@acme.example'] },
      after: { added: ['ann@acme.example', 'dora@acme.example'] },
    },
    { action: 'SenderGroupChange' },
    { action: 'SenderGroupCreate', before: null, after: { addressCount: 2 } },
  ]);
});

test('503: with rules that cannot be read nothing is taken in, and nothing explained; 202 once they can', async () => {
  const scope = api.database.forOrganization(acme.organizationId);
  const explain = () =>
    ask(api, 'POST /v1/mail-rules/explain?sender=alice@acme.example&recipient=bob@example.net', { key, body: sampleMail() });
  await scope.query(`update mail_rule set rule = jsonb_set(rule, '{was}', rule -> 'conditions') where organization_id = $1`, [
    acme.organizationId,
  ]);
  await scope.query(`update mail_rule set rule = jsonb_set(rule, '{conditions}', '[{"kind": "later"}]') where organization_id = $1`, [
    acme.organizationId,
  ]);
  for (const answer of [await submit('unreadable'), await explain()])
    expect([answer.status, answer.body['code']]).toEqual([503, 'unavailable']);
  await scope.query(`update mail_rule set rule = jsonb_set(rule, '{conditions}', rule -> 'was') - 'was' where organization_id = $1`, [
    acme.organizationId,
  ]);
  expect((await submit('readable')).status).toBe(202);
  expect((await explain()).body['outcome']).toBe('accepted');
});

test('explaining stores nothing and looks at nothing that is stored; who may not submit under a name learns it there', async () => {
  await submitMail(api, acme, { messageId: '<once@acme.example>' });
  const count = () => api.database.system.query('select count(*) as count from message');
  const before = await count();
  const body = {
    sender: 'alice@acme.example',
    recipients: ['bob@example.net'],
    raw: Buffer.from(sampleMail({ messageId: '<once@acme.example>' })).toString('base64'),
  };
  const explained = await ask(api, 'POST /v1/mail-rules/explain', { key, body });
  expect(explained.body).toMatchObject({
    outcome: 'accepted',
    refusal: null,
    expiresInDays: 0,
    forwardingAllowed: true,
    decision: { template: { name: 'Acme', rule: 'Everything gets Acme' } },
    rules: [
      {
        name: 'Template of the header',
        outcome: 'not_matched',
        conditions: [{ text: 'it has the header X-Signet-Template', holds: 'no', found: null }],
      },
      { name: 'Everything gets Acme', outcome: 'matched' },
      { outcome: 'not_reached' },
      { outcome: 'not_reached' },
    ],
  });
  const foreign = await ask(api, 'POST /v1/mail-rules/explain', { key, body: { ...body, sender: 'alice@globex.example' } });
  expect(foreign.body).toMatchObject({ outcome: 'refused', refusal: { code: 'sender_not_allowed' }, rules: [] });
  expect(await count()).toEqual(before);
});
