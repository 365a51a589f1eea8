import { expect, test } from '@playwright/test';
import { environment } from '../env.ts';
import { Chance } from '../kill/chance.ts';
import { killRound, type RoundResult } from '../kill/kill-round.ts';
import { startSystem, type RunningSystem } from '../kill/running-system.ts';
import { ageBlobs, compareBlobs } from '../kill/stored-blobs.ts';
import { LogVerifier } from '../kill/verify-log.ts';

const { ROUNDS: rounds = 10, SEED: seed = Math.floor(Math.random() * 2 ** 32) } = environment;
const victims = ['gateway', 'api', 'worker', 'queue', 'jobs', 'PostgreSQL'] as const;

test('whatever is killed while messages come in and are read: nothing is lost, nothing is there twice, and it goes on by itself', async () => {
  test.setTimeout(120_000 + rounds * 300_000);
  const chance = new Chance(seed);
  console.log(`Kill test of ${rounds} rounds, SEED=${seed}`);
  const system = await startSystem(chance);
  try {
    const [first] = await system.query<{ organization_id: string }>('select organization_id from message');
    const logs = new LogVerifier(system, first?.organization_id ?? '');
    const results: RoundResult[] = [];
    for (const [index, victim] of chance.many(victims, rounds).entries()) {
      const result = await killRound(system, logs, { round: index + 1, victim, chance });
      results.push(result);
      console.log(`${index + 1}/${rounds}: ${lineOf(result)}`);
      expect(result.faults, `SEED=${seed}, round ${index + 1}, ${result.how}`).toEqual([]);
    }
    console.log(sumOf(results, logs));
    await sweepOrphans(system);
  } finally {
    await system.stop();
  }
});

/** After the sweep, which a worker runs when it starts, every blob has its message and every message its blob. */
async function sweepOrphans(system: RunningSystem): Promise<void> {
  const before = await compareBlobs(system);
  ageBlobs(system);
  const times = system.timesBack('worker');
  await system.kill('worker', 'SIGTERM');
  await system.untilBack('worker', times);
  await expect.poll(async () => compareBlobs(system)).toMatchObject({ orphans: [], missing: [], unfinished: [] });
  const after = await compareBlobs(system);
  console.log(
    `Swept ${before.orphans.length} blobs without a message and ${before.unfinished.length} unfinished ones; ${after.blobs} stay`,
  );
  expect(after.blobs).toBe(before.blobs - before.orphans.length);
}

function lineOf(result: RoundResult): string {
  const { how, sentAgain, wrappers, repeats, cutOff, unrecorded, openings, entries, orphans, seconds } = result;
  return `${how}: 200 messages (${sentAgain} sent again), ${wrappers} wrapper mails, ${repeats} repeats of ${cutOff} cut off and ${unrecorded} unrecorded, ${openings} openings, ${entries} entries, ${orphans} orphaned blobs, ${seconds.toFixed(1)} s`;
}

function sumOf(results: readonly RoundResult[], { sizes }: LogVerifier): string {
  const sum = (of: (result: RoundResult) => number) => results.reduce((total, result) => total + of(result), 0);
  return [
    `${results.length} kills, ${200 * results.length} messages with 250, each there once (${sum((each) => each.sentAgain)} were sent again)`,
    `${sum((each) => each.wrappers)} recipients with a wrapper mail, ${sum((each) => each.repeats)} repeats of ${sum((each) => each.cutOff)} sends that a kill cut off and ${sum((each) => each.unrecorded)} whose answer nobody recorded`,
    `${sum((each) => each.openings)} openings; logs of ${sizes.audit} audit entries and ${sizes.admin} admin records, without a gap, every hash right`,
  ].join('\n');
}
