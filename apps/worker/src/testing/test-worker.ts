import { createSecretKey, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { acceptMessage, type AcceptableMessage } from '@signet/db/accept-message';
import { Database, newId } from '@signet/db/database';
import { loadSubmissionSettings } from '@signet/db/submission';
import { seedOrganization } from '@signet/db/testing/seed-organization';
import { cloneTestDatabase } from '@signet/db/testing/test-database';
import type { EnvelopeRecipient } from '@signet/domain/delivery-report';
import { FileBlobStore } from '@signet/vault/file-blob-store';
import { createMasterKeyFile, LocalKeyProvider } from '@signet/vault/local-key-provider';
import { Vault } from '@signet/vault/vault';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { JobConsumers } from '../job-consumers.ts';
import type { JobHandlers } from '../job-handler.ts';
import { ingestAdminEventJob } from '../jobs/ingest-admin-event.ts';
import { ingestAuditEventJob } from '../jobs/ingest-audit-event.ts';
import { passMessageJob } from '../jobs/pass-message.ts';
import { sendAlertMailJob } from '../jobs/send-alert-mail.ts';
import { sendCheckpointMailJob } from '../jobs/send-checkpoint-mail.ts';
import { sendDeliveryReportJob } from '../jobs/send-delivery-report.ts';
import { sendMemberMailJob } from '../jobs/send-member-mail.ts';
import { sendPasscodeMailJob } from '../jobs/send-passcode-mail.ts';
import { sendSenderFactsJob } from '../jobs/send-sender-facts.ts';
import { sendSenderNoticeJob } from '../jobs/send-sender-notice.ts';
import { sendSenderPasscodeMailJob } from '../jobs/send-sender-passcode-mail.ts';
import { sendTemplateTestJob } from '../jobs/send-template-test.ts';
import { sendWrapperMailJob } from '../jobs/send-wrapper-mail.ts';
import { makeMetrics } from '../metrics.ts';
import { organizationNextHops } from '../organization-next-hops.ts';
import { OutboxRelay } from '../outbox-relay.ts';
import { prepareQueue } from '../prepare-queue.ts';
import { openQueueFactory } from '../queue-factory.ts';
import { signingNextHop } from '../signing-next-hop.ts';
import { serverOf, smtpNextHop } from '../smtp-next-hop.ts';

export const loopKey = createSecretKey(randomBytes(32));

/** The database, an organization in it, and what a worker is made of, put together but not started. */
export async function openTestWorker({
  nextHopUrl = 'smtp://127.0.0.1:1',
  answerWithinSeconds = 20,
  redisUrl,
  attempts = 132,
  networks = ['127.0.0.0/8'],
}: { nextHopUrl?: string; answerWithinSeconds?: number; redisUrl?: string; attempts?: number; networks?: readonly string[] } = {}) {
  const delayedAfterSeconds = 4 * 3_600;
  const clone = await cloneTestDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'signet-worker-'));
  await createMasterKeyFile(join(folder, 'master.key'));
  const blobStore = await FileBlobStore.open(join(folder, 'blobs'));
  const vault = new Vault({ blobStore, keyProvider: await LocalKeyProvider.open(join(folder, 'master.key')) });
  const database = new Database({ url: clone.url, applicationName: 'signet-worker-test', secrets: vault });
  const organization = await seedOrganization(database, { createKey: (id) => vault.createOrganizationKey(id), domain: 'acme.example' });

  const log: string[] = [];
  const logger = pino({ level: 'trace' }, { write: (line: string) => void log.push(line) });
  if (redisUrl === undefined) await prepareQueue(clone.ownerUrl);
  const queues = await openQueueFactory({ databaseUrl: clone.url, redisUrl }, logger);
  const metrics = makeMetrics(database.system);
  const options = { connections: 5, answerWithinSeconds };
  const installation = smtpNextHop({ server: serverOf(nextHopUrl), ...options });
  const nextHop = signingNextHop(organizationNextHops(installation, { database, vault, ...options, networks }), { database, vault });
  const installationHop = signingNextHop(installation, { database, vault });
  const givenUp: string[] = [];
  const publicUrl = 'https://mail.acme.example';
  const mail = { database, vault, nextHop, loopKey, publicUrl, metrics, onGivenUp: (id: string) => void givenUp.push(id) };
  const passcode = { ...mail, nextHop: installationHop };
  const handlers: JobHandlers = {
    'ingest-audit-event': ingestAuditEventJob(database.system, () => undefined),
    'ingest-admin-event': ingestAdminEventJob(database.system, () => undefined),
    'send-wrapper-mail': sendWrapperMailJob({ ...mail, attempts, delayedAfterSeconds }),
    'pass-message': passMessageJob({ ...mail, attempts, delayedAfterSeconds }),
    'send-passcode-mail': sendPasscodeMailJob(passcode),
    'send-sender-passcode-mail': sendSenderPasscodeMailJob(passcode),
    'send-sender-notice': sendSenderNoticeJob(mail),
    'send-sender-facts': sendSenderFactsJob(mail),
    'send-delivery-report': sendDeliveryReportJob(mail),
    'send-member-mail': sendMemberMailJob(passcode),
    'send-alert-mail': sendAlertMailJob(passcode),
    'send-template-test': sendTemplateTestJob(passcode),
    'send-checkpoint-mail': sendCheckpointMailJob(passcode),
  };
  const newRelay = () => new OutboxRelay(database.system, queues, logger);
  const newConsumers = () => new JobConsumers({ handlers, queues, system: database.system, metrics, logger });

  const stops: (() => Promise<void>)[] = [];
  /** Starts a relay and consumers, as the process does; they stop when the test ends. */
  const run = () => {
    const relay = newRelay();
    const consumers = newConsumers();
    relay.start();
    consumers.start();
    stops.push(async () => {
      await relay.stop();
      await consumers.stop();
    });
    return relay;
  };
  onTestFinished(async () => {
    for (const stop of stops) await stop();
    nextHop.close();
    await queues.close();
    await database.close();
    await clone.drop();
    await rm(folder, { recursive: true });
  });

  const { system } = database;
  /**
   * Accepts a message as the gateway does. @param changes what is otherwise about it, such as where its content lies.
   * @returns its id and those of its recipients by address.
   */
  const accept = async (recipients: readonly (string | EnvelopeRecipient)[], changes: Partial<AcceptableMessage> = {}) => {
    const scope = database.forOrganization(organization.id);
    const { templates, organizationKey } = await loadSubmissionSettings(scope, 'nobody@example.net');
    const template = templates.find((each) => !each.content.isDefault);
    if (!template) throw new Error('The organization has no custom template');
    const id = changes.id ?? newId();
    await acceptMessage(
      scope,
      {
        id,
        messageId: `<${id}@acme.example>`,
        fingerprint: randomBytes(32),
        sender: 'alice@acme.example',
        subject: 'Offer 4711',
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
        ...changes,
      },
      recipients.map((recipient) => (typeof recipient === 'string' ? { address: recipient } : recipient)),
      { kind: 'sender', id: null, address: 'alice@acme.example' },
    );
    const rows = await system.query<{ id: string; address: string; link_token: string }>(
      'select id, address, link_token from recipient where message_uid = $1 order by address',
      [id],
    );
    return { id, recipients: rows };
  };
  return {
    url: clone.url,
    retentionUrl: clone.retentionUrl,
    folder,
    database,
    system,
    blobStore,
    vault,
    organization,
    queues,
    log,
    metrics,
    givenUp,
    newRelay,
    newConsumers,
    run,
    accept,
    stops,
  };
}

export type TestWorker = Awaited<ReturnType<typeof openTestWorker>>;

/** Makes every waiting row due and not leased, as time would. */
export async function passTime({ system }: TestWorker): Promise<void> {
  await system.query('update outbox set next_attempt_at = clock_timestamp(), leased_until = null');
}

/** Entries of an operation, oldest first, as `{ name: value }` of their properties with the status. */
export async function entriesOf({ system }: TestWorker, operation: string): Promise<Record<string, string>[]> {
  const rows = await system.query<{ operation_status: string; operation_properties: { name: string; value: string }[] }>(
    'select operation_status, operation_properties from audit_entry where operation = $1 order by creation_time, log_index',
    [operation],
  );
  return rows.map((row) => ({
    status: row.operation_status,
    ...Object.fromEntries(row.operation_properties.map(({ name, value }) => [name, value])),
  }));
}
