import { setTimeout as sleep } from 'node:timers/promises';
import type { Database, OrganizationScope } from '@signet/db/database';
import { leaseWebhooks, nextWebhookRequest, returnWebhook, type HeldWebhook, type WebhookRequest } from '@signet/db/webhook-sending';
import { noteWebhookOutcome, type WebhookOutcome } from '@signet/db/webhook-outcome';
import { readCheckpointText } from '@signet/domain/log/checkpoint';
import { readNote } from '@signet/domain/log/signed-note';
import { webhookPause } from '@signet/domain/webhook';
import type { Vault } from '@signet/vault/vault';
import type { Logger } from 'pino';
import { Webhook } from 'standardwebhooks';
import { wordsOf } from './error-words.ts';
import { postToReceiver, type ReceiverOptions } from './webhook-receiver.ts';

/** Receivers that are spoken to at once, one request to each. */
const LANES = 20;
/** Requests to one receiver, and milliseconds after which no other is begun, before others have their turn. */
const TURN = { requests: 20, milliseconds: 15_000 } as const;
/** Milliseconds until it is looked again what is due, while some are in hand. */
const LOOK_AGAIN = 1_000;

export interface WebhookSending {
  readonly database: Database;
  readonly vault: Vault;
  readonly logger: Pick<Logger, 'warn' | 'error'>;
  readonly receivers: ReceiverOptions;
}

/**
 * Sends what is due to all receivers, each in the order of its log, until nothing is due and nothing is in hand. One that is slow holds no
 * other one up.
 * @returns how many requests were answered well.
 */
export async function sendWebhooks(sending: WebhookSending, stopping: AbortSignal): Promise<number> {
  const inHand = new Set<Promise<void>>();
  let taken = 0;
  for (;;) {
    const free = stopping.aborted ? 0 : LANES - inHand.size;
    const due = free > 0 ? await leaseWebhooks(sending.database.system, free) : [];
    for (const held of due) {
      const work = serve(sending, held, stopping)
        .then((count) => void (taken += count))
        // The database is away: its lease ends, and then it is tried again.
        .catch((error: unknown) => sending.logger.warn({ webhook: held.id, error: wordsOf(error) }, 'A webhook could not be served'))
        .finally(() => inHand.delete(work));
      inHand.add(work);
    }
    if (inHand.size === 0) return taken;
    if (stopping.aborted) await Promise.all(inHand);
    else await Promise.race([...inHand, sleep(LOOK_AGAIN, undefined, { signal: stopping }).catch(() => undefined)]);
  }
}

async function serve(sending: WebhookSending, held: HeldWebhook, stopping: AbortSignal): Promise<number> {
  const scope = sending.database.forOrganization(held.organizationId);
  let taken = 0;
  let isDone = false;
  const end = Date.now() + TURN.milliseconds;
  while (!isDone && taken < TURN.requests && Date.now() < end && !stopping.aborted) {
    const request = await nextWebhookRequest(scope, held);
    if (request && (await send(sending, scope, held, request, stopping))) taken += 1;
    else isDone = true;
  }
  await returnWebhook(scope, held);
  return taken;
}

/** Sends one request and notes what came of it. @returns whether to go on. */
async function send(
  { vault, receivers, logger }: WebhookSending,
  scope: OrganizationScope,
  held: HeldWebhook,
  request: WebhookRequest,
  stopping: AbortSignal,
): Promise<boolean> {
  const sentAt = new Date();
  let outcome: WebhookOutcome;
  try {
    const body = bodyOf(request, held, sentAt);
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'Signet',
      'webhook-id': request.eventId,
      'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1000)),
      'webhook-signature': await sign(vault, held, request, { body, sentAt }),
    };
    const answer = await postToReceiver(request.url, { body, headers }, receivers, stopping);
    outcome = outcomeOf(request, sentAt, answer.status, refusalOf(answer.status, answer.cut));
  } catch (error) {
    // Whether it arrived is not known: it is sent again, by the next process.
    if (stopping.aborted) return false;
    outcome = outcomeOf(request, sentAt, null, wordsOf(error));
  }
  if (outcome.failure !== null)
    logger.error({ webhook: held.id, organization: held.organizationId, failure: outcome.failure }, 'A webhook was disabled');
  return noteWebhookOutcome(scope, held, request, outcome);
}

/** One signature with each secret. @throws when one cannot be opened. */
async function sign(
  vault: Vault,
  held: HeldWebhook,
  { secrets, eventId }: WebhookRequest,
  { body, sentAt }: { readonly body: string; readonly sentAt: Date },
): Promise<string> {
  const context = { organizationId: held.organizationId, purpose: 'webhook-secret', id: held.id } as const;
  const signatures = await Promise.all(
    secrets.map(async ({ sealed, organizationKey }) => {
      const secret = await vault.openSecret(organizationKey, context, sealed);
      return new Webhook(secret, { format: 'raw' }).sign(eventId, sentAt, body);
    }),
  );
  return signatures.join(' ');
}

function bodyOf({ batch, body, sending }: WebhookRequest, { id }: HeldWebhook, now: Date): string {
  if (body !== null) return body;
  if (sending !== null) {
    const data = { checkpoints: sending.checkpoints.map(shownCheckpoint) };
    return JSON.stringify({ type: 'log.checkpoint', timestamp: sending.at.toISOString(), data });
  }
  if (batch === null) return JSON.stringify({ type: 'webhook.test', timestamp: now.toISOString(), data: { webhookId: id } });
  // The same text at each attempt: a batch has the time at which its last entry was recorded.
  const { entries, removed } = batch;
  const timestamp = entries.at(-1)?.recordedAt;
  return JSON.stringify({ type: 'audit.entries', timestamp, data: { entries, ...(removed.length > 0 && { removed: removed.map(told) }) } });
}

/** What the note says, beside the note itself: who only keeps it need not read it. */
function shownCheckpoint({ stream, note }: NonNullable<WebhookRequest['sending']>['checkpoints'][number]) {
  const { origin, size, root } = readCheckpointText(readNote(note).text);
  return { stream, origin, size, root: Buffer.from(root).toString('hex'), note };
}

/** Places that have nothing any more, and why: a receiver that counts them is told what it misses. */
function told({ firstIndex, lastIndex, removal }: NonNullable<WebhookRequest['batch']>['removed'][number]) {
  return { firstIndex, lastIndex, at: removal?.at.toISOString() ?? null, cause: removal?.cause ?? null, record: removal?.record ?? null };
}

function refusalOf(status: number, cut: string): string | null {
  if (status >= 200 && status < 300) return null;
  if (status >= 300 && status < 400) return `${status}: redirects are not followed`;
  return cut === '' ? String(status) : `${status}: ${cut}`;
}

function outcomeOf({ attempts, kind }: WebhookRequest, sentAt: Date, status: number | null, error: string | null): WebhookOutcome {
  if (error === null || kind === 'test') return { sentAt, status, error, retrySeconds: null, failure: null };
  const retrySeconds = status === 410 ? null : webhookPause(attempts + 1);
  const failure = status === 410 ? 'gone' : retrySeconds === null ? 'failing' : null;
  return { sentAt, status, error, retrySeconds, failure };
}
