import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { environment } from '../env.ts';
import { Chance } from '../kill/chance.ts';
import { EventLoad } from '../kill/event-load.ts';
import { FeedFollower } from '../kill/feed-follower.ts';
import { startSystem, type RunningSystem } from '../kill/running-system.ts';
import { ServedCheckpoints } from '../kill/served-checkpoints.ts';
import { strike, type Victim } from '../kill/strike.ts';
import { untilSealed, verifyTrail, type TrailFindings, type Watchers } from '../kill/verify-trail.ts';

const { ROUNDS: rounds = 20, SEED: seed = Math.floor(Math.random() * 2 ** 32) } = environment;
/** The queue is lost in two ways, its process and all it holds. */
const victims = ['api', 'worker', 'queue', 'jobs', 'PostgreSQL'] as const;

/** Events that must be acknowledged before the next kill: it strikes a system at work. */
const AT_WORK = 500;
/** The kill comes within so many milliseconds after that. */
const MOMENT = 2_000;
/** A round that has not come so far by then has lost something, in milliseconds. */
const ROUND = 180_000;

test('whatever is killed while 1,000 events a second come in: each that was acknowledged is in the log once, and no checkpoint that was ever served is contradicted', async () => {
  test.setTimeout(600_000 + rounds * ROUND);
  const chance = new Chance(seed);
  console.log(`Crash test of ${rounds} rounds, SEED=${seed}`);
  const system = await startSystem(chance);
  try {
    const [first] = await system.query<{ organization_id: string }>('select organization_id from message');
    const organizationId = first?.organization_id ?? '';
    const load = new EventLoad(system.api, seed);
    const feed = new FeedFollower(system.api, (id) => load.placeOf(id));
    const watchers = { load, feed, checkpoints: new ServedCheckpoints(system.api, organizationId) };
    const kills = chance.many(victims, rounds);
    await killAll(system, watchers, { kills, chance });
    await load.stop();
    await untilSealed(system, watchers);
    await Promise.all([feed.stop(), watchers.checkpoints.stop()]);
    const findings = await verifyTrail(system, organizationId, watchers);
    console.log(sumOf(kills, watchers, findings));
    expect(findings.faults, `SEED=${seed}`).toEqual([]);
  } finally {
    await system.stop();
  }
});

/** Kills one part after the other. One that nothing is answered without comes back first; what the others do meanwhile waits for nobody. */
async function killAll(system: RunningSystem, watchers: Watchers, { kills, chance }: { kills: readonly Victim[]; chance: Chance }) {
  const returning = new Map<string, Promise<void>>();
  for (const [index, victim] of kills.entries()) {
    // Whose process is away cannot be killed; what the queue holds can only be wiped where there is one.
    const part = victim === 'jobs' ? 'queue' : victim;
    await returning.get(part);
    const moment = chance.below(MOMENT);
    await atWork(watchers);
    await sleep(moment);
    const struck = await strike(system, victim, chance);
    const back = struck.back().then((how) => console.log(`  ${how}`));
    // Somebody listens to what goes wrong until it is waited for.
    back.catch(() => undefined);
    returning.set(part, back);
    const { load, feed, checkpoints } = watchers;
    const faults = [...load.faults, ...feed.faults, ...checkpoints.faults];
    expect(faults, `SEED=${seed}, round ${index + 1}, ${victim}`).toEqual([]);
    console.log(`${index + 1}/${rounds}: ${victim} after ${moment} ms of ${load.figures.acknowledged} events, ${feed.size} places read`);
  }
  await Promise.all(returning.values());
}

/** Waits until events are acknowledged again. */
async function atWork({ load }: Watchers): Promise<void> {
  const before = load.figures.acknowledged;
  for (const end = Date.now() + ROUND; load.figures.acknowledged < before + AT_WORK; await sleep(20)) {
    if (Date.now() > end) throw new Error(`No events are acknowledged: ${JSON.stringify([load.figures, load.faults])}`);
  }
}

function sumOf(kills: readonly Victim[], { load, feed, checkpoints }: Watchers, findings: TrailFindings): string {
  const { figures, rate } = load;
  const byKind = victims.map((victim) => `${kills.filter((each) => each === victim).length} ${wordsOf[victim]}`).join(', ');
  const { present, ofGivenUp, twice, sizes } = findings;
  return [
    `${kills.length} kills: ${byKind}; SEED=${seed}`,
    `${figures.acknowledged} events acknowledged (${rate.toFixed(0)} came in each second), ${present - ofGivenUp} of them in the log, ${twice} more than once`,
    `${figures.cut} requests without an answer, ${figures.tooMany} with 429, ${figures.unavailable} with 503; sent again, ${figures.takenLater} were new and ${figures.knownLater} known; ${figures.givenUp} were given up, and ${ofGivenUp} of their events are there`,
    `${figures.repeated} acknowledged requests sent once more, all of them known`,
    `the feed: ${feed.size} places read without a gap, ${feed.cut} times broken off`,
    `checkpoints served: ${checkpoints.count('audit')} of ${sizes.audit} audit entries, ${checkpoints.count('admin')} of ${sizes.admin} admin records, each a beginning of the last one’s log`,
    ...findings.faults.slice(0, 20),
  ].join('\n');
}

const wordsOf = {
  api: 'of the api',
  worker: 'of the worker',
  queue: 'of the queue’s process',
  jobs: 'of all that the queue held',
  PostgreSQL: 'of PostgreSQL',
} as const;
