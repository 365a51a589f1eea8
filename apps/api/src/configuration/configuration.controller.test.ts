import { expect, test } from 'vitest';
import { startTestApi } from '../testing/test-api.ts';
import { ask, createTestOrganization, ingestAll } from '../testing/test-organization.ts';

const api = await startTestApi();
const acme = await createTestOrganization(api);
const key = acme.apiKey;

test('200: the switch, its span of tracking and its record change together; what is so already is no change', async () => {
  const expiry = { contentAfterExpiry: 'keep', eraseAfterDays: 30, sendersMayChangeExpiry: 'shorten' };
  const notices = {
    notifySenders: false,
    notifyFirstOpening: false,
    notifyUnreadAfterDays: null,
    notifyBounced: true,
    notifyExpiredUnread: false,
    notifyRefusedAfterRevocation: false,
  };
  const recorded = { recordedClientIp: 'full', recordedUserAgent: 'full', recordedSubject: 'full' };
  const limits = { maxMessageBytes: null, maxRecipients: 1000 };
  const bounces = { bounceDomain: 'bounces.acme.example', mailLanguages: ['en'] };
  const others = { ...expiry, ...notices, ...recorded, ...limits, ...bounces, requireSecondFactor: false };
  expect((await ask(api, 'GET /v1/configuration', { key })).body).toEqual({ enablePortalTrackingLogs: true, ...others });
  for (const enablePortalTrackingLogs of [true, false, false, true]) {
    const answer = await ask(api, 'PATCH /v1/configuration', { key, body: { enablePortalTrackingLogs } });
    expect([answer.status, answer.body]).toEqual([200, { enablePortalTrackingLogs, ...others }]);
  }
  expect((await ask(api, 'PATCH /v1/configuration', { key, body: {} })).status).toBe(200);
  const periods = await api.database.system.query('select ended_at is null as open from tracking_period order by started_at');
  expect(periods).toEqual([{ open: false }, { open: true }]);
  await ingestAll(api);
  const records = await ask(api, 'GET /v1/admin-records?action=ConfigurationChange', { key });
  expect(records.body['items']).toMatchObject([
    { before: { enablePortalTrackingLogs: false }, after: { enablePortalTrackingLogs: true } },
    { before: { enablePortalTrackingLogs: true }, after: { enablePortalTrackingLogs: false } },
  ]);
});

test('200: notices to senders are switched with a record, and tracking stays as it is', async () => {
  const periods = () => api.database.system.query('select started_at, ended_at from tracking_period order by started_at');
  const before = await periods();
  for (const notifySenders of [true, true, false]) {
    const answer = await ask(api, 'PATCH /v1/configuration', { key, body: { notifySenders } });
    expect([answer.status, answer.body]).toMatchObject([200, { enablePortalTrackingLogs: true, notifySenders }]);
  }
  expect(await periods()).toEqual(before);
  await ingestAll(api);
  const records = await ask(api, 'GET /v1/admin-records?action=ConfigurationChange&limit=2', { key });
  expect(records.body['items']).toMatchObject([
    { before: { notifySenders: true }, after: { notifySenders: false, enablePortalTrackingLogs: true } },
    { before: { notifySenders: false }, after: { notifySenders: true } },
  ]);
});

test('200: each kind of notice is set by itself, with a record; days are whole ones from 1 to 90, or none', async () => {
  const change = (body: object) => ask(api, 'PATCH /v1/configuration', { key, body });
  for (const setting of ['notifyFirstOpening', 'notifyExpiredUnread', 'notifyRefusedAfterRevocation']) {
    const { body } = await change({ [setting]: true });
    expect(body).toMatchObject({ [setting]: true });
  }
  for (const notifyUnreadAfterDays of [1, 90, null, 7]) {
    const answer = await change({ notifyUnreadAfterDays });
    expect([answer.status, answer.body]).toMatchObject([200, { notifyUnreadAfterDays, notifyFirstOpening: true }]);
  }
  for (const notifyUnreadAfterDays of [0, 91, 1.5, '7', true]) {
    const { status, body } = await change({ notifyUnreadAfterDays });
    expect([status, body['errors']]).toMatchObject([400, [{ pointer: '/notifyUnreadAfterDays' }]]);
  }
  await ingestAll(api);
  const records = await ask(api, 'GET /v1/admin-records?action=ConfigurationChange&limit=1', { key });
  expect(records.body['items']).toMatchObject([{ before: { notifyUnreadAfterDays: null }, after: { notifyUnreadAfterDays: 7 } }]);
});

test('mails are in one language or two that Signet speaks, with a record; anything else is refused at the field', async () => {
  const change = (mailLanguages: unknown) => ask(api, 'PATCH /v1/configuration', { key, body: { mailLanguages } });
  for (const languages of [['de'], ['fr', 'en'], ['en', 'ar'], ['en']]) {
    const answer = await change(languages);
    expect([answer.status, answer.body['mailLanguages']]).toEqual([200, languages]);
  }
  for (const languages of [[], ['de', 'de'], ['de', 'en', 'fr'], ['DE'], ['ja'], 'de', null]) {
    const { status, body } = await change(languages);
    expect([status, (body['errors'] as { pointer: string }[])[0]?.pointer], String(languages)).toEqual([
      400,
      expect.stringMatching(/^\/mailLanguages/),
    ]);
  }
  await ingestAll(api);
  const records = await ask(api, 'GET /v1/admin-records?action=ConfigurationChange&limit=1', { key });
  expect(records.body['items']).toMatchObject([{ before: { mailLanguages: ['en', 'ar'] }, after: { mailLanguages: ['en'] } }]);
});

const changeBounces = (bounceDomain: unknown) => ask(api, 'PATCH /v1/configuration', { key, body: { bounceDomain } });

test('bounces come back to a domain of the organization or one below it, to no other, and to senders again where it is taken back', async () => {
  for (const domain of ['acme.example', 'bounces.acme.example', null, `${'a'.repeat(63)}.acme.example`]) {
    const answer = await changeBounces(domain);
    expect([answer.status, answer.body['bounceDomain']]).toEqual([200, domain]);
  }
  const wrong = [
    'globex.example',
    'notacme.example',
    'example',
    'Bounces.acme.example',
    '-.acme.example',
    '',
    `${'a.'.repeat(90)}acme.example`,
    7,
  ];
  for (const domain of wrong) {
    const { status, body } = await changeBounces(domain);
    expect([status, (body['errors'] as { pointer: string }[]).map(({ pointer }) => pointer)], String(domain)).toEqual([
      400,
      ['/bounceDomain'],
    ]);
  }
  await changeBounces(null);
});

test('400 for a setting that has no meaning here, 401, 403 with a record', async () => {
  const unknown = await ask(api, 'PATCH /v1/configuration', { key, body: { enablePdfEncryption: true, enablePortalTrackingLogs: 'yes' } });
  expect((unknown.body['errors'] as { pointer: string }[]).map(({ pointer }) => pointer).toSorted()).toEqual([
    '/enablePdfEncryption',
    '/enablePortalTrackingLogs',
  ]);
  expect((await ask(api, 'GET /v1/configuration')).status).toBe(401);
  expect((await ask(api, 'GET /v1/configuration', { key: `sk_${'x'.repeat(43)}` })).status).toBe(401);
  const { body } = await ask(api, 'POST /v1/api-keys', { key, body: { name: 'reader', scopes: ['configuration:read'] } });
  const refused = await ask(api, 'PATCH /v1/configuration', { key: String(body['secret']), body: {} });
  expect([refused.status, refused.body['code']]).toEqual([403, 'forbidden']);
});

test('templates and rules of the demo are as documented', async () => {
  const templates = await ask(api, 'GET /v1/branding-templates', { key });
  expect(templates.body['items']).toMatchObject([
    { name: 'OME Configuration', isDefault: true },
    { name: 'Acme', isDefault: false, backgroundColor: '#0F4C5C' },
    { name: 'Acme Legal', externalMailExpiryInDays: 30, forwardingAllowed: false },
  ]);
  expect((await ask(api, 'GET /v1/branding-templates/acme%20legal', { key })).body['name']).toBe('Acme Legal');
  expect((await ask(api, 'GET /v1/branding-templates/Globex', { key })).status).toBe(404);
  const rules = await ask(api, 'GET /v1/mail-rules', { key });
  expect(rules.body['items']).toMatchObject([
    { name: 'Template of the header' },
    { name: 'Everything gets Acme', stop: true },
    { name: 'Secure by the subject', conditions: [{ kind: 'subjectContains', words: ['[secure]'] }] },
    { name: 'Secure by the sensitivity label', actions: [{ kind: 'applyTemplate' }, { kind: 'forbidForwarding' }] },
  ]);
});

test('API keys and SMTP credentials show their secret once, work until they are revoked, and give no scope their maker lacks', async () => {
  const made = await ask(api, 'POST /v1/api-keys', { key, body: { name: 'maker', scopes: ['members:write', 'configuration:read'] } });
  expect([made.status, made.body['hint']]).toEqual([201, `${String(made.body['secret']).slice(0, 9)}…`]);
  const maker = String(made.body['secret']);
  expect(maker).toMatch(/^sk_[\w-]{43}$/);
  expect((await ask(api, 'POST /v1/api-keys', { key: maker, body: { name: 'more', scopes: ['audit:read'] } })).status).toBe(403);
  const list = await ask(api, 'GET /v1/api-keys', { key: maker });
  expect(list.text).not.toContain(maker);
  expect((list.body['items'] as object[]).at(-1)).toMatchObject({
    name: 'maker',
    lastUsedAt: expect.any(String) as unknown,
    revokedAt: null,
  });
  expect((await ask(api, `DELETE /v1/api-keys/${String(made.body['id'])}`, { key })).status).toBe(204);
  expect((await ask(api, 'GET /v1/configuration', { key: maker })).status).toBe(401);

  const smtp = await ask(api, 'POST /v1/smtp-credentials', { key, body: { name: 'Exchange' } });
  expect(smtp.status).toBe(201);
  const credentials = await ask(api, 'GET /v1/smtp-credentials', { key });
  expect(credentials.text).not.toContain(String(smtp.body['password']));
  expect((await ask(api, `DELETE /v1/smtp-credentials/${String(smtp.body['id'])}`, { key })).status).toBe(204);
  expect(((await ask(api, 'GET /v1/smtp-credentials', { key })).body['items'] as object[]).at(-1)).toMatchObject({
    name: 'Exchange',
    revokedAt: expect.any(String) as unknown,
  });
});
