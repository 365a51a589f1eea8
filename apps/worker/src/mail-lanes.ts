import { setTimeout as sleep } from 'node:timers/promises';
import { type SystemScope } from '@signet/db/database';
import { DatabaseUnavailableError } from '@signet/db/database-unavailable-error';
import { failBrokenRow } from '@signet/db/outbox';
import type { NextHopAnswer } from '@signet/domain/delivery';
import { wordsOf } from './error-words.ts';
import type { NextHop, OutgoingMail } from './next-hop.ts';

/** Mails of one job that are sent at once. With the jobs worked on at once it makes the sessions that a next hop sees. */
export const MAIL_LANES = 5;

/**
 * Works on rows in a few lanes, each row by itself, and begins none once the process ends. A row whose work throws gets
 * that booked as a failed attempt; while the database is away nothing can be booked, and the error goes on to the caller
 * once the other rows are through.
 * @param work says whether the row is dead now.
 */
export async function inLanes(
  system: SystemScope,
  ids: readonly string[],
  stopping: AbortSignal,
  work: (id: string) => Promise<boolean>,
  onGivenUp: (id: string) => void,
): Promise<void> {
  const waiting = [...ids];
  const broken: unknown[] = [];
  const lane = async () => {
    for (let id = waiting.shift(); id !== undefined && !stopping.aborted; id = waiting.shift()) {
      try {
        const isGivenUp = await work(id).catch((error: unknown) => {
          if (error instanceof DatabaseUnavailableError) throw error;
          return failBrokenRow(system, id, wordsOf(error));
        });
        if (isGivenUp) onGivenUp(id);
      } catch (error) {
        broken.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: MAIL_LANES }, lane));
  if (broken.length > 0) throw broken[0];
}

/** Hands a mail over that has to be made first. One that cannot be made now waits like one that the next hop does not take now. */
export async function handOver(nextHop: NextHop, compose: () => Promise<OutgoingMail>): Promise<NextHopAnswer> {
  let mail: OutgoingMail;
  try {
    mail = await compose();
  } catch (error) {
    return { delivery: 'Deferred', response: `The mail cannot be made now: ${wordsOf(error)}` };
  }
  return nextHop.send(mail);
}

/** Pauses between tries to record an answer, in milliseconds: longer than a database takes to restart. */
const pauses = [200, 500, 1_000, 2_000, 5_000, 10_000, 10_000];

/**
 * Records what the next hop answered, through a restart of the database or a deadlock: an answer that is lost means that
 * the mail goes out again.
 */
export async function recordAnswer<T>(record: () => Promise<T>): Promise<T> {
  for (const pause of pauses) {
    try {
      return await record();
    } catch (error) {
      if (!mayPass(error)) throw error;
      await sleep(pause);
    }
  }
  return record();
}

/** The database is away, or another transaction and this one waited for each other (40P01). */
function mayPass(error: unknown): boolean {
  return error instanceof DatabaseUnavailableError || (error instanceof Error && 'code' in error && error.code === '40P01');
}
