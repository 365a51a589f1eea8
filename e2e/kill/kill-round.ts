import { setTimeout as sleep } from 'node:timers/promises';
import type { Chance } from './chance.ts';
import { OutboxClock } from './outbox-clock.ts';
import { Readers } from './readers.ts';
import { RoundLedger } from './round-ledger.ts';
import type { RunningSystem } from './running-system.ts';
import { sendMessages } from './send-messages.ts';
import { compareBlobs } from './stored-blobs.ts';
import { strike, type Victim } from './strike.ts';
import type { LogVerifier } from './verify-log.ts';
import { verifyRound, type RoundFindings } from './verify-round.ts';

const MESSAGES = 200;

/** A round that is not over by then has lost something, in milliseconds. */
const ROUND = 240_000;

/** What a round did, in figures. */
export interface RoundResult extends RoundFindings {
  readonly how: string;
  /** Messages that were sent more than once until they got 250. */
  readonly sentAgain: number;
  /** Wrapper mails that a killed worker was sending. */
  readonly cutOff: number;
  /** Wrapper mails that arrived, and whose answer no worker could record. */
  readonly unrecorded: number;
  readonly orphans: number;
  readonly seconds: number;
}

/** 200 messages come in and are read, one part is killed meanwhile; then everything is verified. */
export async function killRound(
  system: RunningSystem,
  logs: LogVerifier,
  { round, victim, chance }: { round: number; victim: Victim; chance: Chance },
): Promise<RoundResult> {
  const begun = Date.now();
  const deadline = begun + ROUND;
  const ledger = new RoundLedger(round, MESSAGES, chance);
  const readers = new Readers(system, ledger, deadline);
  const moment = chance.fraction();
  const arrived = () => [...system.nextHop.wrappers.values()].filter(({ subject }) => ledger.bySubject.has(subject));
  const hasArrived = (recipient: string) => arrived().some(({ messageIds }) => messageIds[0]?.startsWith(`<w-${recipient}@`));
  const clock = new OutboxClock(system, hasArrived);
  // Each part is killed somewhere within its own work; what all need, within all of it.
  const progress = () => {
    const gateway = ledger.accepted / MESSAGES;
    const worker = arrived().length / ledger.expected;
    const api = readers.opened / ledger.expected;
    const all = (gateway + worker + api) / 3;
    return { gateway, worker, api, queue: all, jobs: all, PostgreSQL: all }[victim];
  };
  const traffic = Promise.all([sendMessages(system.account, ledger.messages, deadline), readers.readAll()]);
  const killing = async () => {
    while (progress() < moment * 0.95 && Date.now() < deadline) await sleep(5);
    await sleep(chance.below(40));
    if (victim === 'api') ledger.apiKilledAt = Date.now();
    const done = await kill(system, victim, { chance, clock });
    await clock.passWhile(traffic);
    return done;
  };
  const [how] = await Promise.all([killing(), traffic]).catch(async (error: unknown) => {
    const unread = arrived().filter(({ token }) => ledger.reading(token).accessIds.length === 0);
    const words = `Killing ${victim}: ${ledger.accepted} accepted, ${arrived().length} wrapper mails, unread ${JSON.stringify(unread)}, outbox ${await clock.story()}`;
    throw new Error(words, { cause: error });
  });

  await clock.rest(deadline);
  // What was read before the kill is read once more after it.
  for (const wrapper of new Map(arrived().map((each) => [each.subject, each])).values()) await readers.read(wrapper);
  await clock.rest(deadline);

  const findings = await verifyRound(system, ledger, new Set([...clock.cutOff, ...clock.unrecorded]));
  const { orphans, missing } = await compareBlobs(system);
  const faults = [...findings.faults, ...missing.map((id) => `${id} has no blob`), ...(await logs.verify())];
  const sentAgain = ledger.messages.filter(({ times }) => times > 1).length;
  return {
    ...findings,
    faults,
    how: `${how} at ${Math.round(moment * 95)} %`,
    sentAgain,
    cutOff: clock.cutOff.size,
    unrecorded: clock.unrecorded.size,
    orphans: orphans.length,
    seconds: (Date.now() - begun) / 1000,
  };
}

/** @returns what was done, in words. */
async function kill(system: RunningSystem, victim: Victim, { chance, clock }: { chance: Chance; clock: OutboxClock }): Promise<string> {
  const struck = await strike(system, victim, chance);
  if (victim === 'worker') await clock.endClaimsOfTheDead();
  return struck.back();
}
