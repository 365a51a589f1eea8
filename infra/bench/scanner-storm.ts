import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import autocannon from 'autocannon';
import type { Client } from 'pg';
import type { BenchSignet } from './bench-signet.ts';
import { readLinks } from './mailbox.ts';
import { median, repeat } from './measurement.ts';
import type { Bench, Measurement } from './measurement.ts';
import { startPortalAlone } from './portal-alone.ts';
import { portalHeaders } from './recipient.ts';
import { startReferenceServer } from './reference-server.ts';
import { htmlMailRest, mailHeader } from './sample-mail.ts';
import { SmtpSession } from './smtp-session.ts';

const connections = 20;
/** What a counter may have for one link in one minute: twenty that are told apart, and one for all others; it may be asked for by as many at once. */
const rowsPerMinute = 21 + connections;

/**
 * P10: scanners that ask for a link again and again, at the portal: from 1,000 networks, as 40 different programs, 20 at once. One link, which
 * is the worst that can be done to its counter; and a hundred in turn.
 */
export async function measureScannerStorm(bench: Bench): Promise<Measurement[]> {
  const seconds = bench.quick ? 2 : 15;
  // The client says who visits, as a proxy in front does.
  const signet = await bench.startSignet({ variables: { TRUSTED_PROXIES: '127.0.0.1' } });
  const database = await signet.connect();
  bench.onEnd(() => database.end());
  const tokens = await sendMessages(bench, signet);
  const file = join(bench.folder, 'link.json');
  writeFileSync(file, await linkAnswer(signet, tokens[0] ?? ''));
  const answering = await startReferenceServer(bench.guard, file);
  bench.onEnd(() => answering.stop());
  const alone = await startPortalAlone(bench, signet, answering.url);
  bench.onEnd(() => alone.stop());

  const storms = { 'one link': tokens.slice(0, 1), '100 links in turn': tokens } as const;
  await stormRate(alone.url, tokens, 3);
  let asked = (await stormRate(signet.portalUrl, tokens, 3)).answered;
  const fixed: number[] = [];
  const measured = new Map<string, { rate: number; costs: string }[]>();
  for (const [name, links] of Object.entries(storms)) {
    const runs = await repeat(bench.repetitions, async () => {
      fixed.push((await stormRate(alone.url, links, seconds)).rate);
      const before = signet.cpu();
      const { rate, answered } = await stormRate(signet.portalUrl, links, seconds);
      const after = signet.cpu();
      asked += answered;
      const cost = (part: 'portal' | 'api' | 'postgres') => `${part} ${((1_000 * (after[part] - before[part])) / answered).toFixed(2)}`;
      return { rate, costs: `${cost('portal')}, ${cost('api')}, ${cost('postgres')}` };
    });
    measured.set(name, runs);
    bench.say(
      `  ${name}: GET/s ${runs.map(({ rate }) => Math.round(rate)).join(', ')}; without database ${fixed.slice(-runs.length).map(Math.round).join(', ')}`,
    );
  }
  const counted = await requireCounted(database, asked);
  return [...measured].map(([name, runs]) => {
    const rates = runs.map(({ rate }) => rate);
    const ratio = median(rates) / median(fixed);
    return {
      row: 'P10',
      what: `scanner storm at the portal, ${name}, ${connections} connections`,
      unit: 'GET/s',
      ours: median(rates),
      runs: rates,
      reference: { what: 'the same page, whose api answers a fixed text, GET/s', median: median(fixed), runs: fixed },
      goal: { words: '≥ 0.2', met: ratio >= 0.2 },
      notes: [
        'Every GET from another of 1,000 networks, as another of 40 programs. The reference is another process of the same portal.',
        `CPU of one GET in ms, each time: ${runs.map(({ costs }) => costs).join('; ')}.`,
        counted,
      ],
    };
  });
}

/** Sends a hundred messages to a recipient each. @returns their links' tokens */
async function sendMessages({ quick, say }: Bench, signet: BenchSignet): Promise<string[]> {
  const count = quick ? 5 : 100;
  const rest = htmlMailRest();
  const session = await SmtpSession.open({ ...signet.acme.smtp, credentials: signet.acme.smtp });
  for (let index = 0; index < count; index += 1) {
    const address = `stormed${index}@example.net`;
    await session.send({
      sender: 'alice@acme.example',
      recipients: [address],
      data: Buffer.from(mailHeader(`storm-${index}`, address) + rest),
    });
  }
  await session.close();
  say(`  waiting for ${count} wrapper mails`);
  const links = await readLinks(signet.mailboxUrl, count);
  return links.filter(({ address }) => address.startsWith('stormed')).map(({ token }) => token);
}

/** What the api tells the portal of a link. */
async function linkAnswer(signet: BenchSignet, token: string): Promise<string> {
  const answer = await fetch(`${signet.apiUrl}/v1/links/${token}`, { headers: portalHeaders(signet) });
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`The api answered ${answer.status}: ${text.slice(0, 500)}`);
  return text;
}

let visits = 0;

async function stormRate(portalUrl: string, tokens: readonly string[], seconds: number): Promise<{ rate: number; answered: number }> {
  const result = await autocannon({
    url: portalUrl,
    connections,
    duration: seconds,
    timeout: 60,
    requests: [
      {
        setupRequest: (each) => {
          visits += 1;
          const network = visits % 1_000;
          const headers = {
            'x-forwarded-for': `10.${Math.floor(network / 250)}.${network % 250}.1`,
            'user-agent': `Mozilla/5.0 (compatible; scanner/${visits % 40})`,
          };
          return { ...each, method: 'GET', path: `/m/${tokens[visits % tokens.length]}`, headers };
        },
      },
    ],
  });
  if (result.non2xx + result.errors > 0) throw new Error(`Of the GETs ${result.non2xx} were refused and ${result.errors} broke off.`);
  // Those that were under way at the end are counted too, and may not have been answered.
  return { rate: result['2xx'] / result.duration, answered: result['2xx'] };
}

/**
 * Waits until the last minute's touches are entries. @throws where a GET is missing from the trail, or a storm has left more rows than it may.
 * @returns what it found, in words
 */
async function requireCounted(database: Client, asked: number): Promise<string> {
  for (const deadline = Date.now() + 150_000; Date.now() < deadline; await sleep(1_000)) {
    const { rows: waiting } = await database.query<{ rows: number }>(
      `select (select count(*) from link_touch)::int + (select count(*) from outbox where kind = 'ingest-audit-event')::int as rows`,
    );
    if (waiting[0]?.rows === 0) break;
  }
  const { rows } = await database.query<{ touches: number; entries: number; most: number }>(
    `with touch as (
       select message_uid, date_trunc('minute', creation_time) as minute,
         (select (property ->> 'value')::int from json_array_elements(operation_properties) as property where property ->> 'name' = 'Count') as count
       from audit_entry where operation = 'LinkTouch'
     )
     select sum(count)::int as touches, count(*)::int as entries,
       (select max(entries)::int from (select count(*) as entries from touch group by message_uid, minute)) as most
     from touch`,
  );
  const [found] = rows;
  if (found === undefined || found.touches < asked) throw new Error(`Of ${asked} GETs ${found?.touches ?? 0} are in the trail.`);
  if (found.most > rowsPerMinute) throw new Error(`A link has ${found.most} entries of one minute.`);
  return `Of ${asked} answered GETs each is counted in the trail, in ${found.entries} entries; the most of one link in a minute are ${found.most}.`;
}
