import { listAlerts, type StoredAlert } from '@signet/db/alert';
import { watchAlerts } from '@signet/db/alert-watch';
import { createApiKey } from '@signet/db/api-key';
import { changeConfiguration } from '@signet/db/configuration';
import { noteFeedReader } from '@signet/db/feed-reader';
import { findLink } from '@signet/db/link';
import { countTouch } from '@signet/db/link-touch';
import { flushLinkTouches } from '@signet/db/link-touch-flush';
import { tryPasscode } from '@signet/db/passcode';
import { changeRevocation } from '@signet/db/revocation';
import { changeSyslogDestination } from '@signet/db/syslog-destination';
import { asSuperuser } from '@signet/db/testing/test-database';
import { changeWebhook } from '@signet/db/webhook';
import { FAILED_SIGN_INS, type AlertKind } from '@signet/domain/alert';
import { pino } from 'pino';
import { expect } from 'vitest';
import { checkLog } from '../log-checker.ts';
import { sealLogs } from '../seal-logs.ts';
import { sendSyslog } from '../send-syslog.ts';
import { sendWebhooks } from '../send-webhooks.ts';
import { ingestAll, recordActs, sealerOf } from './sealed-log.ts';
import { nameSyslog, passSyslogTime, syslogOf } from './syslog-server.ts';
import { openTestWorker } from './test-worker.ts';
import { nameWebhook, passWebhookTime, recordSteps, startReceiver, webhookOf } from './webhook-receiver-server.ts';

const running = new AbortController().signal;
const visitor = { clientIp: '198.51.100.7', userAgent: 'Firefox' };
const admin = { kind: 'member', id: null, address: 'admin@acme.example' } as const;
const step = [['<a@acme.example>', 'MessageAccess']] as const;

/** Whom these alerts are about, or what: none of it goes to a mailbox or a receiver. */
export const RECIPIENT = 'bob@example.net';
export const SUBJECT = 'Offer 4711';

/** A worker, and what alerts there are in its organization. */
export async function openAlertWorld(options?: Parameters<typeof openTestWorker>[0]) {
  const worker = await openTestWorker(options);
  const { database, system, organization, url } = worker;
  const scope = database.forOrganization(organization.id);
  const watch = () => system.transaction(watchAlerts);
  const alerts = async (state?: 'open' | 'resolved') => (await listAlerts(scope, { state }, { limit: 100, below: null })).items;
  /** What is open, after a look. */
  const open = async (): Promise<AlertKind[]> => {
    await watch();
    return (await alerts('open')).map(({ kind }) => kind);
  };
  const logger = pino({ level: 'silent' });
  const send = () => sendWebhooks({ ...worker, logger, receivers: { networks: ['127.0.0.0/8'] } }, running);
  const sendLog = () => {
    const receivers = { networks: [], patience: 1_000, settle: 1_000 };
    return sendSyslog({ ...worker, logger, receivers, publicUrl: 'https://mail.acme.example' }, running);
  };
  const seal = () => sealLogs({ system, sealer: sealerOf(worker) }, running, { all: true });
  const superuser = (sql: string) => asSuperuser(url, `set session_replication_role = replica; ${sql}`);
  return { ...worker, worker, scope, watch, alerts, open, send, sendLog, seal, superuser };
}
export type AlertWorld = Awaited<ReturnType<typeof openAlertWorld>>;

/** A webhook whose receiver answers with a status, and says whom and what it was sent. */
export async function failingWebhook({ worker }: AlertWorld, status: number) {
  const receiver = await startReceiver();
  receiver.behaviour.answer = (response) => void response.writeHead(status).end(`${RECIPIENT}: ${SUBJECT} is not wanted`);
  const { id } = await nameWebhook(worker, { name: 'ERP', url: receiver.url });
  await recordSteps(worker, step);
  return { id, receiver };
}

async function failedAttempts(world: AlertWorld, count: number, attempt: () => Promise<unknown>): Promise<void> {
  for (let made = 0; made < count; made += 1) {
    expect(await world.open()).toEqual([]);
    await attempt();
  }
}

interface Caused {
  /** What its row says, beside what every alert's does. */
  readonly row: Partial<StoredAlert>;
  /** Ends it. */
  readonly mend: () => Promise<unknown>;
}

/** How each kind comes about, and how it ends, as it does in life; time alone is made to pass. That requests of recipients lead there is in the api's tests. */
export const alertCauses: Record<AlertKind, (world: AlertWorld) => Promise<Caused>> = {
  failedSignIns: async ({ worker, scope, system, open, accept }) => {
    const message = await accept([RECIPIENT], { subject: SUBJECT });
    const fail = async (count: number) => {
      for (let tried = 0; tried < count; tried += 1) {
        const link = await findLink(system, message.recipients[0]?.link_token ?? '', null);
        if (!link) throw new Error('The message has a link');
        const nothing = Buffer.alloc(32);
        await tryPasscode(scope, link, { browserHash: nothing, hmacOf: () => nothing, sessionTokenHash: nothing }, visitor);
      }
      await ingestAll(worker);
    };
    await fail(FAILED_SIGN_INS.count - 1);
    expect(await open()).toEqual([]);
    await fail(1);
    return {
      row: { count: FAILED_SIGN_INS.count, recipient: RECIPIENT, messageUid: message.id, messageId: `<${message.id}@acme.example>` },
      mend: () => scope.query("update alert set last_seen = now() - interval '25 hours'"),
    };
  },
  openingAfterRevocation: async ({ worker, database, scope, open, accept }) => {
    const message = await accept([RECIPIENT], { subject: SUBJECT });
    const by = { ...admin, name: admin.address };
    await changeRevocation(scope, { action: 'revoke', sight: 'organization', reference: message.id, reason: null, by, ...visitor });
    await ingestAll(worker);
    expect(await open()).toEqual([]);
    const touch = { kind: 'access', method: 'POST', reason: 'Revoked', authentication: 'OTP', ...visitor } as const;
    for (let time = 0; time < 3; time += 1) await countTouch(scope, message.recipients[0]?.id ?? '', touch);
    await scope.query("update link_touch set minute = minute - interval '2 minutes'");
    await flushLinkTouches(database);
    await ingestAll(worker);
    return {
      row: { count: 3, recipient: RECIPIENT, messageUid: message.id, messageId: `<${message.id}@acme.example>` },
      mend: () => scope.query("update alert set last_seen = now() - interval '25 hours'"),
    };
  },
  trackingOff: async ({ scope }) => {
    const set = (enablePortalTrackingLogs: boolean) =>
      changeConfiguration(scope, { enablePortalTrackingLogs }, { actor: admin, ...visitor });
    await set(false);
    return { row: { detail: admin.address }, mend: () => set(true) };
  },
  webhookDisabled: async (world) => {
    const { id } = await failingWebhook(world, 410);
    await world.send();
    const known = await webhookOf(world.worker, id);
    return {
      row: { webhook: { id, name: 'ERP' }, detail: 'It answered 410' },
      mend: () => world.scope.transaction((tx) => changeWebhook(tx, id, { ...known, enabled: true })),
    };
  },
  webhookStuck: async (world) => {
    const { id, receiver } = await failingWebhook(world, 500);
    await failedAttempts(world, 4, async () => {
      await passWebhookTime(world.worker);
      await world.send();
    });
    return {
      row: { webhook: { id, name: 'ERP' }, waiting: 1, detail: 'It answered 500' },
      mend: async () => {
        receiver.behaviour.answer = (response) => void response.writeHead(204).end();
        await passWebhookTime(world.worker);
        await world.send();
      },
    };
  },
  syslogDisabled: async (world) => {
    const id = await nameSyslog(world.worker, { port: 9 });
    await recordSteps(world.worker, step);
    // None of its networks is allowed, so nothing leaves.
    for (let attempt = 0; attempt < 10; attempt += 1) {
      await passSyslogTime(world.worker);
      await world.sendLog();
    }
    const known = await syslogOf(world.worker, id);
    return {
      row: { syslog: { id, name: 'SIEM' }, detail: expect.stringContaining('localhost') },
      mend: () => world.scope.transaction((tx) => changeSyslogDestination(tx, { ...known, enabled: true }, undefined)),
    };
  },
  syslogStuck: async (world) => {
    const id = await nameSyslog(world.worker, { port: 9 });
    await recordSteps(world.worker, step);
    await failedAttempts(world, 4, async () => {
      await passSyslogTime(world.worker);
      await world.sendLog();
    });
    return {
      row: { syslog: { id, name: 'SIEM' }, waiting: 1, detail: expect.stringContaining('localhost') },
      mend: async () => {
        const known = await syslogOf(world.worker, id);
        await world.scope.transaction((tx) => changeSyslogDestination(tx, { ...known, host: 'siem.example.net' }, undefined));
      },
    };
  },
  feedStuck: async ({ worker, scope, open, seal, superuser }) => {
    const createdBy = { kind: 'system', id: null, address: null, name: 'Signet' } as const;
    const { id } = await scope.administer((tx) =>
      createApiKey(tx, { name: 'Export', hint: 'sk', secretHash: Buffer.alloc(32, 1), scopes: ['audit:read'], createdBy }),
    );
    await recordSteps(worker, step);
    await seal();
    await noteFeedReader(scope, id, 0);
    await scope.query(
      "update feed_reader set first_read_at = now() - interval '60 hours', moved_at = now() - interval '25 hours', read_at = moved_at",
    );
    // What is new since then is no reason to miss anybody.
    expect(await open()).toEqual([]);
    await superuser("update audit_entry set recorded_at = now() - interval '25 hours'");
    return { row: { apiKey: { id, name: 'Export' }, waiting: 1 }, mend: () => noteFeedReader(scope, id, 1) };
  },
  sealingBehind: async ({ worker, seal, superuser, open }) => {
    await recordActs(worker, 1);
    await seal();
    await recordActs(worker, 3);
    expect(await open()).toEqual([]);
    await superuser(`update log_seal set published_at = now() - interval '2 minutes';
      update admin_record set record = (record::jsonb || '{"recordedAt": "2026-01-01T00:00:00.000Z"}')::json`);
    return { row: { log: 'admin', waiting: 3 }, mend: seal };
  },
  sealingRefused: async ({ worker, seal, superuser }) => {
    await recordActs(worker, 2);
    await superuser('create table kept as select * from log_entry; delete from log_entry where log_index = 1');
    await expect(seal()).rejects.toThrow('missing');
    return {
      row: { log: 'admin', waiting: 2, detail: expect.stringContaining('missing') },
      mend: async () => {
        await superuser('insert into log_entry select * from kept where log_index = 1');
        await seal();
      },
    };
  },
  logDiffers: async ({ worker, seal, superuser, organization }) => {
    await recordActs(worker, 2);
    await seal();
    await superuser(
      `create table kept as select * from admin_record; update admin_record set record = (record::jsonb || '{"reason": "changed"}')::json where log_index = 1`,
    );
    const check = () => checkLog(worker, { organizationId: organization.id, stream: 'admin' });
    await check();
    return {
      row: { log: 'admin', detail: 'Place 1: The record is not the one that was hashed' },
      mend: async () => {
        await superuser('update admin_record a set record = kept.record from kept where a.log_index = kept.log_index');
        await check();
      },
    };
  },
};
