import { appendAuditEvents } from '@signet/db/audit';
import { newId } from '@signet/db/database';
import { setMember } from '@signet/db/organization';
import type { AuditEvent } from '@signet/domain/audit/entry';
import { expect, test } from 'vitest';
import { hashPassword } from '../authentication/password.ts';
import { startTestApi } from '../testing/test-api.ts';
import { ask, createTestOrganization, ingestAll, submitMail } from '../testing/test-organization.ts';

const api = await startTestApi();
const acme = await createTestOrganization(api);
const globex = await createTestOrganization(api, 'globex');
const { system } = api.database;
const scope = api.database.forOrganization(acme.organizationId);

/** The days that the tests count: long ago, when the organization was there and tracked but for the 3rd, and from noon of the 4th. */
const day = (number: number, time = '12:00:00') => `2026-02-0${number}T${time}.000Z`;
await system.query("update organization set created_at = '2026-01-01T00:00:00Z'");
await system.query('update tracking_period set started_at = $1, ended_at = $2 where organization_id = $3', [
  day(1, '00:00:00'),
  day(3, '00:00:00'),
  acme.organizationId,
]);
await system.query('insert into tracking_period (organization_id, started_at, ended_at) values ($1, $2, $3)', [
  acme.organizationId,
  day(4, '00:00:00'),
  day(4, '12:00:00'),
]);

const event = (change: Partial<AuditEvent>): AuditEvent => ({
  id: newId(),
  version: 1,
  source: 'signet',
  operation: 'MessageAccess',
  creationTime: day(1),
  organizationId: acme.organizationId,
  messageId: '<counted@acme.example>',
  messageUid: null,
  recipients: ['bob@example.net'],
  sender: 'alice@acme.example',
  authenticationMethod: 'OTP',
  authenticationStatus: 'Success',
  operationStatus: 'Success',
  attachmentName: null,
  operationProperties: [],
  actor: { kind: 'unknown', id: null, address: null },
  clientIp: null,
  userAgent: null,
  ...change,
});

const message = await submitMail(api, acme, { messageId: '<counted@acme.example>' }, ['bob@example.net', 'carol@example.net']);
const plain = await submitMail(api, acme, { messageId: '<plain@acme.example>', template: 'OME Configuration' });
await submitMail(api, globex, { from: 'alice@globex.example' });
await system.query('update message set accepted_at = $1', [day(1, '23:30:00')]);
await system.query("update recipient set delivery_state = 'sent' where message_uid = $1 and address_key = 'bob@example.net'", [message]);
await system.query("update recipient set delivery_state = 'bounced' where message_uid = $1", [plain]);
await ask(api, `POST /v1/messages/${message}/revocation`, { key: acme.apiKey });
await system.query('update revocation set at = $1', [day(2)]);
const refusal = { operationStatus: 'Failure' as const, creationTime: day(2) };
await scope.transaction((tx) =>
  appendAuditEvents(tx, [
    event({}),
    event({ operation: 'AuthenticateRequest' }),
    event({ operation: 'AuthenticateRequest', authenticationMethod: 'Passkey', creationTime: day(2) }),
    event({ operation: 'AuthenticateRequest', authenticationStatus: 'Failure', operationStatus: 'Failure' }),
    event({ ...refusal, operationProperties: [{ name: 'Count', value: '7' }] }),
    event({ ...refusal, operation: 'AttachmentDownload', attachmentName: 'figures.csv' }),
    // What other systems saw, and touches of a link, are no readings.
    event({ source: 'siem' }),
    event({ source: 'm365-import', operation: 'AuthenticateRequest' }),
    event({ ...refusal, source: 'siem' }),
    event({ ...refusal, operation: 'LinkTouch' }),
  ]),
);
await scope.transaction((tx) => appendAuditEvents(tx, [event({ creationTime: day(4) })]));
await ingestAll(api);

const range = `from=${day(1, '00:00:00')}&to=${day(5, '00:00:00')}`;
interface Counted {
  from: string;
  recorded: string;
  sent: number;
  opened: number | null;
  refused: number | null;
  signIns: Record<string, number> | null;
}

test('200: counts are of each interval, and what was not recorded is null and named, never zero', async () => {
  const { status, body, text } = await ask(api, `GET /v1/statistics?${range}`, { key: acme.apiKey });
  expect(status, text).toBe(200);
  expect(body['firstMessageAt']).toBe(day(1, '23:30:00'));
  expect(body['gaps']).toEqual([
    { from: day(3, '00:00:00'), to: day(4, '00:00:00') },
    { from: day(4, '12:00:00'), to: day(5, '00:00:00') },
  ]);
  const nobody = { OTP: 0, Google: 0, Microsoft: 0, Yahoo: 0, Passkey: 0 };
  expect(body['intervals']).toMatchObject([
    {
      recorded: 'whole',
      sent: 2,
      neverTracked: 1,
      revoked: 0,
      opened: 1,
      refused: 0,
      signIns: { ...nobody, OTP: 1 },
      deliveries: { accepted: 1, sent: 1, deferred: 0, bounced: 1, passed: 0 },
    },
    { recorded: 'whole', sent: 0, revoked: 1, opened: 0, refused: 8, signIns: { ...nobody, Passkey: 1 } },
    { recorded: 'none', sent: 0, opened: null, refused: null, signIns: null },
    { recorded: 'partly', opened: 1, refused: 0 },
  ]);
});

test('200: hours and days are those of the zone asked for', async () => {
  const zoned = await ask(api, `GET /v1/statistics?${range}&zone=Europe/Zurich`, { key: acme.apiKey });
  const sent = (zoned.body['intervals'] as Counted[]).filter(({ sent: count }) => count > 0);
  expect(sent).toMatchObject([{ from: '2026-02-01T23:00:00.000Z', sent: 2 }]);
  const hours = await ask(api, `GET /v1/statistics?${range}&interval=hour`, { key: acme.apiKey });
  const inHours = hours.body['intervals'] as Counted[];
  expect(inHours).toHaveLength(96);
  expect(inHours.filter(({ sent: count }) => count > 0)).toMatchObject([{ from: day(1, '23:00:00') }]);
  expect(inHours.filter(({ recorded }) => recorded === 'none')).toHaveLength(36);
});

test('200: it counts what is the caller’s alone, and says how far it is whole', async () => {
  const theirs = await ask(api, `GET /v1/statistics?${range}`, { key: globex.apiKey });
  const [first] = theirs.body['intervals'] as Counted[];
  expect(first).toMatchObject({ sent: 1, revoked: 0, deliveries: { accepted: 1, sent: 0 } });
  const at = '2026-02-04T08:00:00.000Z';
  await scope.transaction((tx) => appendAuditEvents(tx, [event({ creationTime: at })]));
  const waiting = await ask(api, `GET /v1/statistics?${range}`, { key: acme.apiKey });
  const [row] = await system.query<{ at: Date }>("select min(event_time) as at from outbox where kind = 'ingest-audit-event'");
  expect(waiting.body['indexedThrough']).toBe(row?.at.toISOString());
});

test('200: whoever may not read the trail gets no number that tells of reading', async () => {
  const password = 'a long password of the helpdesk';
  const passwordHash = await hashPassword(password);
  const email = 'helpdesk@acme.example';
  await scope.administer((tx) => setMember(tx, { email, role: 'helpdesk', passwordHash }));
  const headers = api.portalHeaders();
  const { body: session } = await ask(api, 'POST /v1/sessions', { headers, body: { email, password } });
  const { body, text } = await ask(api, `GET /v1/statistics?${range}`, { headers, key: String(session['token']) });
  const counted = body['intervals'] as Counted[];
  expect(counted[0], text).toMatchObject({ sent: 2, opened: null, refused: null, signIns: null });
});

async function errorsOf(query: string) {
  const { status, body } = await ask(api, `GET /v1/statistics?${query}`, { key: acme.apiKey });
  return [status, (body['errors'] as { pointer: string }[]).map(({ pointer }) => pointer)];
}

test('400 names each wrong parameter: no zone, the end before the beginning, a time too long to count', async () => {
  expect(await errorsOf(`${range}&zone=Mars/Olympus`)).toEqual([400, ['/zone']]);
  expect(await errorsOf(`from=${day(2)}&to=${day(1)}`)).toEqual([400, ['/to']]);
  expect(await errorsOf(`from=2026-01-01T00:00:00Z&to=2026-03-01T00:00:00Z&interval=hour`)).toEqual([400, ['/to']]);
  expect(await errorsOf('interval=week')).toEqual([400, ['/from', '/to', '/interval']]);
});

test('401 without a key, 403 without the scope', async () => {
  const { body } = await ask(api, 'POST /v1/api-keys', { key: acme.apiKey, body: { name: 'weak', scopes: ['configuration:read'] } });
  expect((await ask(api, `GET /v1/statistics?${range}`)).status).toBe(401);
  expect((await ask(api, `GET /v1/statistics?${range}`, { key: String(body['secret']) })).status).toBe(403);
});
