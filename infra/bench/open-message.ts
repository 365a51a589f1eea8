import { Agent, request } from 'node:http';
import autocannon from 'autocannon';
import type { BenchSignet } from './bench-signet.ts';
import { readLinks } from './mailbox.ts';
import { median, percentile, repeat } from './measurement.ts';
import type { Bench, Measurement } from './measurement.ts';
import { portalHeaders, signIn } from './recipient.ts';
import type { ReaderLink } from './recipient.ts';
import { startReferenceServer } from './reference-server.ts';
import { htmlMailRest, mailHeader } from './sample-mail.ts';
import { SmtpSession } from './smtp-session.ts';

const connections = 50;

/**
 * P3: opening a message at the api. An opening is what the portal asks the api for when a signed-in recipient presses the button:
 * `POST …/access` (check, record, headers) and `GET …/body` (decrypt, check, page).
 */
export async function measureOpening(bench: Bench): Promise<Measurement[]> {
  const seconds = bench.quick ? 2 : 10;
  const signet = await bench.startSignet();
  const links = await prepare(bench, signet);

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
  const waits = await repeat(bench.repetitions, () => openAtRate(signet, links, halfLoad, seconds));
  const p99s = waits.map((wait) => percentile(wait, 99));
  const ratio = median(opened) / median(fixed);
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
  ];
}

/** Sends the messages, and signs their recipients in. */
async function prepare({ quick, say }: Bench, signet: BenchSignet): Promise<ReaderLink[]> {
  const messages = quick ? 5 : 100;
  const recipients = Array.from({ length: quick ? 3 : 10 }, (_, index) => `reader${index}@example.net`);
  const rest = htmlMailRest();
  const session = await SmtpSession.open({ ...signet.acme.smtp, credentials: signet.acme.smtp });
  for (let index = 0; index < messages; index += 1) {
    const data = Buffer.from(mailHeader(`opening-${index}`, recipients[0] ?? '') + rest);
    await session.send({ sender: 'alice@acme.example', recipients, data });
  }
  await session.close();
  const count = messages * recipients.length;
  say(`  waiting for ${count} wrapper mails`);
  const links = (await readLinks(signet.mailboxUrl, count)).filter(({ address }) => address.startsWith('reader'));
  const readers = await signIn(signet, links);
  const [first] = readers;
  if (first === undefined) throw new Error('No recipient has signed in.');
  const { size, status } = await openOnce(new Agent(), signet, first);
  if (status !== 200 || size < 19_000) throw new Error(`A body of ${size} bytes with status ${status} is not the one that was sent.`);
  return readers;
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

/** Begins openings at a fixed rate, whatever became of those before. @returns how long each took from when it was due, in milliseconds */
async function openAtRate(signet: BenchSignet, links: readonly ReaderLink[], rate: number, seconds: number): Promise<number[]> {
  const agent = new Agent({ keepAlive: true });
  const count = Math.floor(rate * seconds);
  const begin = performance.now();
  const under: Promise<number>[] = [];
  while (under.length < count) {
    for (; under.length < count;) {
      const due = begin + (under.length * 1_000) / rate;
      if (due > performance.now()) break;
      const link = links[under.length % links.length];
      if (link === undefined) throw new Error('There is no link.');
      under.push(openOnce(agent, signet, link).then(({ status }) => (status === 200 ? performance.now() - due : Number.POSITIVE_INFINITY)));
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  const waits = await Promise.all(under);
  agent.destroy();
  return waits;
}

function accessIdOf(answer: string): string {
  const { accessId }: { accessId: string } = JSON.parse(answer);
  return accessId;
}

async function openOnce(agent: Agent, signet: BenchSignet, { token, session }: ReaderLink): Promise<{ status: number; size: number }> {
  const url = `${signet.apiUrl}/v1/links/${token}`;
  const access = await exchange(agent, 'POST', `${url}/access`, portalHeaders(signet, session));
  if (access.status !== 201) return { status: access.status, size: 0 };
  const accessId = accessIdOf(access.body.toString());
  const body = await exchange(agent, 'GET', `${url}/body?access=${accessId}`, portalHeaders(signet, session));
  return { status: body.status, size: body.body.length };
}

function exchange(agent: Agent, method: string, url: string, headers: Record<string, string>): Promise<{ status: number; body: Buffer }> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { method, agent, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(chunks) }));
      answer.on('error', reject);
    });
    asked.on('error', reject);
    asked.end();
  });
}

/** Says that openings did leave their entries: what was measured is a tracked message. */
async function countOpenings(signet: BenchSignet): Promise<string> {
  const url = `${signet.apiUrl}/v1/audit-entries?operation=MessageAccess&limit=100`;
  const answer = await fetch(url, { headers: { authorization: `Bearer ${signet.acme.apiKey}` } });
  const { items }: { items: unknown[] } = JSON.parse(await answer.text());
  if (items.length === 0) throw new Error('No opening left an entry: the message is not tracked.');
  return 'Openings were found in the trail afterwards.';
}
