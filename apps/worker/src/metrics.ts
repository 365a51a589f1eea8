import { auditPartitionsAhead } from '@signet/db/audit-partition';
import type { SystemScope } from '@signet/db/database';
import { countLogTroubles } from '@signet/db/log-seal';
import { countMissingContent } from '@signet/db/missing-content';
import { outboxBacklog } from '@signet/db/outbox';
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';

/** What the worker counts, for Prometheus. */
export interface Metrics {
  readonly registry: Registry;
  readonly jobs: Counter<'kind' | 'result'>;
  readonly mails: Counter<'mail' | 'delivery'>;
  readonly sweeps: Counter<'sweep' | 'result'>;
  readonly givenUp: Counter<'kind'>;
  readonly blobs: Counter<'moved'>;
}

/** Makes the worker's counters. The outbox is looked at when somebody asks; while the database is away its gauges are absent. */
export function makeMetrics(system: SystemScope): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const backlogNow = askedOnce(() => outboxBacklog(system).catch(() => null));
  new Gauge({
    name: 'signet_outbox_rows',
    help: 'Outbox rows by state',
    labelNames: ['state'],
    registers,
    async collect() {
      this.reset();
      const backlog = await backlogNow();
      if (!backlog) return;
      this.set({ state: 'waiting' }, backlog.waiting);
      this.set({ state: 'retrying' }, backlog.retrying);
      this.set({ state: 'dead' }, backlog.dead);
    },
  }).reset();
  const gauge = (name: string, help: string, value: () => Promise<number | null | undefined>) =>
    new Gauge({
      name,
      help,
      registers,
      async collect() {
        this.remove();
        const now = await value();
        if (typeof now === 'number') this.set(now);
      },
    }).remove();
  gauge('signet_outbox_oldest_seconds', 'Age of the oldest due outbox row', async () => (await backlogNow())?.oldestSeconds);
  gauge('signet_messages_without_content', 'Messages whose blob is gone or not whole', () => countMissingContent(system).catch(() => null));
  gauge('signet_audit_partitions_ahead', 'Months to come whose partition of the audit trail is there: 3 where all is well', () =>
    auditPartitionsAhead(system).catch(() => null),
  );
  const troublesNow = askedOnce(() => countLogTroubles(system).catch(() => null));
  gauge(
    'signet_logs_refused',
    'Logs in which nothing is signed, since something is wrong with them',
    async () => (await troublesNow())?.refused,
  );
  gauge('signet_logs_differing', 'Logs in which the last check found a difference', async () => (await troublesNow())?.differing);
  return {
    registry,
    jobs: new Counter({ name: 'signet_jobs_total', help: 'Jobs by kind and result', labelNames: ['kind', 'result'], registers }),
    mails: new Counter({
      name: 'signet_mails_total',
      help: 'Mails by what the next hop made of them',
      labelNames: ['mail', 'delivery'],
      registers,
    }),
    givenUp: new Counter({ name: 'signet_outbox_given_up_total', help: 'Outbox rows that died, by kind', labelNames: ['kind'], registers }),
    blobs: new Counter({ name: 'signet_blobs_total', help: 'Blobs by what sweeps did with them', labelNames: ['moved'], registers }),
    sweeps: new Counter({ name: 'signet_sweeps_total', help: 'Sweeps by result', labelNames: ['sweep', 'result'], registers }),
  };
}

/** Asks once for all who want to know while the answer is on its way: gauges are collected side by side, each by itself. */
function askedOnce<T>(ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | undefined;
  return () =>
    (asked ??= ask().finally(() => {
      asked = undefined;
    }));
}
