import type { BenchSignet } from './bench-signet.ts';
import { demoOrganization } from './many-organizations.ts';
import { loadAverage } from './machine.ts';
import { median, percentile, repeat } from './measurement.ts';
import type { Bench, Measurement } from './measurement.ts';
import { fillTrail, trailBytes, trailOrganizations } from './trail.ts';
import { deepSearches, searches } from './trail-searches.ts';
import type { Query, SearchKind } from './trail-searches.ts';

/** As many as the screen shows. */
const PAGE_ENTRIES = 50;
const DEEP_PAGE = 100;

const figures = {
  one: { what: 'one filter, first page', goal: 50 },
  'one, deep': { what: `one filter, page ${DEEP_PAGE}`, goal: 50 },
  selective: { what: 'a selective filter and another, first page', goal: 50 },
  others: { what: 'other filters together, first page', goal: 200 },
  'one, counted': { what: 'one filter, first page with the count', goal: null },
  'selective, counted': { what: 'a selective filter and another, with the count', goal: null },
  'others, counted': { what: 'other filters together, with the count', goal: null },
} as const satisfies Readonly<Record<string, { what: string; goal: number | null }>>;
type Figure = keyof typeof figures;
const figureNames = Object.keys(figures).filter((name): name is Figure => name in figures);

/** What the searches of one figure took in one run, in milliseconds. */
interface Run {
  readonly p95: number;
  /** CPU of api and PostgreSQL for one of them: it says what a search costs however busy the machine is. */
  readonly cpu: number;
}

type Times = Readonly<Record<Figure, Run>>;

/**
 * P6: searches of the trail at 100,000, 1,000,000 and 10,000,000 entries of a thousand organizations, in the one that has most: the first page of
 * each kind of search, without and with the count that the screen asks for, and the hundredth.
 */
export async function measureSearch(bench: Bench): Promise<Measurement[]> {
  const sizes = bench.quick ? [12_000, 24_000] : [100_000, 1_000_000, 10_000_000].filter((size) => size <= bench.most);
  const rounds = bench.quick ? 2 : 20;
  const signet = await bench.startSignet();
  const database = await signet.connectAsSuperuser();
  bench.onEnd(() => database.end());
  const { id: first } = await demoOrganization(signet, database);
  const measured: Measured[] = [];
  let from = 0;
  for (const size of sizes) {
    await fillTrail(database, { first, from, to: size, say: bench.say });
    const bytes = (await trailBytes(database)).map(({ table, rows, indexes }) => {
      return `${table} ${Math.round(rows / size)} and ${Math.round(indexes / size)}`;
    });
    bench.say(`  bytes an entry, rows and indexes: ${bytes.join('; ')}`);
    from = size;
    // Nobody's first search is the one that reads the tables from the disk.
    await timesOf(signet, { entries: size, rounds: 2 });
    const load = loadAverage();
    const runs = await repeat(bench.repetitions, () => timesOf(signet, { entries: size, rounds, say: bench.say }));
    measured.push({ size, runs, notes: [`Load average ${load}.`, `Bytes an entry, rows and indexes: ${bytes.join('; ')}.`] });
  }
  return measured.flatMap((each) => rowsOf(each, measured));
}

interface Measured {
  readonly size: number;
  readonly runs: readonly Times[];
  readonly notes: readonly string[];
}

function rowsOf({ size, runs, notes }: Measured, all: readonly Measured[]): Measurement[] {
  const smallest = all[0]?.runs ?? [];
  return figureNames.map((name) => {
    const { what, goal } = figures[name];
    const own = runs.map((times) => times[name].p95);
    const small = smallest.map((times) => times[name].p95);
    const isBounded = goal === 50;
    const slope = all.map((each) => `${each.size.toLocaleString('en')}: ${median(each.runs.map((times) => times[name].p95)).toFixed(1)}`);
    const cpu = all.map((each) => median(each.runs.map((times) => times[name].cpu)).toFixed(1));
    return {
      row: 'P6',
      what: `p95 of a search by ${what}, ${size.toLocaleString('en')} entries`,
      unit: 'ms',
      ours: median(own),
      runs: own,
      reference: runs === smallest ? null : { what: 'at the smallest size, ms', median: median(small), runs: small },
      goal:
        goal === null
          ? null
          : {
              words: isBounded ? `≤ ${goal} ms, ≤ 1.5×` : `≤ ${goal} ms`,
              met: median(own) <= goal && (!isBounded || median(own) <= 1.5 * median(small)),
            },
      notes: [
        ...(name === 'one'
          ? [
              `Entries of ${trailOrganizations} organizations by Zipf’s law, searched in the largest. Each search is on record, durably, before it is answered.`,
              ...notes,
            ]
          : []),
        ...(runs === all.at(-1)?.runs
          ? [`p95 in ms at entries: ${slope.join(', ')}. CPU of one search in ms, api and PostgreSQL: ${cpu.join(', ')}.`]
          : []),
      ],
    };
  });
}

async function timesOf(
  signet: BenchSignet,
  { entries, rounds, say }: { entries: number; rounds: number; say?: (line: string) => void },
): Promise<Times> {
  const times = new Map<Figure, number[]>(figureNames.map((name) => [name, []]));
  const told: string[] = [];
  const costs = new Map<Figure, number[]>(figureNames.map((name) => [name, []]));
  const note = (name: Figure, found: Found) => {
    times.get(name)?.push(...found.times);
    costs.get(name)?.push(found.cpu);
  };
  for (const { name, kind, make } of searches) {
    const queries = Array.from({ length: rounds }, () => make(entries));
    const plain = await searchAll(signet, queries);
    const counted = await searchAll(
      signet,
      queries.map((query) => ({ ...query, count: 'true' })),
    );
    requireComplete(name, kind, plain.pages);
    note(kind, plain);
    note(`${kind}, counted`, counted);
    const stopped = plain.pages.filter(({ complete }) => !complete).length;
    told.push(
      `${name} ${percentile(plain.times, 95).toFixed(0)} (${percentile(counted.times, 95).toFixed(0)})${stopped > 0 ? `, ${stopped} of ${rounds} not complete` : ''}`,
    );
  }
  for (const query of deepSearches) note('one, deep', await pagesAround(signet, query));
  const runOf = (name: Figure): Run => ({ p95: percentile(times.get(name) ?? [], 95), cpu: mean(costs.get(name) ?? []) });
  say?.(`  p95 in ms, with the count in brackets: ${told.join('; ')}; page ${DEEP_PAGE} ${runOf('one, deep').p95.toFixed(0)}`);
  return {
    one: runOf('one'),
    'one, deep': runOf('one, deep'),
    selective: runOf('selective'),
    others: runOf('others'),
    'one, counted': runOf('one, counted'),
    'selective, counted': runOf('selective, counted'),
    'others, counted': runOf('others, counted'),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** A search that has an index for what it asks never stops at its budget. */
function requireComplete(name: string, kind: SearchKind, pages: readonly Page[]): void {
  if (kind !== 'others' && pages.some(({ complete }) => !complete)) throw new Error(`A search by ${name} stopped at its budget.`);
}

/** What some searches took. */
interface Found {
  readonly pages: readonly Page[];
  /** Milliseconds of each. */
  readonly times: readonly number[];
  /** Milliseconds of CPU that api and PostgreSQL used, for one of them. */
  readonly cpu: number;
}

async function searchAll(signet: BenchSignet, queries: readonly Query[]): Promise<Found> {
  const before = usedBy(signet);
  const pages: Page[] = [];
  for (const query of queries) pages.push(await search(signet, query));
  const cpu = (usedBy(signet) - before) / pages.length;
  return { pages, times: pages.map(({ milliseconds }) => milliseconds), cpu };
}

/** The hundredth page and four before it; the last five where `--quick` has fewer. */
async function pagesAround(signet: BenchSignet, query: Query): Promise<Found> {
  const before = usedBy(signet);
  const pages: Page[] = [];
  let cursor: string | null = null;
  for (let number = 1; number <= DEEP_PAGE; number += 1) {
    const page: Page = await search(signet, cursor === null ? query : { ...query, cursor });
    pages.push(page);
    cursor = page.nextCursor;
    if (cursor === null) break;
  }
  const cpu = (usedBy(signet) - before) / pages.length;
  return { pages, times: pages.slice(-5).map(({ milliseconds }) => milliseconds), cpu };
}

/** Milliseconds of CPU that api and PostgreSQL have used so far. */
function usedBy(signet: BenchSignet): number {
  const { api, postgres } = signet.cpu();
  return 1_000 * (api + postgres);
}

interface Page {
  readonly milliseconds: number;
  readonly complete: boolean;
  readonly nextCursor: string | null;
}

async function search(signet: BenchSignet, query: Query): Promise<Page> {
  const begin = performance.now();
  const answer = await fetch(
    `${signet.apiUrl}/v1/audit-entries?${new URLSearchParams({ limit: String(PAGE_ENTRIES), ...query }).toString()}`,
    {
      headers: { authorization: `Bearer ${signet.acme.apiKey}` },
    },
  );
  const text = await answer.text();
  const milliseconds = performance.now() - begin;
  if (!answer.ok) throw new Error(`The api answered ${answer.status}: ${text.slice(0, 500)}`);
  const page: Omit<Page, 'milliseconds'> = JSON.parse(text);
  return { ...page, milliseconds };
}
