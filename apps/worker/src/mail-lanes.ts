import { setTimeout as sleep } from 'node:timers/promises';
import { failBrokenMail } from '@signet/db/broken-mail';
import type { Database } from '@signet/db/database';
import { DatabaseUnavailableError } from '@signet/db/database-unavailable-error';
import { wordsOf } from './error-words.ts';
import type { HopAnswer, OutgoingMail } from './next-hop.ts';

/** Mails of one job that are sent at once. With the jobs worked on at once it makes the sessions that a next hop sees. */
export const MAIL_LANES = 5;

/**
 * Works on rows in a few lanes, each row by itself, and begins none once the process ends. A row whose work throws gets
 * that booked as a failed attempt; while the database is away nothing can be booked, and the error goes on to the caller
 * once the other rows are through.
 * @param work says whether the row is dead now.
 * @param attempts that a row may take; as many as its kind has where it is not given.
 */
export async function inLanes(
  database: Database,
  ids: readonly string[],
  stopping: AbortSignal,
  work: (id: string) => Promise<boolean>,
  onGivenUp: (id: string) => void,
  attempts?: number,
): Promise<void> {
  const waiting = [...ids];
  const broken: unknown[] = [];
  const lane = async () => {
    for (let id = waiting.shift(); id !== undefined && !stopping.aborted; id = waiting.shift()) {
      try {
        const isGivenUp = await work(id).catch((error: unknown) => {
          if (error instanceof DatabaseUnavailableError) throw error;
          const isAnswered = error instanceof LostAnswerError;
          return failBrokenMail(database, id, { error: wordsOf(isAnswered ? error.cause : error), isAnswered, attempts });
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

/**
 * Hands a mail over that has to be made first. One that cannot be made now waits like one that the next hop does not take now. What must
 * stand on no record is taken out of the answer: a server that refuses a mail may quote it.
 */
export async function handOver<M extends Pick<OutgoingMail, 'unrecorded'>>(
  make: () => Promise<M>,
  give: (mail: M) => Promise<HopAnswer>,
): Promise<HopAnswer> {
  let mail: M;
  try {
    mail = await make();
  } catch (error) {
    return { delivery: 'Deferred', response: `The mail cannot be made now: ${wordsOf(error)}` };
  }
  const answer = await give(mail);
  return mail.unrecorded ? { ...answer, response: answer.response.replaceAll(mail.unrecorded, '[not recorded]') } : answer;
}

/** Pauses between tries to record an answer, in milliseconds: longer than a database takes to restart. */
const pauses = [200, 500, 1_000, 2_000, 5_000, 10_000, 10_000];

/** What the next hop answered cannot be recorded; `cause` says why. */
class LostAnswerError extends Error {
  override readonly name = 'LostAnswerError';
}

/**
 * Records what the next hop answered, through a restart of the database or a deadlock: an answer that is lost means that
 * the mail goes out again.
 */
export async function recordAnswer<T>(record: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await record();
    } catch (error) {
      const pause = mayPass(error) ? pauses[tries] : undefined;
      if (pause !== undefined) await sleep(pause);
      else if (error instanceof DatabaseUnavailableError) throw error;
      else throw new LostAnswerError('The answer cannot be recorded', { cause: error });
    }
  }
}

/** The database is away, or another transaction and this one waited for each other (40P01). */
function mayPass(error: unknown): boolean {
  return error instanceof DatabaseUnavailableError || (error instanceof Error && 'code' in error && error.code === '40P01');
}
