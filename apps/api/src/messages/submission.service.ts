import { createHash, createSecretKey } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { AcceptedMessage } from '@signet/api-contract/messages';
import type { messageRoutes } from '@signet/api-contract/messages';
import { acceptCopy, acceptMessage, ExpiryRefusedError, MessageClosedError } from '@signet/db/accept-message';
import { Database, newId, type OrganizationScope } from '@signet/db/database';
import { pointIdempotencyKey, reserveIdempotencyKey } from '@signet/db/idempotency';
import { findMessages, loadMessages } from '@signet/db/message-detail';
import { loadSubmissionSettings, ownsDomain } from '@signet/db/submission';
import { problems } from '@signet/domain/error-code';
import { ParserPool } from '@signet/intake/parser-pool';
import { submitMessage, type RefusedSubmission } from '@signet/intake/submit-message';
import { Vault } from '@signet/vault/vault';
import { actorOf, type Administrator } from '../authentication/caller.ts';
import { actBy, asked, recordAct } from '../authentication/record-act.ts';
import type { Settings } from '../env.ts';
import type { InputOf } from '../http/input.decorator.ts';
import { invalid, ProblemError } from '../http/problem-error.ts';
import { SETTINGS } from '../settings.ts';

/** Bytes of a mail at most, as the gateway has it. */
const MAXIMUM_BYTES = 25 * 1024 * 1024;

const refusals = {
  loop: new ProblemError('mail_loop'),
  too_many_received: new ProblemError('mail_loop', { detail: 'The message has passed too many servers' }),
  bare_newline: new ProblemError('message_malformed', { detail: 'The message has a CR or LF that stands alone' }),
  too_large: new ProblemError('body_too_large', { detail: problems.body_too_large.title }),
  expiry_invalid: new ProblemError('message_malformed', {
    detail: 'X-Signet-Expires must be 1 to 730 days, or a time to come (RFC 3339) within 730 days, and stand once',
  }),
} as const satisfies Record<RefusedSubmission['code'], ProblemError>;

const expiryRefusals = {
  invalid: refusals.expiry_invalid,
  not_for_senders: new ProblemError('expiry_change_not_allowed'),
  not_later: new ProblemError('expiry_change_not_allowed', {
    detail: 'X-Signet-Expires is later than your organization lets this message expire',
  }),
} as const satisfies Record<ExpiryRefusedError['reason'], ProblemError>;

interface Envelope {
  readonly sender: string;
  readonly recipients: readonly string[];
  readonly mail: Buffer;
}

@Injectable()
export class SubmissionService {
  constructor(
    private readonly database: Database,
    private readonly vault: Vault,
    private readonly parser: ParserPool,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  async submit(caller: Administrator, input: InputOf<typeof messageRoutes.submitMessage>): Promise<AcceptedMessage> {
    const envelope = envelopeOf(input);
    const scope = this.database.forOrganization(caller.organizationId);
    if (!(await ownsDomain(scope, envelope.sender.slice(envelope.sender.lastIndexOf('@') + 1))))
      await this.#refuseSender(scope, caller, envelope);

    const key = input.headers['idempotency-key'];
    const messageUid = key === undefined ? newId() : await reserve(scope, key, envelope);
    const [known] = key === undefined ? [] : await findMessages(scope, 'organization', messageUid);
    if (known) return accepted(scope, known.id, true);

    const { id, outcome } = await this.#takeIn(scope, caller, envelope, messageUid);
    if (key !== undefined && id !== messageUid) await pointIdempotencyKey(scope, key, id);
    return accepted(scope, id, outcome === 'duplicate');
  }

  async #refuseSender(scope: OrganizationScope, caller: Administrator, { sender, recipients }: Envelope): Promise<never> {
    const refused = { status: 'Failure', reason: 'sender_not_allowed' } as const;
    await recordAct(scope, caller, {
      action: 'MessageSubmit',
      target: { kind: 'message', id: null },
      ...refused,
      after: asked({ sender, recipients }),
    });
    throw new ProblemError('sender_not_allowed');
  }

  async #takeIn(scope: OrganizationScope, caller: Administrator, { sender, recipients, mail }: Envelope, messageUid: string) {
    const actor = actorOf(caller);
    const actOf = (id: string) =>
      ({ ...actBy(caller), action: 'MessageSubmit', target: { kind: 'message', id }, after: asked({ sender, recipients }) }) as const;
    try {
      const result = await submitMessage({
        vault: this.vault,
        parser: this.parser,
        store: {
          loadSettings: () => loadSubmissionSettings(scope),
          acceptCopy: (copy) => acceptCopy(scope, copy, recipients, actor, actOf),
          accept: (message) => acceptMessage(scope, message, recipients, actor, actOf),
        },
        source: piecesOf(mail),
        organizationId: scope.organizationId,
        messageUid,
        sender,
        recipients,
        loopKeys: [createSecretKey(this.settings.LOOP_KEY)],
        maxBytes: MAXIMUM_BYTES,
        refuseBareNewlines: false,
      });
      if (result.outcome === 'refused') throw refusals[result.code];
      return result;
    } catch (error) {
      if (error instanceof MessageClosedError) throw new ProblemError('message_closed');
      if (error instanceof ExpiryRefusedError) throw expiryRefusals[error.reason];
      throw error;
    }
  }
}

async function* piecesOf(mail: Buffer): AsyncGenerator<Uint8Array> {
  yield mail;
}

const address = /^[^\s@<>]+@[^\s@<>]+$/u;

/** The envelope: from the query with the mail as the body's bytes, or all of it from JSON. */
function envelopeOf({ query, body, raw }: InputOf<typeof messageRoutes.submitMessage>): Envelope {
  const sender = raw ? query.sender : body?.sender;
  const recipients = raw ? query.recipient : body?.recipients;
  const mail = raw ?? (body ? Buffer.from(body.raw, 'base64') : undefined);
  const list = raw ? 'recipient' : 'recipients';
  const errors = [
    ...(sender !== undefined && address.test(sender) ? [] : [{ pointer: '/sender', detail: 'must be an address' }]),
    ...(recipients === undefined ? [{ pointer: `/${list}`, detail: 'must name at least one address' }] : []),
    ...(recipients ?? []).flatMap((recipient, index) =>
      address.test(recipient) ? [] : [{ pointer: `/${list}/${index}`, detail: 'must be an address' }],
    ),
    ...(mail === undefined || mail.length === 0 ? [{ pointer: '/raw', detail: 'must be a mail' }] : []),
  ];
  if (errors.length > 0 || sender === undefined || recipients === undefined || mail === undefined) throw invalid(errors);
  return { sender, recipients, mail };
}

async function reserve(scope: OrganizationScope, key: string, { sender, recipients, mail }: Envelope): Promise<string> {
  const requestHash = createHash('sha256')
    .update(JSON.stringify([sender, recipients]))
    .update(mail)
    .digest();
  const reservation = await reserveIdempotencyKey(scope, { key, requestHash, messageUid: newId() });
  if (reservation.outcome === 'conflict') throw new ProblemError('idempotency_conflict');
  return reservation.messageUid;
}

async function accepted(scope: OrganizationScope, id: string, duplicate: boolean): Promise<AcceptedMessage> {
  const [message] = await loadMessages(scope, [id]);
  if (!message) throw new Error('The accepted message is gone');
  const { messageId, sender, template, size } = message;
  return {
    id,
    messageId,
    sender,
    template,
    size,
    duplicate,
    acceptedAt: message.acceptedAt.toISOString(),
    recipients: message.recipients.map((recipient) => ({
      id: recipient.id,
      address: recipient.address,
      deliveryState: recipient.deliveryState,
    })),
  };
}
