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
  const outbox = new Gauge({
    name: 'signet_outbox_rows',
    help: 'Outbox rows by state',
    labelNames: ['state'],
    registers,
    async collect() {
      this.reset();
      oldest.reset();
      const backlog = await outboxBacklog(system).catch(() => null);
      if (!backlog) return;
      this.set({ state: 'waiting' }, backlog.waiting);
      this.set({ state: 'retrying' }, backlog.retrying);
      this.set({ state: 'dead' }, backlog.dead);
      oldest.set(backlog.oldestSeconds);
    },
  });
  const oldest = new Gauge({ name: 'signet_outbox_oldest_seconds', help: 'Age of the oldest due outbox row', registers });
  outbox.reset();
  new Gauge({
    name: 'signet_messages_without_content',
    help: 'Messages whose blob is gone or not whole',
    registers,
    async collect() {
      this.reset();
      const count = await countMissingContent(system).catch(() => null);
      if (count !== null) this.set(count);
    },
  }).reset();
  for (const [trouble, help] of [
    ['refused', 'Logs in which nothing is signed, since something is wrong with them'],
    ['differing', 'Logs in which the last check found a difference'],
  ] as const) {
    new Gauge({
      name: `signet_logs_${trouble}`,
      help,
      registers,
      async collect() {
        this.reset();
        const troubles = await countLogTroubles(system).catch(() => null);
        if (troubles) this.set(troubles[trouble]);
      },
    }).reset();
  }
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
