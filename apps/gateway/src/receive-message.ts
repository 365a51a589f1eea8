import type { KeyObject } from 'node:crypto';
import type { Actor } from '@signet/domain/audit/entry';
import { acceptCopy, acceptMessage, ExpiryRefusedError, MessageClosedError } from '@signet/db/accept-message';
import { newId } from '@signet/db/database';
import { DatabaseUnavailableError } from '@signet/db/database-unavailable-error';
import type { Database } from '@signet/db/database';
import { loadSubmissionSettings } from '@signet/db/submission';
import type { EnvelopeRecipient } from '@signet/domain/delivery-report';
import type { ParserPool } from '@signet/intake/parser-pool';
import type { Arrival } from '@signet/intake/received-field';
import { submitMessage } from '@signet/intake/submit-message';
import type { MessageStore } from '@signet/intake/submit-message';
import type { Vault } from '@signet/vault/vault';
import { VaultError } from '@signet/vault/vault-error';
import { YoungGarbage } from '@signet/vault/young-garbage';
import type { Logger } from 'pino';
import type { SMTPServerDataStream } from 'smtp-server';
import type { Admission } from './admission.ts';
import { errorFacts } from './error-facts.ts';
import type { GatewayMetrics, MessageOutcome } from './gateway-metrics.ts';
import { expiryAnswers, refusalAnswers, rejectionAnswer, SmtpRefusal, smtpAnswers } from './smtp-answer.ts';
import type { SmtpAnswer } from './smtp-answer.ts';
import { submitterByHeader } from './submitter.ts';
import type { Submitter } from './submitter.ts';

/** What every message needs. */
export interface ReceivingTools {
  readonly database: Database;
  readonly vault: Vault;
  readonly parser: ParserPool;
  readonly loopKeys: readonly KeyObject[];
  readonly maxMessageBytes: number;
  readonly admission: Admission;
  readonly metrics: GatewayMetrics;
  readonly log: Logger;
}

/** One message on its way in, its envelope decided. */
export interface IncomingMessage {
  readonly organizationId: string;
  /** On whose word it may be taken, all of one organization: the header decides. */
  readonly submitters: readonly Submitter[];
  readonly sender: string;
  readonly recipients: readonly EnvelopeRecipient[];
  /** What a message that passes through says of its way here. */
  readonly arrival: Arrival;
  /** Bytes as declared in MAIL, or null. */
  readonly declaredSize: number | null;
  readonly stream: SMTPServerDataStream;
}

/** How the dialogue goes on. `cut`: the client sends far more than the limit, and the connection has to end. */
export type Reception =
  | { readonly kind: 'accepted'; readonly messageId: string; readonly submitter: Submitter }
  | { readonly kind: 'answered'; readonly answer: SmtpAnswer }
  | { readonly kind: 'cut' };

/** One for the process, as its memory is. */
const youngGarbage = new YoungGarbage();

class EndlessMessageError extends Error {
  override readonly name = 'EndlessMessageError';
}

/**
 * Receives one message after DATA. What recipients download is the message as received, with no Received field of Signet's own: the
 * audit trail says better how it came here. A message that passes through has one, before all that it came with.
 *
 * `accepted` comes only from a committed transaction. Whatever fails is answered 4xx or 5xx after the client's last byte, so that
 * the dialogue stays in step.
 */
export async function receiveMessage(incoming: IncomingMessage, tools: ReceivingTools): Promise<Reception> {
  const { metrics } = tools;
  const messageUid = newId();
  const startedAt = performance.now();
  metrics.inHand.inc();
  let outcome: MessageOutcome = 'failed';
  try {
    const leave = await tools.admission.enter(incoming.declaredSize);
    try {
      const result = leave ? await takeIn(incoming, messageUid, tools) : refused('unavailable', smtpAnswers.unavailable);
      outcome = result.outcome;
      return result.reception;
    } finally {
      leave?.();
    }
  } finally {
    const seconds = (performance.now() - startedAt) / 1000;
    const size = incoming.stream.byteLength;
    metrics.inHand.dec();
    metrics.messages.inc({ outcome });
    metrics.bytes.inc(size);
    metrics.duration.observe(seconds);
    const { organizationId } = incoming;
    tools.log.info({ organizationId, messageUid, size, outcome, recipients: incoming.recipients.length, seconds }, 'message');
  }
}

interface Result {
  readonly outcome: MessageOutcome;
  readonly reception: Reception;
}

function refused(outcome: MessageOutcome, answer: SmtpAnswer): Result {
  return { outcome, reception: { kind: 'answered', answer } };
}

async function takeIn(incoming: IncomingMessage, messageUid: string, tools: ReceivingTools): Promise<Result> {
  const { organizationId, submitters, stream } = incoming;
  let admitted: Submitter | null = null;
  const submitter = () => {
    if (!admitted) throw new Error('The header was not looked at');
    return admitted;
  };
  try {
    const submitted = await submitMessage({
      vault: tools.vault,
      parser: tools.parser,
      store: storeOf(incoming, submitter, tools.database),
      source: boundedBytes(stream, tools.maxMessageBytes),
      organizationId,
      messageUid,
      sender: incoming.sender,
      recipients: incoming.recipients.map(({ address }) => address),
      arrival: incoming.arrival,
      loopKeys: tools.loopKeys,
      maxBytes: tools.maxMessageBytes,
      refuseBareNewlines: true,
      admit: (fields) => {
        admitted = submitterByHeader(submitters, fields);
        const required = admitted.trust?.requiredHeader;
        // Recipients get what is stored, and whoever knows the value can hand mail in.
        return required ? [required.name] : [];
      },
    });
    if (submitted.outcome === 'refused') return refused('refused', refusalAnswers[submitted.code]);
    if (submitted.outcome === 'rejected') {
      tools.log.info({ organizationId, messageUid, rule: submitted.ruleName }, 'message rejected by a mail rule');
      return refused('rejected', rejectionAnswer(submitted.text));
    }
    return { outcome: submitted.outcome, reception: { kind: 'accepted', messageId: submitted.messageId, submitter: submitter() } };
  } catch (error) {
    if (error instanceof SmtpRefusal) return refused('refused', error.answer);
    if (error instanceof EndlessMessageError) return { outcome: 'refused', reception: { kind: 'cut' } };
    if (hasGone(stream)) return refused('aborted', smtpAnswers.unavailable);
    return failureOf(error, { organizationId, messageUid }, tools.log);
  }
}

function storeOf({ organizationId, sender, recipients }: IncomingMessage, submitter: () => Submitter, database: Database): MessageStore {
  const scope = database.forOrganization(organizationId);
  const actor = (): Actor => ({ kind: 'sender', id: submitter().credentialId, address: sender });
  return {
    loadSettings: () => loadSubmissionSettings(scope, sender),
    acceptCopy: (copy) => acceptCopy(scope, copy, recipients, actor()),
    accept: (message) => acceptMessage(scope, message, recipients, actor()),
  };
}

/**
 * The stream's bytes. Leaving the loop leaves the stream open, so that its rest can be read away before the answer; but nobody is
 * listened to for ever: over twice the limit it throws.
 */
async function* boundedBytes(stream: SMTPServerDataStream, maxBytes: number): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    youngGarbage.add(chunk.length);
    if (bytes > 2 * maxBytes) throw new EndlessMessageError();
    yield chunk;
  }
}

/** Whether the client went away before the end of its message. */
function hasGone(stream: SMTPServerDataStream): boolean {
  return stream.errored !== null || (stream.destroyed && !stream.readableEnded);
}

function failureOf(error: unknown, about: { organizationId: string; messageUid: string }, log: Logger): Result {
  if (error instanceof MessageClosedError) return refused('refused', smtpAnswers.messageClosed);
  if (error instanceof ExpiryRefusedError) return refused('refused', expiryAnswers[error.reason]);
  log.error({ ...about, error: errorFacts(error) }, 'message not accepted');
  if (error instanceof VaultError && error.code === 'storage_full') return refused('unavailable', smtpAnswers.storageFull);
  const isAway = error instanceof VaultError || error instanceof DatabaseUnavailableError;
  return refused(isAway ? 'unavailable' : 'failed', smtpAnswers.unavailable);
}

/** Reads what is left of a message that is not wanted, to its end or to the end of patience with it. @returns whether the end came. */
export async function readAway(stream: SMTPServerDataStream, maxBytes: number): Promise<boolean> {
  if (stream.destroyed) return stream.readableEnded;
  try {
    for await (const _ of boundedBytes(stream, maxBytes));
    return true;
  } catch {
    return false;
  }
}
