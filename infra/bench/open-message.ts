import { setTimeout as sleep } from 'node:timers/promises';
import autocannon from 'autocannon';
import type { BenchSignet } from './bench-signet.ts';
import { plantMessages } from './expiring-messages.ts';
import { median, percentile, repeat } from './measurement.ts';
import type { Bench, Measurement } from './measurement.ts';
import { accessIdOf, openAtRate, prepareReaders } from './opening.ts';
import { portalHeaders } from './recipient.ts';
import type { ReaderLink } from './recipient.ts';
import { startReferenceServer } from './reference-server.ts';

const connections = 50;

/**
 * P3: opening a message at the api. An opening is what the portal asks the api for when a signed-in recipient presses the button:
 * `POST …/access` (check, record, headers) and `GET …/body` (decrypt, check, page).
 */
export async function measureOpening(bench: Bench): Promise<Measurement[]> {
  const seconds = bench.quick ? 2 : 10;
  const signet = await bench.startSignet();
  const links = await prepareReaders(bench, signet);

  const reference = await startReferenceServer(bench.guard);
  bench.onEnd(() => reference.stop());
  await fixedRate(reference.url, 2);
  await openingRate(signet, links, 2);
  const fixed: number[] = [];
  const opened: number[] = [];
  const costs: string[] = [];
  await repeat(bench.repetitions, async () => {
    fixed.push(await fixedRate(reference.url, seconds));
    const before = signet.cpu();
    const rate = await openingRate(signet, links, seconds);
    const after = signet.cpu();
    opened.push(rate);
    const cost = (part: 'api' | 'worker' | 'postgres') =>
      `${part} ${((1_000 * (after[part] - before[part])) / (rate * seconds)).toFixed(2)}`;
    costs.push(`${cost('api')}, ${cost('postgres')}, ${cost('worker')}`);
  });
  bench.say(`  openings/s ${opened.map(Math.round).join(', ')}; fixed JSON/s ${fixed.map(Math.round).join(', ')}`);

  const halfLoad = median(opened) / 2;
  const waits = await repeat(bench.repetitions, () => openAtRate(signet, links, halfLoad, sleep(seconds * 1_000)));
  const p99s = waits.map((wait) => percentile(wait, 99));
  const ratio = median(opened) / median(fixed);
  const grown = await rateAsItGrows(bench, signet, links, { few: opened, seconds });
  const recorded = await countOpenings(signet);
  return [
    {
      row: 'P3',
      what: `open a message at the api, ${connections} connections`,
      unit: 'openings/s',
      ours: median(opened),
      runs: opened,
      reference: { what: 'Nest on Fastify, fixed 20 kB JSON, requests/s', median: median(fixed), runs: fixed },
      goal: { words: '≥ 0.06', met: ratio >= 0.06 },
      notes: [
        `An opening is two requests: POST access, GET body. ${links.length} links of ${new Set(links.map(({ address }) => address)).size} signed-in recipients, every opening from another visitor's address.`,
        `The worker ingests the openings at the same time. ${recorded}`,
        `CPU of one opening in ms, each time: ${costs.join('; ')}.`,
      ],
    },
    {
      row: 'P3',
      what: `p99 of an opening at half load (${Math.round(halfLoad)}/s, open loop)`,
      unit: 'ms',
      ours: median(p99s),
      runs: p99s,
      reference: null,
      goal: { words: '≤ 50 ms', met: median(p99s) <= 50 },
      notes: [
        `From the moment the opening was due to the body's last byte. p50 ${waits.map((wait) => median(wait).toFixed(1)).join(', ')} ms.`,
      ],
    },
    ...grown,
  ];
}

/** Openings of the same messages a second, while there are more and more others. @param few what was measured with those alone. */
async function rateAsItGrows(
  bench: Bench,
  signet: BenchSignet,
  links: readonly ReaderLink[],
  { few, seconds }: { few: readonly number[]; seconds: number },
): Promise<Measurement[]> {
  const database = await signet.connect();
  bench.onEnd(() => database.end());
  const measurements: Measurement[] = [];
  let planted = 0;
  for (const size of bench.quick ? [100, 1_000] : [10_000, 100_000]) {
    await plantMessages(database, { sender: `stored-${size}@acme.example`, count: size - planted }, { expired: false });
    planted = size;
    const costs: string[] = [];
    const rates = await repeat(bench.repetitions, async () => {
      const before = signet.cpu();
      const rate = await openingRate(signet, links, seconds);
      const after = signet.cpu();
      const cost = (part: 'api' | 'postgres') => `${part} ${((1_000 * (after[part] - before[part])) / (rate * seconds)).toFixed(2)}`;
      costs.push(`${cost('api')}, ${cost('postgres')}`);
      return rate;
    });
    bench.say(`  openings/s beside ${size} messages: ${rates.map(Math.round).join(', ')}`);
    measurements.push({
      row: 'P3',
      what: `the same, beside ${size.toLocaleString('en')} other messages`,
      unit: 'openings/s',
      ours: median(rates),
      runs: rates,
      reference: { what: 'beside none, openings/s', median: median(few), runs: few },
      goal: null,
      notes: [`CPU of one opening in ms, each time: ${costs.join('; ')}.`],
    });
  }
  return measurements;
}

/** Requests a second for the same JSON again and again. */
async function fixedRate(url: string, seconds: number): Promise<number> {
  const result = await autocannon({ url: `${url}/fixed`, connections, duration: seconds });
  if (result.non2xx + result.errors > 0) throw new Error('The reference server failed.');
  return result['2xx'] / result.duration;
}

/** Openings a second: each connection asks for an opening, then for its body, and begins anew. */
async function openingRate(signet: BenchSignet, links: readonly ReaderLink[], seconds: number): Promise<number> {
  let next = 0;
  let opened = 0;
  const faults = new Set<number>();
  const result = await autocannon({
    url: signet.apiUrl,
    connections,
    duration: seconds,
    requests: [
      {
        setupRequest: (each, context: { link?: ReaderLink }) => {
          const link = links[(next += 1) % links.length];
          if (link !== undefined) context.link = link;
          return { ...each, method: 'POST', path: `/v1/links/${link?.token}/access`, headers: portalHeaders(signet, link?.session) };
        },
        onResponse: (status, body, context: { accessId?: string }) => {
          if (status === 201) context.accessId = accessIdOf(body);
          else faults.add(status);
        },
      },
      {
        setupRequest: (each, context: { link?: ReaderLink; accessId?: string }) => {
          const path = `/v1/links/${context.link?.token}/body?access=${context.accessId}`;
          return { ...each, method: 'GET', path, headers: portalHeaders(signet, context.link?.session) };
        },
        onResponse: (status) => {
          if (status === 200) opened += 1;
          else faults.add(status);
        },
      },
    ],
  });
  if (faults.size > 0 || result.errors > 0)
    throw new Error(`Openings failed: ${[...faults].join(', ')}; ${result.errors} broken connections.`);
  return opened / result.duration;
}

/** Says that openings did leave their entries: what was measured is a tracked message. */
async function countOpenings(signet: BenchSignet): Promise<string> {
  const url = `${signet.apiUrl}/v1/audit-entries?operation=MessageAccess&limit=100`;
  const answer = await fetch(url, { headers: { authorization: `Bearer ${signet.acme.apiKey}` } });
  const { items }: { items: unknown[] } = JSON.parse(await answer.text());
  if (items.length === 0) throw new Error('No opening left an entry: the message is not tracked.');
  return 'Openings were found in the trail afterwards.';
}
