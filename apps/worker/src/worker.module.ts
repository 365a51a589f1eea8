import { createSecretKey } from 'node:crypto';
import { Module, type DynamicModule, type FactoryProvider } from '@nestjs/common';
import { Database } from '@signet/db/database';
import { isLoopbackHost } from '@signet/domain/public-url';
import { checkRetentionAccount } from '@signet/db/retention-sweep';
import type { BlobStore } from '@signet/vault/blob-store';
import { openBlobStore } from '@signet/vault/open-blob-store';
import { openKeyProvider } from '@signet/vault/open-key-provider';
import { Vault } from '@signet/vault/vault';
import { attemptsOver, type JobKind } from '@signet/domain/jobs';
import type { Logger } from 'pino';
import type { Settings } from './env.ts';
import { JobConsumers, jobConcurrency } from './job-consumers.ts';
import { refuseDoubleClaims, type JobHandlers } from './job-handler.ts';
import { ingestAdminEventJob } from './jobs/ingest-admin-event.ts';
import { ingestAuditEventJob } from './jobs/ingest-audit-event.ts';
import { passMessageJob } from './jobs/pass-message.ts';
import { sendAlertMailJob } from './jobs/send-alert-mail.ts';
import { sendCheckpointMailJob } from './jobs/send-checkpoint-mail.ts';
import { sendDeliveryReportJob } from './jobs/send-delivery-report.ts';
import { sendMemberMailJob } from './jobs/send-member-mail.ts';
import { sendPasscodeMailJob } from './jobs/send-passcode-mail.ts';
import { sendSenderFactsJob } from './jobs/send-sender-facts.ts';
import { sendSenderNoticeJob } from './jobs/send-sender-notice.ts';
import { sendSenderPasscodeMailJob } from './jobs/send-sender-passcode-mail.ts';
import { sendTemplateTestJob } from './jobs/send-template-test.ts';
import { sendWrapperMailJob } from './jobs/send-wrapper-mail.ts';
import { LogSealer } from './log-sealer.ts';
import { MAIL_LANES } from './mail-lanes.ts';
import { makeMetrics, type Metrics } from './metrics.ts';
import type { NextHop } from './next-hop.ts';
import { OperationsServer } from './operations-server.ts';
import { organizationNextHops } from './organization-next-hops.ts';
import { OutboxRelay } from './outbox-relay.ts';
import { openQueueFactory, type QueueFactory } from './queue-factory.ts';
import type { ReadinessCheck } from './readiness.ts';
import { signingNextHop } from './signing-next-hop.ts';
import { serverOf, smtpNextHop } from './smtp-next-hop.ts';
import { SweepTimers, sweepsOf } from './sweeps.ts';
import { WorkerLifecycle } from './worker-lifecycle.ts';

const BLOB_STORE = Symbol('blob store');
const QUEUES = Symbol('queues');
const METRICS = Symbol('metrics');
const NEXT_HOPS = Symbol('next hops');
const HANDLERS = Symbol('job handlers');
const RETENTION = Symbol('retention');

/** As many SMTP sessions as there are lanes in all jobs at once: none ever waits for one. Wrappers have their own, passcodes share theirs with mails to members. */
const sessions = {
  wrapper: jobConcurrency.mail * MAIL_LANES,
  passcode: (jobConcurrency.passcode + jobConcurrency.account) * MAIL_LANES,
} as const;

/** A mail must be answered well within the time for which its row is claimed (the catalog's lease). */
const answerWithinSeconds = { wrapper: 240, passcode: 45 } as const;

interface NextHops {
  /** As organizations say. */
  readonly wrapper: NextHop;
  /**
   * The installation's alone, for what lets somebody in: no administrator shall be able to have codes and links come to a server of
   * their own, and read as a recipient, a sender or another member.
   */
  readonly passcode: NextHop;
}

/** Everything the worker is made of. Nothing starts before Nest's bootstrap. */
@Module({})
export class WorkerModule {
  /** @throws when the database, its schema, the keys, the blob store or the queue cannot be used: then the worker does not start. */
  static register(settings: Settings, logger: Logger): DynamicModule {
    const providers: FactoryProvider[] = [
      { provide: Database, inject: [Vault], useFactory: (vault: Vault) => openDatabase(settings, logger, vault) },
      { provide: BLOB_STORE, useFactory: () => openBlobStore(settings.BLOB_URL) },
      {
        provide: Vault,
        inject: [BLOB_STORE],
        useFactory: async (blobStore: BlobStore) => new Vault({ blobStore, keyProvider: await openKeyProvider(settings.KEY_PROVIDER_URL) }),
      },
      {
        provide: QUEUES,
        // After the database, whose trouble is told in better words.
        inject: [Database],
        useFactory: () => openQueueFactory({ databaseUrl: settings.DATABASE_URL, redisUrl: settings.REDIS_URL }, logger),
      },
      { provide: RETENTION, inject: [Database], useFactory: () => openRetention(settings) },
      { provide: METRICS, inject: [Database], useFactory: (database: Database) => makeMetrics(database.system) },
      {
        provide: NEXT_HOPS,
        inject: [Database, Vault],
        useFactory: (database: Database, vault: Vault) => openNextHops(settings, { database, vault }),
      },
      {
        provide: HANDLERS,
        inject: [Database, Vault, NEXT_HOPS, METRICS],
        useFactory: (database: Database, vault: Vault, nextHops: NextHops, metrics: Metrics) =>
          makeHandlers(settings, logger, { database, vault, nextHops, metrics }),
      },
      {
        provide: WorkerLifecycle,
        inject: [Database, Vault, BLOB_STORE, QUEUES, METRICS, NEXT_HOPS, HANDLERS, RETENTION],
        useFactory: (
          database: Database,
          vault: Vault,
          blobStore: BlobStore,
          queues: QueueFactory,
          metrics: Metrics,
          nextHops: NextHops,
          handlers: JobHandlers,
          retention: Database | null,
        ) => assemble(settings, logger, { database, vault, blobStore, queues, metrics, nextHops, handlers, retention }),
      },
    ];
    return { module: WorkerModule, providers };
  }
}

async function openDatabase(settings: Settings, logger: Logger, vault: Vault): Promise<Database> {
  const database = new Database({
    url: settings.DATABASE_URL,
    applicationName: 'signet-worker',
    maxConnections: 20,
    secrets: vault,
    requireWall: ![settings.WORKER_METRICS_HOST, new URL(settings.PUBLIC_URL).hostname].every(isLoopbackHost),
  });
  try {
    for (const finding of await database.check()) logger.warn(finding);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** The account that removes audit entries has its connections for itself: nobody else in this process can remove one. */
async function openRetention({ RETENTION_DATABASE_URL: url }: Settings): Promise<Database | null> {
  if (url === undefined) return null;
  const retention = new Database({ url, applicationName: 'signet-worker-retention', maxConnections: 2 });
  try {
    await checkRetentionAccount(retention.system);
    return retention;
  } catch (error) {
    await retention.close();
    throw error;
  }
}

function openNextHops({ SMTP_URL, NEXT_HOP_NETWORKS: networks = [] }: Settings, parts: { database: Database; vault: Vault }): NextHops {
  const optionsOf = (mails: keyof NextHops) => ({ connections: sessions[mails], answerWithinSeconds: answerWithinSeconds[mails] });
  const installation = (mails: keyof NextHops) => smtpNextHop({ server: serverOf(SMTP_URL), ...optionsOf(mails) });
  return {
    wrapper: signingNextHop(organizationNextHops(installation('wrapper'), { ...parts, ...optionsOf('wrapper'), networks }), parts),
    passcode: signingNextHop(installation('passcode'), parts),
  };
}

function makeHandlers(
  settings: Settings,
  logger: Logger,
  { database, vault, nextHops, metrics }: { database: Database; vault: Vault; nextHops: NextHops; metrics: Metrics },
): JobHandlers {
  const loopKey = createSecretKey(settings.LOOP_KEY);
  const publicUrl = settings.PUBLIC_URL.replace(/\/+$/, '');
  const shared = (kind: JobKind) => ({
    database,
    loopKey,
    metrics,
    onGivenUp: (id: string) => {
      metrics.givenUp.inc({ kind });
      logger.error(
        { kind, outboxId: id },
        'A mail was given up: Deliveries, or GET /v1/outbox, says why and whether it can be tried again',
      );
    },
  });
  // Why, which may name people, stands in the row.
  const onFailed = (kind: JobKind) => (outboxIds: readonly string[]) =>
    logger.error({ kind, outboxIds }, 'Events cannot become entries, and are tried again: Deliveries, or GET /v1/outbox, says why');
  const mail = (kind: JobKind) => ({ ...shared(kind), nextHop: nextHops.wrapper, publicUrl, vault });
  const passcode = (kind: JobKind) => ({ ...shared(kind), nextHop: nextHops.passcode, vault });
  const patience = { attempts: attemptsOver(settings.MAIL_GIVE_UP_SECONDS), delayedAfterSeconds: settings.MAIL_DELAYED_SECONDS };
  const handlers: JobHandlers = {
    'ingest-audit-event': ingestAuditEventJob(database.system, onFailed('ingest-audit-event')),
    'ingest-admin-event': ingestAdminEventJob(database.system, onFailed('ingest-admin-event')),
    'send-wrapper-mail': sendWrapperMailJob({ ...mail('send-wrapper-mail'), ...patience }),
    'pass-message': passMessageJob({ ...mail('pass-message'), ...patience }),
    'send-passcode-mail': sendPasscodeMailJob(passcode('send-passcode-mail')),
    'send-sender-passcode-mail': sendSenderPasscodeMailJob(passcode('send-sender-passcode-mail')),
    'send-sender-notice': sendSenderNoticeJob(mail('send-sender-notice')),
    'send-sender-facts': sendSenderFactsJob(mail('send-sender-facts')),
    'send-delivery-report': sendDeliveryReportJob(mail('send-delivery-report')),
    'send-member-mail': sendMemberMailJob({ ...passcode('send-member-mail'), publicUrl }),
    'send-alert-mail': sendAlertMailJob({ ...passcode('send-alert-mail'), publicUrl }),
    'send-template-test': sendTemplateTestJob({ ...passcode('send-template-test'), publicUrl }),
    'send-checkpoint-mail': sendCheckpointMailJob({ ...passcode('send-checkpoint-mail'), publicUrl }),
  };
  refuseDoubleClaims(handlers);
  return handlers;
}

interface Parts {
  readonly database: Database;
  readonly vault: Vault;
  readonly blobStore: BlobStore;
  readonly queues: QueueFactory;
  readonly metrics: Metrics;
  readonly nextHops: NextHops;
  readonly handlers: JobHandlers;
  readonly retention: Database | null;
}

function assemble(settings: Settings, logger: Logger, parts: Parts): WorkerLifecycle {
  const { database, vault, blobStore, queues, metrics, nextHops, handlers, retention } = parts;
  const relay = new OutboxRelay(database.system, queues, logger);
  const consumers = new JobConsumers({ handlers, queues, system: database.system, metrics, logger });
  const sealer = new LogSealer({ database, vault, blobStore, publicUrl: settings.PUBLIC_URL });
  const webhooks = { database, vault, logger, receivers: { networks: settings.WEBHOOK_NETWORKS ?? [] } };
  const syslog = { database, vault, logger, receivers: { networks: settings.SYSLOG_NETWORKS ?? [] }, publicUrl: settings.PUBLIC_URL };
  const swept = { database, retention, blobStore, metrics, sealer, webhooks, syslog, trashDays: settings.BLOB_TRASH_DAYS };
  const sweeps = new SweepTimers(sweepsOf(swept), metrics, logger);
  const address = { host: settings.WORKER_METRICS_HOST, port: settings.WORKER_METRICS_PORT };
  let isStopping = false;
  const running: ReadinessCheck = {
    subject: 'running',
    check: async () => {
      if (isStopping) throw new Error('the worker is shutting down');
    },
  };
  const operations = new OperationsServer(address, metrics.registry, [running, ...readinessChecks({ database, vault, queues, relay })]);
  return new WorkerLifecycle(
    [
      { name: 'database', stop: () => database.close() },
      { name: 'retention', stop: () => retention?.close() },
      { name: 'queues', stop: () => queues.close() },
      { name: 'operations', start: () => operations.start(), stop: () => operations.stop() },
      {
        name: 'next hop',
        stop: () => {
          nextHops.wrapper.close();
          nextHops.passcode.close();
        },
      },
      { name: 'consumers', start: () => consumers.start(), stop: () => consumers.stop() },
      { name: 'relay', start: () => relay.start(), stop: () => relay.stop() },
      { name: 'sweeps', start: () => sweeps.start(), stop: () => sweeps.stop() },
      { name: 'readiness', stop: () => (isStopping = true) },
    ],
    logger,
  );
}

function readinessChecks({ database, vault, queues, relay }: Pick<Parts, 'database' | 'vault' | 'queues'> & { relay: OutboxRelay }) {
  const ofVault = (subject: 'blob_store' | 'key_provider'): ReadinessCheck => ({
    subject,
    check: async () => {
      const finding = (await vault.health()).find((each) => each.subject === subject);
      if (!finding?.healthy) throw new Error(finding?.detail ?? 'it was not asked');
    },
  });
  return [
    { subject: 'database', check: async () => void (await database.check()) },
    { subject: 'queue', check: () => queues.check() },
    ofVault('blob_store'),
    ofVault('key_provider'),
    {
      subject: 'relay',
      check: async () => {
        if (relay.trouble !== null) throw new Error(relay.trouble);
      },
    },
  ] satisfies ReadinessCheck[];
}
