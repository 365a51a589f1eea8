import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import type { BenchSignet } from './bench-signet.ts';
import { batchesOf, send } from './event-batches.ts';
import type { EventBatch } from './event-batches.ts';
import type { BenchOrganization } from './many-organizations.ts';
import { median, percentile } from './measurement.ts';
import type { Bench, Measurement } from './measurement.ts';

const atOnce = 1_000;
/** Events looked for, of each batch. */
const looked = 10;

/** An event that was answered with 202 and is looked for. */
interface Sought {
  readonly durableAt: number;
  logIndex: number | null;
}

/** P2: from when an event is durable until it is searchable, and until a published checkpoint has it, at a fixed rate. @param rate events a second. */
export async function measureLag(
  bench: Bench,
  signet: BenchSignet,
  database: Client,
  organization: BenchOrganization,
  rate: number,
): Promise<Measurement[]> {
  const seconds = bench.quick ? 5 : 20;
  const searchable: number[] = [];
  const signed: number[] = [];
  const medians: string[] = [];
  for (let round = 0; round < bench.repetitions; round += 1) {
    const lags = await lagsAt(signet, database, organization, { rate, seconds });
    searchable.push(percentile(lags.searchable, 99));
    signed.push(percentile(lags.signed, 99));
    medians.push(`${median(lags.searchable).toFixed(2)} and ${median(lags.signed).toFixed(2)}`);
    bench.say(
      `  at ${Math.round(rate)}/s: p99 until searchable ${searchable.at(-1)?.toFixed(2)} s, in a checkpoint ${signed.at(-1)?.toFixed(2)} s`,
    );
  }
  const lag = (what: string, runs: readonly number[], most: number): Measurement => ({
    row: 'P2',
    what: `p99 from durable until ${what}, at ${Math.round(rate)} events/s`,
    unit: 's',
    ours: median(runs),
    runs,
    reference: null,
    goal: { words: `≤ ${most} s`, met: median(runs) <= most },
    notes: [],
  });
  return [
    {
      ...lag('searchable', searchable, 1),
      notes: [
        `Batches of ${atOnce} at a fixed rate, ${looked} events of each looked for every 20 ms. Medians in s, searchable and signed: ${medians.join('; ')}.`,
      ],
    },
    lag('in a published checkpoint', signed, 5),
  ];
}

async function lagsAt(
  signet: BenchSignet,
  database: Client,
  organization: BenchOrganization,
  { rate, seconds }: { rate: number; seconds: number },
): Promise<{ searchable: number[]; signed: number[] }> {
  const batches = batchesOf([organization], atOnce * Math.max(1, Math.round((rate * seconds) / atOnce)), atOnce);
  const sought = new Map<string, Sought>();
  const searchable: number[] = [];
  const signed: number[] = [];
  const state = { sending: true };
  const begin = performance.now();
  const sendAt = async (batch: EventBatch, due: number) => {
    await sleep(Math.max(0, due - performance.now()));
    await send(signet, batch);
    const durableAt = performance.now();
    for (let each = atOnce / looked - 1; each < atOnce; each += atOnce / looked)
      sought.set(batch.ids[each] ?? '', { durableAt, logIndex: null });
  };
  const sent = Promise.all(batches.map((batch, index) => sendAt(batch, begin + (index * atOnce * 1_000) / rate))).finally(
    () => (state.sending = false),
  );
  for (const deadline = begin + seconds * 1_000 + 60_000; state.sending || sought.size > 0; await sleep(20)) {
    if (performance.now() > deadline) throw new Error(`${sought.size} events are in no checkpoint a minute later.`);
    const unseen = [...sought].filter(([, { logIndex }]) => logIndex === null).map(([id]) => id);
    const { rows } = await database.query<{ id: string; log_index: string }>(
      'select id, log_index from audit_entry where organization_id = $1 and id = any($2::uuid[])',
      [organization.id, unseen],
    );
    const now = performance.now();
    for (const { id, log_index: logIndex } of rows) {
      const found = sought.get(id);
      if (found === undefined) continue;
      found.logIndex = Number(logIndex);
      searchable.push((now - found.durableAt) / 1_000);
    }
    const { rows: seals } = await database.query<{ size: number }>(
      `select published_size::int as size from log_seal where organization_id = $1 and stream = 'audit'`,
      [organization.id],
    );
    for (const [id, { logIndex, durableAt }] of sought) {
      if (logIndex === null || logIndex >= (seals[0]?.size ?? 0)) continue;
      signed.push((performance.now() - durableAt) / 1_000);
      sought.delete(id);
    }
  }
  await sent;
  return { searchable, signed };
}
