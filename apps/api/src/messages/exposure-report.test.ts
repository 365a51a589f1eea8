import { Database, newId } from '@signet/db/database';
import { loadMessages } from '@signet/db/message-detail';
import { changeRetention } from '@signet/db/retention';
import { removeDueEntries } from '@signet/db/retention-sweep';
import { asSuperuser, retentionUrl } from '@signet/db/testing/test-database';
import { recordSteps } from '@signet/db/tracking';
import { expect, onTestFinished, test } from 'vitest';
import { startTestApi } from '../testing/test-api.ts';
import { ask, createTestOrganization, ingestAll, submitMail } from '../testing/test-organization.ts';

const api = await startTestApi();
const acme = await createTestOrganization(api);
const key = acme.apiKey;
const scope = api.database.forOrganization(acme.organizationId);

/** Records an opening, as reading does, at a time of the test's choosing. */
async function open(messageUid: string, address: string, at: Date, operationStatus: 'Success' | 'Failure' = 'Success'): Promise<void> {
  const [message] = await loadMessages(scope, [messageUid]);
  const recipient = message?.recipients.find((one) => one.address === address);
  if (!message || !recipient) throw new Error('The test names a recipient who is none');
  const { messageId, sender, subject, subjectRecorded } = message;
  const about = { messageUid, messageId, sender, subject, subjectRecorded, usesDefaultTemplate: false };
  await scope.transaction((tx) =>
    recordSteps(tx, about, [
      {
        operation: 'AttachmentDownload',
        creationTime: at,
        recipients: [address],
        actor: { kind: 'recipient', id: recipient.id, address },
        operationStatus,
        authenticationMethod: 'OTP',
        authenticationStatus: 'Success',
        attachmentName: 'figures.csv',
        properties: operationStatus === 'Success' ? { BytesSent: 3, Complete: true } : { BytesSent: 0, Complete: false, Reason: 'Revoked' },
      },
    ]),
  );
}

test('what was seen stands before the revocation and what was tried after it, waiting events included, to the millisecond', async () => {
  const id = await submitMail(api, acme, {}, ['bob@example.net', 'carol@example.net']);
  const early = new Date(Date.now() - 1000);
  await open(id, 'bob@example.net', early);
  await ingestAll(api);
  const revoked = await ask(api, `POST /v1/messages/${id}/revocation`, { key, body: { reason: 'leak', recipients: ['bob@example.net'] } });
  const at = (revoked.body['recipients'] as { revokedAt: string }[])[0]?.revokedAt ?? '';
  // Two that share the revocation's millisecond, still in the outbox: the reading was first, the refusal was last.
  await open(id, 'bob@example.net', new Date(at));
  await open(id, 'bob@example.net', new Date(at), 'Failure');

  const answer = await ask(api, `GET /v1/messages/${id}/exposure`, { key });
  expect(answer.status, answer.text).toBe(200);
  expect(answer.body).toMatchObject({
    id,
    messageId: '<m1@acme.example>',
    organizationName: 'Acme',
    sender: 'alice@acme.example',
    basis: 'recorded',
    gaps: [],
    attachments: [{ name: 'figures.csv', size: 3 }],
    revocations: [{ at, by: 'First key', reason: 'leak', recipients: ['bob@example.net'] }],
    restorations: [],
  });
  expect(Date.parse(String(answer.body['readAt']))).toBeGreaterThanOrEqual(Date.parse(at));
  expect(answer.body['recipients']).toEqual([
    {
      address: 'bob@example.net',
      deliveryState: 'accepted',
      unwrapped: false,
      revokedAt: at,
      restoredAt: null,
      before: [
        expect.objectContaining({
          creationTime: early.toISOString(),
          operation: 'AttachmentDownload',
          attachmentName: 'figures.csv',
          bytesSent: 3,
          size: 3,
          complete: true,
        }),
        expect.objectContaining({ creationTime: at, operationStatus: 'Success' }),
      ],
      after: [expect.objectContaining({ creationTime: at, operationStatus: 'Failure', complete: false, reason: 'Revoked' })],
    },
    { address: 'carol@example.net', deliveryState: 'accepted', unwrapped: false, revokedAt: null, restoredAt: null, before: [], after: [] },
  ]);
  await ingestAll(api);
  const later = await ask(api, `GET /v1/messages/${id}/exposure`, { key });
  expect(later.body).toEqual({ ...answer.body, readAt: later.body['readAt'] });
});

test('a clock that is behind the one that dated a reading puts no reading after the revocation that waited for it', async () => {
  const id = await submitMail(api, acme, { messageId: '<clock@acme.example>' });
  const change = (what: 'revocation' | 'restoration') => ask(api, `POST /v1/messages/${id}/${what}`, { key });
  const report = async () => {
    const { body } = await ask(api, `GET /v1/messages/${id}/exposure`, { key });
    const [bob] = body['recipients'] as { revokedAt: string; restoredAt: string | null; before: object[]; after: object[] }[];
    if (!bob) throw new Error('The report names nobody');
    return bob;
  };
  // Half a minute is more than processors differ by, and the test waits for none of it.
  const ahead = new Date(Date.now() + 30_000);
  await open(id, 'bob@example.net', ahead);
  await change('revocation');
  const waiting = await report();
  expect([waiting.before.length, waiting.after.length, waiting.restoredAt]).toEqual([1, 0, null]);
  expect(Date.parse(waiting.revokedAt)).toBe(ahead.getTime());
  await ingestAll(api);
  expect(await report()).toEqual(waiting);

  await change('restoration');
  const restored = await report();
  expect(Date.parse(restored.restoredAt ?? '')).toBeGreaterThan(ahead.getTime());
  await open(id, 'bob@example.net', new Date(Date.parse(restored.restoredAt ?? '') + 30_000));
  await ingestAll(api);
  await change('revocation');
  const again = await report();
  expect([again.before.length, again.after.length, again.restoredAt]).toEqual([2, 0, null]);
});

test('a time in which nothing was recorded is a gap, never a “nobody”; an untracked message says that nothing was recorded', async () => {
  const id = await submitMail(api, acme, { messageId: '<gap@acme.example>' });
  await ask(api, 'PATCH /v1/configuration', { key, body: { enablePortalTrackingLogs: false } });
  const off = await ask(api, `GET /v1/messages/${id}`, { key });
  expect(off.body).toMatchObject({
    tracking: { state: 'off', since: null, reason: 'switched_off' },
    recipients: [{ accessState: 'unrecorded' }],
  });
  expect((await ask(api, 'GET /v1/messages?state=unrecorded', { key })).body['items']).toMatchObject([{ id }, {}]);
  await ask(api, 'PATCH /v1/configuration', { key, body: { enablePortalTrackingLogs: true } });
  const report = await ask(api, `GET /v1/messages/${id}/exposure`, { key });
  expect(report.body).toMatchObject({
    basis: 'partly_recorded',
    gaps: [{ from: expect.any(String) as unknown, to: expect.any(String) as unknown }],
    revocations: [],
  });
  const untracked = await submitMail(api, acme, { messageId: '<plain@acme.example>', template: 'OME Configuration' });
  expect((await ask(api, `GET /v1/messages/${untracked}/exposure`, { key })).body).toMatchObject({
    basis: 'not_recorded',
    gaps: [{ to: null }],
  });
  expect((await ask(api, `GET /v1/messages/${newId()}/exposure`, { key })).status).toBe(404);
});

test('steps whose records retention has removed are counted, with their time, and never become a “nobody”', async () => {
  const id = await submitMail(api, acme, { messageId: '<kept@acme.example>' });
  await open(id, 'bob@example.net', new Date(Date.now() - 20 * 86_400_000));
  await ask(api, `POST /v1/messages/${id}/revocation`, { key, body: {} });
  await ingestAll(api);
  const report = async () => (await ask(api, `GET /v1/messages/${id}/exposure`, { key })).body;
  expect(await report()).toMatchObject({ basis: 'recorded', removed: null, recipients: [{ before: [{ attachmentName: 'figures.csv' }] }] });

  // As if a checkpoint of all that is there had been published.
  const seal = `insert into log_seal (organization_id, stream, origin, published_size, published_note)
    select organization_id, stream, 'a', size, 'a' from log_head where stream = 'audit'`;
  await asSuperuser(api.settings.DATABASE_URL, seal);
  await scope.transaction((tx) =>
    changeRetention(tx, { days: null, operations: { AttachmentDownload: 7 } }, { actor: { kind: 'system', id: null, address: null } }),
  );
  const retention = new Database({ url: retentionUrl(api.settings.DATABASE_URL), applicationName: 'signet-test-retention' });
  onTestFinished(() => retention.close());
  expect(await removeDueEntries(retention, new AbortController().signal, 0)).toBe(1);
  expect(await report()).toMatchObject({
    basis: 'partly_recorded',
    gaps: [],
    removed: { steps: 1, from: expect.any(String) as unknown, to: expect.any(String) as unknown },
    recipients: [{ before: [], after: [] }],
  });
  const { body: history } = await ask(api, `GET /v1/messages/${id}/history`, { key });
  const removed = { steps: 1, from: expect.any(String) as unknown, to: expect.any(String) as unknown };
  expect(history).toMatchObject({ trail: { removed }, exposure: { removed }, holds: [] });
  const page = await ask(api, `GET /v1/messages/${id}/exposure`, { key, headers: { accept: 'text/html' } });
  expect(page.text).toContain('The records of 1 step about content');
  expect(page.text).not.toContain('No content was given');
});
