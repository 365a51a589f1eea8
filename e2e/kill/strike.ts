import { setTimeout as sleep } from 'node:timers/promises';
import type { Chance } from './chance.ts';
import type { Part, RunningSystem } from './running-system.ts';

/** A part of the system; the queue is lost in two ways, its process and all it holds. */
export type Victim = Part | 'queue' | 'jobs';

/**
 * Kills a part, and returns once it is dead.
 * @returns `back`, to be called in any case: waits until it is there again, and says in words what was done.
 */
export async function strike(system: RunningSystem, victim: Victim, chance: Chance): Promise<{ readonly back: () => Promise<string> }> {
  const { queue } = system;
  if (victim === 'jobs') {
    await queue.flush();
    return { back: () => Promise.resolve('queue (FLUSHALL)') };
  }
  if (victim === 'queue') {
    await queue.kill();
    const away = chance.below(1_500);
    return {
      back: async () => {
        await sleep(away);
        await queue.startAgain();
        return 'queue (SIGKILL, empty again)';
      },
    };
  }
  const before = system.timesBack(victim);
  // PostgreSQL is killed outright, its processes left to find out; or told to stop at once, without a word to anybody.
  const signal = victim === 'PostgreSQL' ? chance.one(['SIGKILL', 'SIGQUIT'] as const) : 'SIGKILL';
  await system.kill(victim, signal);
  const killedAt = Date.now();
  return {
    back: async () => {
      await system.untilBack(victim, before);
      return `${victim} (${signal}, back after ${((Date.now() - killedAt) / 1000).toFixed(1)} s)`;
    },
  };
}
