import { appendAuditEvents } from '@signet/db/audit';
import { newId } from '@signet/db/database';
import { eventOfIntegration, integrationEvent } from '@signet/domain/audit/integration-event';
import { recordingInFull } from '@signet/domain/recorded-value';
import { expect, test } from 'vitest';
import { startTestApi } from '../testing/test-api.ts';
import { ask, createTestOrganization, ingestAll, submitMail } from '../testing/test-organization.ts';

const api = await startTestApi();
const acme = await createTestOrganization(api);
const { apiKey: key, organizationId } = acme;
const scope = api.database.forOrganization(organizationId);
const integration = await ask(api, 'POST /v1/api-keys', { key, body: { name: 'Mail client add-in', scopes: ['audit:write'] } });
const all = { notifySenders: true, notifyFirstOpening: true, notifyRefusedAfterRevocation: true };
await ask(api, 'PATCH /v1/configuration', { key, body: all });

/** A tracked message to Bob, and who he is there. */
async function trackedMessage() {
  const messageId = `<${newId()}@acme.example>`;
  const id = await submitMail(api, acme, { messageId, template: 'Acme' });
  const { body } = await ask(api, `GET /v1/messages/${id}`, { key });
  const [bob] = body['recipients'] as { id: string; accessState: string }[];
  if (bob?.accessState !== 'unopened') throw new Error('The message is not tracked');
  return { id, messageId, bob: { kind: 'recipient', id: bob.id, address: 'bob@example.net' } as const };
}
type TestMessage = Awaited<ReturnType<typeof trackedMessage>>;

/** A step of a message, as others state it; of Signet's own only its source differs. */
function stepOf({ messageId, bob }: TestMessage, facts: object) {
  return {
    id: newId(),
    operation: 'MessageAccess',
    creationTime: new Date().toISOString(),
    messageId,
    recipients: [bob.address],
    sender: 'alice@acme.example',
    authenticationMethod: 'OTP',
    authenticationStatus: 'Success',
    operationStatus: 'Success',
    actor: bob,
    ...facts,
  };
}

type Step = ReturnType<typeof stepOf>;

async function state(steps: readonly Step[]): Promise<void> {
  const answer = await ask(api, 'POST /v1/audit-events', { key: String(integration.body['secret']), body: { events: steps } });
  expect(answer.body, answer.text).toEqual({ accepted: steps.length, duplicates: 0 });
}

/** A status as Microsoft's records have it. */
function numberOf(status: string): 0 | 1 {
  return status === 'Success' ? 0 : 1;
}

async function importRecords(steps: readonly Step[]): Promise<void> {
  const records = steps.map((step) => {
    const { operationProperties, attachmentName } = integrationEvent.parse(step);
    return {
      CreationTime: step.creationTime,
      Id: step.id,
      Operation: step.operation,
      OrganizationId: organizationId,
      RecordType: 154,
      ResultStatus: step.operationStatus,
      UserKey: step.sender,
      UserType: 0,
      Version: 1,
      Workload: 'Exchange',
      UserId: step.sender,
      AttachmentName: attachmentName ?? undefined,
      AuthenticationMethod: step.authenticationMethod,
      AuthenticationStatus: numberOf(step.authenticationStatus),
      MessageId: step.messageId,
      OperationProperties: operationProperties.map(({ name, value }) => ({ Name: name, Value: value })),
      OperationStatus: numberOf(step.operationStatus),
      Recipient: step.recipients[0],
      Sender: step.sender,
    };
  });
  const response = await fetch(`${api.url}/v1/audit-imports`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson', authorization: `Bearer ${key}` },
    body: records.map((record) => JSON.stringify(record)).join('\n'),
  });
  expect(await response.json()).toMatchObject({ accepted: steps.length, refused: 0 });
}

/** Records the same as Signet does what it has seen itself. */
async function see(steps: readonly Step[], { id }: TestMessage): Promise<void> {
  const events = steps.map((step) =>
    eventOfIntegration(integrationEvent.parse(step), { source: 'signet', organizationId, messageUid: id }, recordingInFull),
  );
  await scope.transaction((tx) => appendAuditEvents(tx, events));
}

/** What Signet says about a message besides its trail. */
async function known({ id }: TestMessage) {
  const message = await ask(api, `GET /v1/messages/${id}`, { key });
  const { readAt: _, ...exposure } = (await ask(api, `GET /v1/messages/${id}/exposure`, { key })).body;
  const facts = await scope.query<{ kind: string }>('select kind from sender_fact where message_uid = $1 order by kind', [id]);
  const { body } = await ask(api, 'GET /v1/alerts', { key });
  const alerts = (body['items'] as { kind: string; count: number; about: { message: { id: string } | null } }[]).filter(
    ({ about }) => about.message?.id === id,
  );
  return {
    recipients: message.body['recipients'] as { accessState: string; openedAt: string | null }[],
    exposure: exposure as { recipients?: { before: object[]; after: object[] }[] },
    facts: facts.map(({ kind }) => kind),
    alerts: alerts.map((alert) => `${alert.count} ${alert.kind}`).toSorted(),
  };
}

const failedSignIn = { operation: 'AuthenticateRequest', authenticationStatus: 'Failure', operationStatus: 'Failure' };

/** Has steps of a message recorded that would change all that can be: before and after it is revoked. @returns what was known at each turn. */
async function told(message: TestMessage, record: (steps: readonly Step[], message: TestMessage) => Promise<void>) {
  const step = (facts: object = {}) => stepOf(message, facts);
  const fresh = await known(message);
  await record([step()], message);
  await ingestAll(api);
  const opened = await known(message);
  expect((await ask(api, `POST /v1/messages/${message.id}/revocation`, { key, body: {} })).status).toBe(200);
  const revoked = await known(message);
  const early = new Date(Date.now() - 60_000).toISOString();
  await record(
    [
      step({ creationTime: early }),
      step({ creationTime: early, operation: 'AttachmentDownload', attachmentName: 'figures.csv' }),
      step({ operationStatus: 'Failure', operationProperties: [{ name: 'Reason', value: 'Revoked' }] }),
      ...Array.from({ length: 10 }, () => step(failedSignIn)),
    ],
    message,
  );
  const waiting = await known(message);
  await ingestAll(api);
  return { fresh, opened, revoked, waiting, recorded: await known(message) };
}

test('what Signet has seen itself moves the state, the report, what the sender is told, and opens alerts', async () => {
  const { opened, revoked, waiting, recorded } = await told(await trackedMessage(), see);
  expect([opened.recipients[0]?.accessState, opened.facts]).toEqual(['opened', ['firstOpening']]);
  expect(revoked.exposure.recipients?.[0]?.before).toHaveLength(1);
  for (const { exposure } of [waiting, recorded])
    expect([exposure.recipients?.[0]?.before.length, exposure.recipients?.[0]?.after.length]).toEqual([3, 1]);
  expect(recorded.facts).toEqual(['firstOpening', 'refusedAfterRevocation']);
  expect(recorded.alerts).toEqual(['1 openingAfterRevocation', '10 failedSignIns']);
});

test.each([
  ['an integration states about the very recipient', state],
  ['was imported of Microsoft’s trail', importRecords],
])('what %s moves none of them, nor does it count once Signet sees something itself', async (_, record) => {
  const message = await trackedMessage();
  const { fresh, opened, revoked, waiting, recorded } = await told(message, record);
  expect(fresh).toMatchObject({ recipients: [{ accessState: 'unopened', openedAt: null }], facts: [], alerts: [] });
  expect(opened).toEqual(fresh);
  expect(revoked).toMatchObject({ exposure: { recipients: [{ before: [], after: [] }] }, facts: [], alerts: [] });
  expect(waiting).toEqual(revoked);
  expect(recorded).toEqual(revoked);
  const { body } = await ask(api, `GET /v1/audit-entries?messageId=${message.id}&operation=AuthenticateRequest`, { key });
  expect((body['items'] as { messageUid: string }[]).map(({ messageUid }) => messageUid)).toEqual(Array(10).fill(message.id));
  // The tenth within the hour would be an alert.
  await see([stepOf(message, failedSignIn)], message);
  await ingestAll(api);
  expect(await known(message)).toEqual(revoked);
});

test('a step of others that is dated ahead of Signet’s clock dates no revocation', async () => {
  const message = await trackedMessage();
  const ahead = new Date(Date.now() + 240_000).toISOString();
  await state([stepOf(message, { creationTime: ahead })]);
  for (const isRecorded of [false, true]) {
    if (isRecorded) await ingestAll(api);
    const { body, text } = await ask(api, `POST /v1/messages/${message.id}/revocation`, { key, body: {} });
    expect(Date.parse(String(body['revokedAt'])), text).toBeLessThan(Date.parse(ahead));
    expect((await ask(api, `POST /v1/messages/${message.id}/restoration`, { key, body: {} })).status).toBe(200);
  }
});
