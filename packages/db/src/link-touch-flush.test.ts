import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { acceptMessage } from './accept-message.ts';
import { newId, type Database } from './database.ts';
import { countTouch, type Touch } from './link-touch.ts';
import { flushLinkTouches } from './link-touch-flush.ts';
import { loadSubmissionSettings } from './submission.ts';
import { asSuperuser, openTestDatabase } from './testing/test-database.ts';
import { seedOrganization } from './testing/seed-organization.ts';

const createKey = async () => ({ keyId: newId(), providerKeyId: 'test', wrappedKey: randomBytes(8) });
const scanner: Touch = {
  kind: 'touch',
  method: 'HEAD',
  reason: null,
  clientIp: '192.0.2.7',
  userAgent: 'Scanner/1',
  authentication: null,
};

async function messageTo(database: Database, address: string, domain = 'acme.example') {
  const organization = await seedOrganization(database, { createKey, domain });
  const scope = database.forOrganization(organization.id);
  const { templates, organizationKey } = await loadSubmissionSettings(scope, 'nobody@example.net');
  const template = templates.find((each) => !each.content.isDefault);
  if (!template) throw new Error('There is no custom template');
  await acceptMessage(
    scope,
    {
      id: newId(),
      messageId: '<a@acme.example>',
      fingerprint: randomBytes(32),
      sender: 'alice@acme.example',
      subject: 'Offer',
      template,
      ruleName: null,
      decision: {},
      askedExpiry: null,
      size: 1,
      originalOnly: null,
      bodyOffset: null,
      automatic: false,
      sanitiserVersion: 1,
      blobName: newId(),
      blobLength: 1,
      organizationKeyId: organizationKey.keyId,
      wrappedKey: randomBytes(8),
      parts: [],
    },
    [{ address }],
    { kind: 'sender', id: null, address: 'alice@acme.example' },
  );
  const [recipient] = await scope.query<{ id: string }>('select id from recipient where organization_id = $1', [organization.id]);
  await scope.query('delete from outbox');
  return { scope, recipientId: recipient?.id ?? '' };
}

interface FlushedEvent {
  operation: string;
  operationStatus: string;
  authenticationMethod: string | null;
  authenticationStatus: string | null;
  actor: object;
  clientIp: string | null;
  recipients: string[];
  operationProperties: { name: string; value: string }[];
}

async function events(database: Database) {
  const rows = await database.system.query<{ payload: FlushedEvent }>(
    "select payload from outbox where kind = 'ingest-audit-event' order by id",
  );
  return rows.map(({ payload }) => ({
    ...payload,
    properties: Object.fromEntries(payload.operationProperties.map(({ name, value }) => [name, value])),
  }));
}

test("a finished minute's touches become one event each with their count, once, however many flush; a running minute waits", async () => {
  const database = await openTestDatabase();
  const { scope, recipientId } = await messageTo(database, 'bob@example.net');
  const refused: Touch = { ...scanner, kind: 'access', method: 'POST', reason: 'Revoked', authentication: 'OTP' };
  for (let count = 0; count < 3; count += 1) await countTouch(scope, recipientId, scanner);
  for (let count = 0; count < 2; count += 1) await countTouch(scope, recipientId, refused);
  // Their minute is over.
  await scope.query("update link_touch set minute = minute - interval '2 minutes'");
  await countTouch(scope, recipientId, scanner);
  await scope.query("update link_touch set minute = date_trunc('minute', clock_timestamp()) + interval '5 minutes' where count = 1");

  const flushed = await Promise.all([flushLinkTouches(database), flushLinkTouches(database)]);
  await flushLinkTouches(database);

  expect(flushed.reduce((sum, recorded) => sum + recorded, 0)).toBe(2);
  const [touch, access, ...others] = (await events(database)).toSorted((a, b) => a.operation.localeCompare(b.operation));
  expect(others).toEqual([]);
  expect(touch).toMatchObject({
    operation: 'LinkTouch',
    operationStatus: 'Success',
    authenticationMethod: null,
    actor: { kind: 'unknown', id: null, address: null },
    clientIp: '192.0.2.7',
    recipients: ['bob@example.net'],
    properties: { Count: '3', Method: 'HEAD', MailSubject: 'Offer', FirstSeen: expect.any(String), LastSeen: expect.any(String) },
  });
  expect(access).toMatchObject({
    operation: 'MessageAccess',
    operationStatus: 'Failure',
    authenticationMethod: 'OTP',
    authenticationStatus: 'Success',
    actor: { kind: 'recipient', id: recipientId, address: 'bob@example.net' },
    properties: { Count: '2', Reason: 'Revoked' },
  });
  expect(await scope.query('select count from link_touch')).toEqual([{ count: 1 }]);
});

test('touches of a message that is not tracked leave nothing', async () => {
  const database = await openTestDatabase();
  const { scope, recipientId } = await messageTo(database, 'bob@example.net');
  await scope.query('update organization set enable_portal_tracking_logs = false');
  await countTouch(scope, recipientId, scanner);
  await scope.query('update organization set enable_portal_tracking_logs = true');
  await scope.query('update message set uses_default_template = true');
  await countTouch(scope, recipientId, scanner);

  expect(await scope.query('select 1 from link_touch')).toEqual([]);
});

test('touches of a minute in which tracking was switched off are recorded as far as they came before', async () => {
  const database = await openTestDatabase();
  const { scope, recipientId } = await messageTo(database, 'bob@example.net');
  for (let count = 0; count < 2; count += 1) await countTouch(scope, recipientId, scanner);
  await scope.query('update organization set enable_portal_tracking_logs = false');
  await countTouch(scope, recipientId, scanner);
  await scope.query("update link_touch set minute = minute - interval '2 minutes'");

  expect(await flushLinkTouches(database)).toBe(1);

  expect(await events(database)).toMatchObject([{ operation: 'LinkTouch', properties: { Count: '2' } }]);
  expect(await scope.query('select 1 from link_touch')).toEqual([]);
});

test("touches of one organization that cannot become events do not hold up another's", async () => {
  const database = await openTestDatabase();
  const sick = await messageTo(database, 'bob@example.net');
  const sound = await messageTo(database, 'eve@example.net', 'globex.example');
  for (const { scope, recipientId } of [sick, sound]) await countTouch(scope, recipientId, scanner);
  await database.system.query("update link_touch set minute = minute - interval '1 minute'");
  await asSuperuser(
    database.url,
    `alter table outbox add check (organization_id <> '${sick.scope.organizationId}' or kind <> 'ingest-audit-event')`,
  );

  await expect(flushLinkTouches(database)).rejects.toThrow('check constraint');

  expect(await events(database)).toMatchObject([{ recipients: ['eve@example.net'] }]);
  expect(await database.system.query('select organization_id from link_touch')).toEqual([{ organization_id: sick.scope.organizationId }]);
});
