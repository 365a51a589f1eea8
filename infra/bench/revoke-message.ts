import type { Client } from 'pg';
import { median, percentile, repeat } from './measurement.ts';
import type { Bench, Measurement } from './measurement.ts';
import { prepareReaders } from './opening.ts';
import { portalHeaders } from './recipient.ts';
import type { ReaderLink } from './recipient.ts';
import { changeAccess } from './revoking.ts';
import type { SentMessage } from './revoking.ts';
import { startSecondApi } from './second-api.ts';

/**
 * P7: a message of ten recipients is revoked at one process of the api; as soon as that is answered, one of its recipients asks each of two
 * processes to open it. Every answer must be a refusal.
 */
export async function measureRevocation(bench: Bench): Promise<Measurement[]> {
  const signet = await bench.startSignet();
  const other = await startSecondApi(bench, signet);
  const links = await prepareReaders(bench, signet);
  const database = await signet.connect();
  bench.onEnd(() => database.end());
  const messages = await sentMessages(database, links);
  const processes = [signet.apiUrl, other];
  const open = async (apiUrl: string, { token, session }: ReaderLink) => {
    const answer = await fetch(`${apiUrl}/v1/links/${token}/access`, { method: 'POST', headers: portalHeaders(signet, session) });
    await answer.arrayBuffer();
    return answer.status;
  };

  const revoked: number[][] = [];
  const refused: number[][] = [];
  const costs: string[] = [];
  let refusals = 0;
  await repeat(bench.repetitions + 1, async () => {
    const answers: number[] = [];
    const nexts: number[] = [];
    for (const [index, { id, links: own }] of messages.entries()) {
      const link = own[index % own.length];
      if (link === undefined) throw new Error('A message has no recipient.');
      const before = await Promise.all(processes.map((apiUrl) => open(apiUrl, link)));
      if (before.some((status) => status !== 201)) throw new Error(`Opening was answered ${before.join(' and ')} before revocation.`);
      const begin = performance.now();
      answers.push(await changeAccess(signet, id, 'revocation'));
      const after = await Promise.all(processes.map((apiUrl) => open(apiUrl, link)));
      nexts.push(performance.now() - begin);
      if (after.some((status) => status !== 410)) throw new Error(`Opening was answered ${after.join(' and ')} after revocation.`);
      refusals += after.length;
    }
    const before = signet.cpu();
    for (const { id } of messages) await changeAccess(signet, id, 'restoration');
    const after = signet.cpu();
    const cost = (part: 'api' | 'postgres') => `${part} ${((1_000 * (after[part] - before[part])) / messages.length).toFixed(1)}`;
    costs.push(`${cost('api')}, ${cost('postgres')}`);
    revoked.push(answers);
    refused.push(nexts);
  });
  bench.say(
    `  p99 in ms: revocation ${p99(revoked)
      .map((time) => time.toFixed(1))
      .join(', ')}; refused everywhere ${p99(refused)
      .map((time) => time.toFixed(1))
      .join(', ')}`,
  );
  return [
    {
      row: 'P7',
      what: 'p99 of the answer to a revocation, ten recipients',
      unit: 'ms',
      ours: median(p99(revoked)),
      runs: p99(revoked),
      reference: null,
      goal: { words: '≤ 20 ms; the next request is refused', met: median(p99(revoked)) <= 20 },
      notes: [
        `${refusals} requests to open, sent to ${processes.length} processes of the api as soon as a revocation was answered, were all refused.`,
        `CPU of taking one back, by the same steps, in ms, each time: ${costs.slice(1).join('; ')}.`,
        `p50 ${revoked
          .slice(1)
          .map((times) => median(times).toFixed(1))
          .join(', ')} ms.`,
      ],
    },
    {
      row: 'P7',
      what: 'p99 from asking for a revocation until every process has refused',
      unit: 'ms',
      ours: median(p99(refused)),
      runs: p99(refused),
      reference: null,
      goal: null,
      notes: [
        `p50 ${refused
          .slice(1)
          .map((times) => median(times).toFixed(1))
          .join(', ')} ms.`,
      ],
    },
  ];
}

/** Of each round but the first, which warms what a running system has warm. */
function p99(rounds: readonly number[][]): number[] {
  return rounds.slice(1).map((times) => percentile(times, 99));
}

/** The messages whose links these are. */
export async function sentMessages(database: Client, links: readonly ReaderLink[]): Promise<SentMessage[]> {
  const { rows } = await database.query<{ token: string; id: string }>(
    'select link_token as token, message_uid as id from recipient where link_token = any($1::text[])',
    [links.map(({ token }) => token)],
  );
  const idOf = new Map(rows.map(({ token, id }) => [token, id]));
  return [...Map.groupBy(links, ({ token }) => idOf.get(token) ?? '')].map(([id, own]) => ({ id, links: own }));
}
