import { setTimeout as sleep } from 'node:timers/promises';
import type { Database, OrganizationScope } from '@signet/db/database';
import {
  leaseSyslog,
  nextSyslogBatch,
  noteSyslogOutcome,
  returnSyslog,
  type HeldSyslog,
  type SyslogBatch,
} from '@signet/db/syslog-sending';
import { syslogFrame, syslogOfCheckpoint, syslogOfEntry, syslogOfTest } from '@signet/domain/syslog';
import { webhookPause } from '@signet/domain/webhook';
import type { Vault } from '@signet/vault/vault';
import type { Logger } from 'pino';
import { wordsOf } from './error-words.ts';
import { sendFrames, type SyslogOptions, type SyslogReceiver } from './syslog-receiver.ts';

/** Receivers that are spoken to at once, one connection to each. */
const LANES = 10;
/** Batches to one receiver, and milliseconds after which no other is begun, before others have their turn. */
const TURN = { batches: 20, milliseconds: 15_000 } as const;
/** Milliseconds until it is looked again what is due, while some are in hand. */
const LOOK_AGAIN = 1_000;

export interface SyslogSending {
  readonly database: Database;
  readonly vault: Vault;
  readonly logger: Pick<Logger, 'warn' | 'error'>;
  readonly receivers: SyslogOptions;
  /** Where people reach Signet: its host name stands in each message. */
  readonly publicUrl: string;
}

/**
 * Sends what is due to all syslog destinations, each in the order of its log, until nothing is due and nothing is in hand. One that is slow
 * holds no other one up.
 * @returns how many batches were taken.
 */
export async function sendSyslog(sending: SyslogSending, stopping: AbortSignal): Promise<number> {
  const inHand = new Set<Promise<void>>();
  let taken = 0;
  for (;;) {
    const free = stopping.aborted ? 0 : LANES - inHand.size;
    const due = free > 0 ? await leaseSyslog(sending.database.system, free) : [];
    for (const held of due) {
      const work = serve(sending, held, stopping)
        .then((count) => void (taken += count))
        // The database is away: its lease ends, and then it is tried again.
        .catch((error: unknown) =>
          sending.logger.warn({ syslog: held.id, error: wordsOf(error) }, 'A syslog destination could not be served'),
        )
        .finally(() => inHand.delete(work));
      inHand.add(work);
    }
    if (inHand.size === 0) return taken;
    if (stopping.aborted) await Promise.all(inHand);
    else await Promise.race([...inHand, sleep(LOOK_AGAIN, undefined, { signal: stopping }).catch(() => undefined)]);
  }
}

async function serve(sending: SyslogSending, held: HeldSyslog, stopping: AbortSignal): Promise<number> {
  const scope = sending.database.forOrganization(held.organizationId);
  let taken = 0;
  let isDone = false;
  const end = Date.now() + TURN.milliseconds;
  while (!isDone && taken < TURN.batches && Date.now() < end && !stopping.aborted) {
    const batch = await nextSyslogBatch(scope, held);
    if (batch && (await send(sending, scope, held, batch, stopping))) taken += 1;
    else isDone = true;
  }
  await returnSyslog(scope, held);
  return taken;
}

/** Sends one batch and notes what came of it. @returns whether to go on. */
async function send(
  { vault, receivers, logger, publicUrl }: SyslogSending,
  scope: OrganizationScope,
  held: HeldSyslog,
  batch: SyslogBatch,
  stopping: AbortSignal,
): Promise<boolean> {
  const { host, port, certificateAuthority } = batch;
  let error: string | null = null;
  try {
    const frames = Buffer.from(framesOf(batch, held, new URL(publicUrl).hostname), 'latin1');
    const client = await openClient(vault, held, batch);
    // Where nothing but erased places follow, there is nothing to say.
    if (frames.length > 0) await sendFrames({ host, port, certificateAuthority, client }, frames, receivers, stopping);
  } catch (failure) {
    // Whether it arrived is not known: it is sent again, by the next process.
    if (stopping.aborted) return false;
    error = wordsOf(failure);
  }
  const retrySeconds = error === null ? null : webhookPause(batch.attempts + 1);
  if (error !== null && retrySeconds === null && !('testId' in batch.what))
    logger.error({ syslog: held.id, organization: held.organizationId, error }, 'A syslog destination was disabled');
  return noteSyslogOutcome(scope, held, batch, { error, retrySeconds });
}

/** @throws when the key of its certificate is missing, or cannot be opened. */
async function openClient(vault: Vault, held: HeldSyslog, { client }: SyslogBatch): Promise<SyslogReceiver['client']> {
  if (client === null) return null;
  const { certificate, key } = client;
  if (key === null) throw new Error('The key of the client certificate is missing');
  const context = { organizationId: held.organizationId, purpose: 'syslog-client-key', id: held.id } as const;
  return { certificate, key: Buffer.from(await vault.openSecret(key.organizationKey, context, key.sealed)).toString('utf8') };
}

function framesOf({ what, maxMessageBytes }: SyslogBatch, { organizationId }: HeldSyslog, host: string): string {
  if ('testId' in what) return syslogFrame(syslogOfTest({ id: what.testId, organizationId, at: new Date().toISOString(), host }));
  if ('sendingId' in what) {
    const facts = { sendingId: what.sendingId, at: what.at.toISOString(), organizationId, host };
    return what.checkpoints.map((checkpoint) => syslogFrame(syslogOfCheckpoint({ ...facts, ...checkpoint }))).join('');
  }
  return what.entries.map((entry) => syslogFrame(syslogOfEntry(entry, { host, maxBytes: maxMessageBytes }))).join('');
}
