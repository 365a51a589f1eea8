import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import type { BenchSignet } from './bench-signet.ts';
import { plantMessages } from './expiring-messages.ts';
import { median, percentile, repeat } from './measurement.ts';
import type { Bench, Measurement } from './measurement.ts';
import { prepareReaders } from './opening.ts';
import { sentMessages } from './revoke-message.ts';
import { changeAccess, findMessages } from './revoking.ts';
import type { SentMessage } from './revoking.ts';

/** Messages that one page of a search finds at most. */
const chunk = 500;
/** Revocations asked for at once. */
const atOnce = 8;

/**
 * P8: messages found by a search, revoked as an integration does: page by page, several at once, and broken off half way, in the middle of a
 * page, to go on with the page whose cursor was written down. Beside it single messages are revoked.
 */
export async function measureManyRevocations(bench: Bench): Promise<Measurement[]> {
  const count = bench.quick ? 1_000 : Math.min(100_000, bench.most);
  const signet = await bench.startSignet();
  const database = await signet.connect();
  bench.onEnd(() => database.end());
  const singles = await sentMessages(database, await prepareReaders(bench, signet));
  const revoked: number[] = [];
  const updated: number[] = [];
  const beside: number[] = [];
  const costs: string[] = [];
  await repeat(bench.repetitions, async (round) => {
    const sender = `revoked-${round}@acme.example`;
    const sameMany = `reference-${round}@acme.example`;
    await plantMessages(database, { sender, count }, { expired: false });
    const before = signet.cpu();
    const all = revokeAll(signet, sender, count);
    beside.push(percentile(await revokeSingles(signet, singles, all), 99));
    revoked.push(await all);
    const after = signet.cpu();
    const cost = (part: 'api' | 'worker' | 'postgres') => `${part} ${((1_000 * (after[part] - before[part])) / count).toFixed(2)}`;
    costs.push(`${cost('api')}, ${cost('worker')}, ${cost('postgres')}`);
    await requireRevoked(database, sender, count);
    await plantMessages(database, { sender: sameMany, count }, { expired: false });
    updated.push(await updateAll(database, sameMany, count));
    for (const { id } of singles) await changeAccess(signet, id, 'restoration');
    bench.say(
      `  ${count} revoked in ${revoked.at(-1)?.toFixed(1)} s, one UPDATE ${updated.at(-1)?.toFixed(2)} s; p99 of a single one beside ${beside.at(-1)?.toFixed(1)} ms`,
    );
  });
  const ratio = median(revoked) / median(updated);
  return [
    {
      row: 'P8',
      what: `revoke ${count.toLocaleString('en')} messages found by a search`,
      unit: 's',
      ours: median(revoked),
      runs: revoked,
      reference: { what: 'one UPDATE of as many rows, s', median: median(updated), runs: updated },
      goal: { words: '≤ 6×', met: ratio <= 6 },
      notes: [
        `There is no request that revokes many: pages of ${chunk} by cursor, and a request for each message, ${atOnce} at once. Broken off half way and gone on with, each message is revoked once.`,
        `CPU of one revocation in ms, each time: ${costs.join('; ')}.`,
      ],
    },
    {
      row: 'P8',
      what: 'p99 of revoking a single message meanwhile',
      unit: 'ms',
      ours: median(beside),
      runs: beside,
      reference: null,
      goal: { words: '≤ 50 ms', met: median(beside) <= 50 },
      notes: ['Four a second, each of a message with ten recipients.'],
    },
  ];
}

/** @returns seconds */
async function revokeAll(signet: BenchSignet, sender: string, count: number): Promise<number> {
  const begin = performance.now();
  const place = await revokeFrom(signet, sender, null, Math.floor(count / 2) + Math.floor(chunk / 2));
  if (place.isOver) throw new Error('All was revoked before it could be broken off.');
  const rest = await revokeFrom(signet, sender, place.cursor, Number.POSITIVE_INFINITY);
  if (!rest.isOver) throw new Error('It did not come to an end.');
  return (performance.now() - begin) / 1_000;
}

/** Where a run over all that a search finds has come to: the page that it was at, whose messages may be revoked or not. */
interface Place {
  readonly cursor: string | null;
  readonly isOver: boolean;
}

/** @param most messages after which it is broken off. */
async function revokeFrom(signet: BenchSignet, sender: string, from: string | null, most: number): Promise<Place> {
  let cursor = from;
  let done = 0;
  for (;;) {
    const page = await findMessages(signet, { sender, limit: String(chunk), ...(cursor === null ? {} : { cursor }) });
    const left = page.ids.slice(0, most - done);
    const next = left.values();
    await Promise.all(
      Array.from({ length: atOnce }, async () => {
        for (const id of next) await changeAccess(signet, id, 'revocation');
      }),
    );
    done += left.length;
    if (left.length < page.ids.length) return { cursor, isOver: false };
    if (page.nextCursor === null) return { cursor, isOver: true };
    cursor = page.nextCursor;
  }
}

/** Revokes one message after the other, four a second, until something is over. @returns milliseconds each */
async function revokeSingles(signet: BenchSignet, messages: readonly SentMessage[], until: Promise<unknown>): Promise<number[]> {
  const over = new AbortController();
  const end = () => over.abort();
  until.then(end, end);
  const times: number[] = [];
  while (!over.signal.aborted) {
    const round = Math.floor(times.length / messages.length);
    const message = messages[times.length % messages.length];
    if (message === undefined) throw new Error('There is no message to revoke.');
    times.push(await changeAccess(signet, message.id, round % 2 === 0 ? 'revocation' : 'restoration'));
    await sleep(250);
  }
  return times;
}

/** @throws where a message is not revoked, or more than once */
async function requireRevoked(database: Client, sender: string, count: number): Promise<void> {
  const { rows } = await database.query<{ revoked: number; times: number }>(
    `select count(*) filter (where r.revoked_at is not null)::int as revoked,
       (select count(*)::int from revocation v join message m on m.organization_id = v.organization_id and m.id = v.message_uid where m.sender = $1) as times
     from message m join recipient r on r.organization_id = m.organization_id and r.message_uid = m.id where m.sender = $1`,
    [sender],
  );
  const [found] = rows;
  if (found?.revoked !== count || found.times !== count)
    throw new Error(`Of ${count} messages ${found?.revoked} are revoked, in ${found?.times} revocations.`);
}

/** The reference: one statement that sets what a revocation sets of a recipient. @returns seconds */
async function updateAll(database: Client, sender: string, count: number): Promise<number> {
  const begin = performance.now();
  const { rowCount } = await database.query(
    `update recipient r set revoked_at = statement_timestamp(), revoked_by = '{"kind":"integration","id":null,"address":null,"name":"bench"}', revoke_reason = null
     from message m where m.sender = $1 and r.organization_id = m.organization_id and r.message_uid = m.id`,
    [sender],
  );
  if (rowCount !== count) throw new Error(`The reference changed ${rowCount} recipients of ${count}.`);
  return (performance.now() - begin) / 1_000;
}
