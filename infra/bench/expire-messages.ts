import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import { bookBySetBasedSql, expiryEntries, plantMessages } from './expiring-messages.ts';
import type { PlantedMessages } from './expiring-messages.ts';
import { median, percentile, repeat } from './measurement.ts';
import type { Bench, Measurement } from './measurement.ts';
import { openAtRate, prepareReaders } from './opening.ts';

/** An eighth of what the api opens where nothing else is to be done: so that what is seen is the expiry and not the openings. */
const openingsPerSecond = 50;
/** How often the worker looks for what has expired, in seconds, and some more. */
const nextSweep = 7;

/**
 * P13: messages that expire all within one minute. How long it is until each has its `MessageExpire`, and what those wait meanwhile who
 * open other messages.
 */
export async function measureExpiry(bench: Bench): Promise<Measurement[]> {
  const count = bench.quick ? 2_000 : 100_000;
  const seconds = bench.quick ? 2 : 30;
  const signet = await bench.startSignet();
  const links = await prepareReaders(bench, signet);
  const database = await signet.connect();
  bench.onEnd(() => database.end());
  // This Signet is younger than the minute in which its messages expire.
  await database.query(`update tracking_period set started_at = started_at - interval '1 hour'`);

  const openUntil = (over: Promise<unknown>) => openAtRate(signet, links, openingsPerSecond, over);
  await openUntil(sleep(2_000));
  const alone: number[] = [];
  const beside: number[] = [];
  const booked: number[] = [];
  const bySql: number[] = [];
  await repeat(bench.repetitions, async (round) => {
    const messages = { sender: `expiring-${round}@acme.example`, count };
    const sameMany = { sender: `reference-${round}@acme.example`, count };
    alone.push(percentile(await openUntil(sleep(seconds * 1_000)), 99));
    await plantMessages(database, messages, { expired: true });
    const booking = timeUntilBooked(database, messages);
    beside.push(percentile(await openUntil(booking), 99));
    booked.push(await booking);
    await plantMessages(database, sameMany, { expired: false });
    const begin = performance.now();
    await bookBySetBasedSql(database, sameMany, messages);
    bySql.push((performance.now() - begin) / 1_000);
    await sleep(nextSweep * 1_000);
    for (const each of [messages, sameMany]) await requireOneEach(database, each);
    bench.say(
      `  booked in ${booked.at(-1)?.toFixed(1)} s, SQL ${bySql.at(-1)?.toFixed(1)} s; p99 of an opening ${beside.at(-1)?.toFixed(1)} ms beside, ${alone.at(-1)?.toFixed(1)} ms alone`,
    );
  });
  return [
    {
      row: 'P13',
      what: `${count} messages expire within a minute, until each has its entry`,
      unit: 's',
      ours: median(booked),
      runs: booked,
      reference: { what: 'one SQL statement leaving the same rows, s', median: median(bySql), runs: bySql },
      goal: null,
      notes: [
        'From the commit by which they have expired, found by a sweep every five seconds, to the last entry, with the openings of the other figure beside. Exactly one entry each, counted after one more sweep.',
        'The reference hashes nothing, and nothing of it goes through outbox, queue and process.',
      ],
    },
    {
      row: 'P13',
      what: `p99 of opening another message meanwhile (${openingsPerSecond}/s, open loop)`,
      unit: 'ms',
      ours: median(beside),
      runs: beside,
      reference: { what: 'the same with nothing expiring, ms', median: median(alone), runs: alone },
      goal: null,
      notes: ['From the moment the opening was due to the body’s last byte.'],
    },
  ];
}

/** How long the last ones may be waited for, in milliseconds: an event whose job broke is handed on again once its lease of a minute is over. */
const patience = 150_000;

/** @returns seconds. @throws when no more are booked for longer than that */
async function timeUntilBooked(database: Client, messages: PlantedMessages): Promise<number> {
  const begin = performance.now();
  let known = -1;
  for (let deadline = Date.now() + patience; Date.now() < deadline;) {
    const { entries } = await expiryEntries(database, messages);
    if (entries >= messages.count) return (performance.now() - begin) / 1_000;
    if (entries > known) deadline = Date.now() + patience;
    known = entries;
    // Counting costs the database: not too often.
    await sleep(250);
  }
  throw new Error(`Of ${messages.count} expired messages ${known} have an entry.`);
}

async function requireOneEach(database: Client, each: PlantedMessages): Promise<void> {
  const { entries, messages } = await expiryEntries(database, each);
  if (entries !== each.count || messages !== each.count)
    throw new Error(`${each.count} messages expired, and ${messages} of them have ${entries} entries.`);
}
