import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import type { BenchSignet } from './bench-signet.ts';
import { batchesOf, send } from './event-batches.ts';
import type { EventBatch } from './event-batches.ts';
import { measureLag } from './ingest-lag.ts';
import { insertSameRows } from './ingest-reference.ts';
import { demoOrganization, makeOrganizations } from './many-organizations.ts';
import type { BenchOrganization } from './many-organizations.ts';
import { median } from './measurement.ts';
import type { Bench, Measurement } from './measurement.ts';

/** Requests under way at once. */
const senders = 4;
const atOnce = 1_000;

/** One run: how long until all was accepted, until it was searchable, and until it was in signed checkpoints; in seconds. */
interface Ingested {
  readonly accepted: number;
  readonly searchable: number;
  readonly signed: number;
  readonly reference: number;
  /** CPU of one entry, in words. */
  readonly costs: string;
}

/**
 * P1: events by `POST /v1/audit-events`, until every entry is searchable and in a signed checkpoint; one organization in three sizes, and
 * a thousand organizations of which each has something new. P2: how long one event takes at half of that rate.
 */
export async function measureIngest(bench: Bench): Promise<Measurement[]> {
  const sizes = bench.quick ? [1_000, 2_000, 4_000] : [15_000, 45_000, 135_000];
  const many = bench.quick ? 20 : 1_000;
  const each = bench.quick ? 50 : 100;
  const signet = await bench.startSignet();
  const database = await signet.connect();
  bench.onEnd(() => database.end());
  const acme = await demoOrganization(signet, database);
  const run = async (batches: readonly EventBatch[], organizations: readonly BenchOrganization[]) => {
    const before = await sizesOf(database, organizations);
    const cpu = signet.cpu();
    const taken = await ingest(signet, database, batches);
    const after = signet.cpu();
    const count = batches.reduce((sum, { ids }) => sum + ids.length, 0);
    const cost = (part: 'api' | 'worker' | 'postgres') => `${part} ${((1e6 * (after[part] - cpu[part])) / count).toFixed(0)}`;
    await requireFound(signet, batches);
    const reference = await insertSameRows(database, organizations, before);
    const result: Ingested = { ...taken, reference, costs: `${cost('api')}, ${cost('worker')}, ${cost('postgres')}` };
    bench.say(
      `  ${count} events of ${organizations.length}: accepted ${result.accepted.toFixed(1)} s, searchable ${result.searchable.toFixed(1)} s, signed ${result.signed.toFixed(1)} s; reference ${reference.toFixed(1)} s; µs of CPU ${result.costs}`,
    );
    return result;
  };
  // Connections, statements and code are warm, as after a minute of any day.
  await ingest(signet, database, batchesOf([acme], atOnce, atOnce));
  const one = new Map<number, Ingested[]>(sizes.map((size) => [size, []]));
  for (let round = 0; round < bench.repetitions; round += 1)
    for (const [size, runs] of one) runs.push(await run(batchesOf([acme], size, atOnce), [acme]));
  const lag = await measureLag(
    bench,
    signet,
    database,
    acme,
    (sizes.at(-1) ?? 0) / median((one.get(sizes.at(-1) ?? 0) ?? []).map(({ signed }) => signed)) / 2,
  );
  const organizations = await makeOrganizations(signet, database, many);
  bench.say(`  ${many} organizations made`);
  await waitUntil(async () => (await unsigned(database)) === 0, 'the logs of the new organizations');
  const thousand: Ingested[] = [];
  for (let round = 0; round < bench.repetitions; round += 1)
    thousand.push(await run(batchesOf(organizations, many * each, each), organizations));
  return [
    ...[...one].map(([size, runs]) =>
      measurementOf(`${size} events of one organization, until searchable and signed`, size, runs, size === sizes.at(-1)),
    ),
    measurementOf(`${many * each} events of ${many} organizations, ${each} a request`, many * each, thousand, true),
    slopeOf(one),
    ...lag,
  ];
}

function measurementOf(what: string, count: number, runs: readonly Ingested[], hasGoal: boolean): Measurement {
  const rates = runs.map(({ signed }) => count / signed);
  const references = runs.map(({ reference }) => count / reference);
  const times = (name: 'accepted' | 'searchable' | 'signed' | 'reference') => runs.map((each) => each[name].toFixed(1)).join(', ');
  return {
    row: 'P1',
    what,
    unit: 'entries/s',
    ours: median(rates),
    runs: rates,
    reference: { what: 'unnest INSERT of the same rows, 500 at a time, entries/s', median: median(references), runs: references },
    goal: hasGoal ? { words: '≥ 0.3', met: median(rates) / median(references) >= 0.3 } : null,
    notes: [
      `Seconds until all was accepted ${times('accepted')}; searchable ${times('searchable')}; signed and published ${times('signed')}; reference ${times('reference')}.`,
      `CPU of one entry in µs: ${runs.map(({ costs }) => costs).join('; ')}.`,
    ],
  };
}

/** How the time of one more event grows with their number: 1 is as fast as the number, below it is slower. */
function slopeOf(one: ReadonlyMap<number, readonly Ingested[]>): Measurement {
  const points = [...one].map(([size, runs]) => ({ x: Math.log(size), y: Math.log(median(runs.map(({ signed }) => signed))) }));
  const [x, y] = [mean(points.map((point) => point.x)), mean(points.map((point) => point.y))];
  const slope =
    points.reduce((sum, point) => sum + (point.x - x) * (point.y - y), 0) / points.reduce((sum, point) => sum + (point.x - x) ** 2, 0);
  return {
    row: 'P1',
    what: 'slope: exponent of time over events, one organization',
    unit: '',
    ours: slope,
    runs: [slope],
    reference: null,
    goal: { words: '≤ 1.05', met: slope <= 1.05 },
    notes: [
      'Least squares over the medians of the three sizes. Small ones wait for the next sealing, up to three seconds: that flattens it.',
    ],
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

async function ingest(
  signet: BenchSignet,
  database: Client,
  batches: readonly EventBatch[],
): Promise<Omit<Ingested, 'reference' | 'costs'>> {
  const count = batches.reduce((sum, { ids }) => sum + ids.length, 0);
  const before = await totals(database);
  const waiting = [...batches];
  const begin = performance.now();
  const seconds = () => (performance.now() - begin) / 1_000;
  const lane = async () => {
    for (let batch = waiting.shift(); batch !== undefined; batch = waiting.shift()) await send(signet, batch);
  };
  const sent = Promise.all(Array.from({ length: senders }, lane)).then(seconds);
  let searchable = 0;
  const signed = (async () => {
    await waitUntil(async () => {
      const { recorded, published } = await totals(database);
      if (searchable === 0 && recorded - before.recorded >= count) searchable = seconds();
      return published - before.recorded >= count;
    }, 'the last checkpoint');
    return seconds();
  })();
  const [accepted, end] = await Promise.all([sent, signed]);
  return { accepted, searchable, signed: end };
}

/** Entries of all organizations, and how many of them a published checkpoint covers. An entry is committed with its place in the log. */
async function totals(database: Client): Promise<{ recorded: number; published: number }> {
  const { rows } = await database.query<{ recorded: number; published: number }>(
    `select (select coalesce(sum(size), 0)::int from log_head where stream = 'audit') as recorded,
       (select coalesce(sum(published_size), 0)::int from log_seal where stream = 'audit') as published`,
  );
  return rows[0] ?? { recorded: 0, published: 0 };
}

async function unsigned(database: Client): Promise<number> {
  const { rows } = await database.query<{ count: number }>(
    `select count(*)::int as count from log_head h left join log_seal s on s.organization_id = h.organization_id and s.stream = h.stream
     where h.size > coalesce(s.published_size, 0)`,
  );
  return rows[0]?.count ?? 0;
}

async function sizesOf(database: Client, organizations: readonly BenchOrganization[]): Promise<Map<string, number>> {
  const { rows } = await database.query<{ organization_id: string; size: number }>(
    `select organization_id, size::int as size from log_head where stream = 'audit' and organization_id = any($1::uuid[])`,
    [organizations.map(({ id }) => id)],
  );
  const known = new Map(rows.map((row) => [row.organization_id, row.size]));
  return new Map(organizations.map(({ id }) => [id, known.get(id) ?? 0]));
}

/** The last event of the last batch must be found by a search, and be proved by a checkpoint. */
async function requireFound(signet: BenchSignet, batches: readonly EventBatch[]): Promise<void> {
  const last = batches.at(-1);
  const id = last?.ids.at(-1) ?? '';
  for (const path of [`/v1/audit-entries/${id}`, `/v1/audit-entries/${id}/proof`]) {
    const answer = await fetch(`${signet.apiUrl}${path}`, { headers: { authorization: `Bearer ${last?.organization.apiKey}` } });
    if (answer.status !== 200)
      throw new Error(`The entry is there, and ${path} answered ${answer.status}: ${(await answer.text()).slice(0, 300)}`);
    await answer.body?.cancel();
  }
}

/** @throws when it does not come within three minutes */
async function waitUntil(done: () => Promise<boolean>, what: string): Promise<void> {
  for (const deadline = Date.now() + 180_000; Date.now() < deadline; await sleep(50)) if (await done()) return;
  throw new Error(`Waited three minutes for ${what}.`);
}
