import { setTimeout as sleep } from 'node:timers/promises';
import { type SystemScope } from '@signet/db/database';
import { DatabaseUnavailableError } from '@signet/db/database-unavailable-error';
import { failBrokenRow } from '@signet/db/outbox';
import { wordsOf } from './error-words.ts';

/** Mails of one job that are sent at once. With the jobs worked on at once it makes the sessions that a next hop sees. */
export const MAIL_LANES = 5;

/**
 * Works on rows in a few lanes, each row by itself, and begins none once the process ends. A row whose work throws gets
 * that booked as a failed attempt; while the database is away nothing can be booked, and the error goes on to the caller
 * once the other rows are through.
 */
export async function inLanes(
  system: SystemScope,
  ids: readonly string[],
  stopping: AbortSignal,
  work: (id: string) => Promise<void>,
): Promise<void> {
  const waiting = [...ids];
  const broken: unknown[] = [];
  const lane = async () => {
    for (let id = waiting.shift(); id !== undefined && !stopping.aborted; id = waiting.shift()) {
      try {
        await work(id);
      } catch (error) {
        if (error instanceof DatabaseUnavailableError) broken.push(error);
        else await failBrokenRow(system, id, wordsOf(error)).catch((failure: unknown) => broken.push(failure));
      }
    }
  };
  await Promise.all(Array.from({ length: MAIL_LANES }, lane));
  if (broken.length > 0) throw broken[0];
}

/** Pauses between tries to record an answer, in milliseconds: longer than a database takes to restart. */
const pauses = [200, 500, 1_000, 2_000, 5_000, 10_000, 10_000];

/**
 * Records what the next hop answered, through a restart of the database or a deadlock: an answer that is lost means that
 * the mail goes out again.
 */
export async function recordAnswer(record: () => Promise<void>): Promise<void> {
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
