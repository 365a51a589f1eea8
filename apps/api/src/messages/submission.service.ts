import { createHash, createSecretKey, type Hash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { MailRuleExplanation, mailRuleRoutes } from '@signet/api-contract/mail-rules';
import type { AcceptedMessage } from '@signet/api-contract/messages';
import type { messageRoutes } from '@signet/api-contract/messages';
import { acceptCopy, acceptMessage, ExpiryRefusedError, MessageClosedError } from '@signet/db/accept-message';
import { Database, newId, type OrganizationScope } from '@signet/db/database';
import { findIdempotencyKey, pointIdempotencyKey, reserveIdempotencyKey } from '@signet/db/idempotency';
import { findMessages, loadMessages } from '@signet/db/message-detail';
import { loadSubmissionSettings, ownsDomain, readSubmissionLimits } from '@signet/db/submission';
import { problems } from '@signet/domain/error-code';
import { expiryInDays } from '@signet/domain/mail-decision';
import { expiryAtAcceptance, type SenderExpiryPolicy } from '@signet/domain/message-expiry';
import { ParserPool } from '@signet/intake/parser-pool';
import {
  explainMessage,
  submitMessage,
  type Explanation,
  type RefusedSubmission,
  type RejectedSubmission,
} from '@signet/intake/submit-message';
import { Vault } from '@signet/vault/vault';
import { actorOf, type Administrator } from '../authentication/caller.ts';
import { actBy, asked, recordAct } from '../authentication/record-act.ts';
import type { Settings } from '../env.ts';
import type { InputOf } from '../http/input.decorator.ts';
import { invalid, ProblemError } from '../http/problem-error.ts';
import { explanationView, refusedView } from '../mail-rules/explanation-view.ts';
import { SETTINGS } from '../settings.ts';
import { envelopeOf, type Envelope } from './envelope.ts';

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

@Injectable()
export class SubmissionService {
  constructor(
    private readonly database: Database,
    private readonly vault: Vault,
    private readonly parser: ParserPool,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  async submit(caller: Administrator, input: InputOf<typeof messageRoutes.submitMessage>): Promise<AcceptedMessage> {
    const envelope = await envelopeOf(input);
    const scope = this.database.forOrganization(caller.organizationId);
    if (!(await this.#isOwn(scope, envelope.sender))) await this.#refuse(scope, caller, envelope, new ProblemError('sender_not_allowed'));
    await limitRecipients(scope, envelope.recipients, input.raw ? 'recipient' : 'recipients');

    const key = input.headers['idempotency-key'];
    if (key === undefined) {
      const { id, outcome } = await this.#takeIn(scope, caller, envelope, newId());
      return accepted(scope, id, outcome === 'duplicate');
    }
    return this.#submitOnce(scope, caller, envelope, key);
  }

  /** What a key stands for is known once the mail has come in whole: it is reserved then, before anything takes effect. */
  async #submitOnce(scope: OrganizationScope, caller: Administrator, envelope: Envelope, key: string): Promise<AcceptedMessage> {
    const { sender, recipients } = envelope;
    const hash = createHash('sha256').update(JSON.stringify([sender, recipients]));
    const mail = hashing(envelope.mail, hash);
    const used = await findIdempotencyKey(scope, key);
    const [known] = used ? await findMessages(scope, 'organization', used.messageUid) : [];
    if (used && known) {
      for await (const _ of mail);
      if (!used.requestHash.equals(hash.digest())) throw new ProblemError('idempotency_conflict');
      return accepted(scope, known.id, true);
    }

    const messageUid = used?.messageUid ?? newId();
    let reserved = messageUid;
    const { id, outcome } = await this.#takeIn(scope, caller, { sender, recipients, mail }, messageUid, async () => {
      const reservation = await reserveIdempotencyKey(scope, { key, requestHash: hash.digest(), messageUid });
      if (reservation.outcome === 'conflict') throw new ProblemError('idempotency_conflict');
      reserved = reservation.messageUid;
    });
    if (id !== reserved) await pointIdempotencyKey(scope, key, id);
    return accepted(scope, id, outcome === 'duplicate');
  }

  /** What would become of a message that is handed in now. Nothing is stored, and nothing that is stored is looked at. */
  async explain(caller: Administrator, input: InputOf<typeof mailRuleRoutes.explainMailRules>): Promise<MailRuleExplanation> {
    const { sender, recipients, mail } = await envelopeOf(input);
    const scope = this.database.forOrganization(caller.organizationId);
    await limitRecipients(scope, recipients, input.raw ? 'recipient' : 'recipients');
    const explained = await this.#explain(scope, { sender, recipients, mail });
    await recordAct(scope, caller, {
      action: 'MailRuleExplain',
      target: { kind: 'mail-rule', id: null },
      after: asked({ sender, recipients, outcome: explained.outcome }),
    });
    return explained;
  }

  async #explain(scope: OrganizationScope, { sender, recipients, mail }: Envelope): Promise<MailRuleExplanation> {
    if (!(await this.#isOwn(scope, sender))) return refusedView(new ProblemError('sender_not_allowed'));
    const settings = await loadSubmissionSettings(scope, sender);
    const explained = await explainMessage(this.#submission(scope, { sender, recipients, mail }, newId()), settings);
    if (explained.outcome === 'refused') return refusedView(refusals[explained.code]);
    return explanationView(explained, settings.rules, problemOf(explained, settings.sendersMayChangeExpiry));
  }

  #isOwn(scope: OrganizationScope, sender: string): Promise<boolean> {
    return ownsDomain(scope, sender.slice(sender.lastIndexOf('@') + 1));
  }

  /** How a message is taken in here, whatever is to become of it. */
  #submission(scope: OrganizationScope, { sender, recipients, mail }: Envelope, messageUid: string) {
    return {
      vault: this.vault,
      parser: this.parser,
      source: mail,
      organizationId: scope.organizationId,
      messageUid,
      sender,
      recipients,
      arrival: { client: null, serverName: new URL(this.settings.PUBLIC_URL).hostname, protocol: 'HTTP' as const },
      loopKeys: [createSecretKey(this.settings.LOOP_KEY)],
      maxBytes: this.settings.MAX_MESSAGE_BYTES,
      refuseBareNewlines: false,
    };
  }

  /** Submitting is an administrative act, so being refused it is on record: no message is there that would tell of it. */
  async #refuse(scope: OrganizationScope, caller: Administrator, { sender, recipients }: Envelope, problem: ProblemError): Promise<never> {
    await recordAct(scope, caller, {
      action: 'MessageSubmit',
      target: { kind: 'message', id: null },
      status: 'Failure',
      reason: problem.code,
      after: asked({ sender, recipients }),
    });
    throw problem;
  }

  async #takeIn(
    scope: OrganizationScope,
    caller: Administrator,
    envelope: Envelope,
    messageUid: string,
    beforeEffect: () => Promise<void> = async () => undefined,
  ) {
    const { sender, recipients } = envelope;
    const addressees = recipients.map((address) => ({ address }));
    const actor = actorOf(caller);
    const actOf = (id: string) =>
      ({ ...actBy(caller), action: 'MessageSubmit', target: { kind: 'message', id }, after: asked({ sender, recipients }) }) as const;
    try {
      const result = await submitMessage({
        ...this.#submission(scope, envelope, messageUid),
        store: {
          loadSettings: () => loadSubmissionSettings(scope, sender),
          acceptCopy: async (copy) => {
            await beforeEffect();
            return acceptCopy(scope, copy, addressees, actor, actOf);
          },
          accept: (message) => acceptMessage(scope, message, addressees, actor, actOf),
        },
      });
      if (result.outcome === 'refused') throw refusals[result.code];
      if (result.outcome === 'rejected') return await this.#refuse(scope, caller, envelope, rejectedBy(result));
      return result;
    } catch (error) {
      if (error instanceof MessageClosedError) throw new ProblemError('message_closed');
      if (error instanceof ExpiryRefusedError) throw expiryRefusals[error.reason];
      throw error;
    }
  }
}

/** @throws {ProblemError} where there are more than the organization allows. */
async function limitRecipients(scope: OrganizationScope, recipients: readonly string[], list: 'recipient' | 'recipients'): Promise<void> {
  const { maxRecipients } = await readSubmissionLimits(scope);
  if (recipients.length > maxRecipients) throw invalid([{ pointer: `/${list}`, detail: `must be ${maxRecipients} at most` }]);
}

/** What the sender reads whose message a rule rejects. */
function rejectedBy({ text }: Pick<RejectedSubmission, 'text'>): ProblemError {
  return new ProblemError('rejected_by_rule', { detail: text });
}

/** What stands against taking a message whose rules have decided; null for one that is taken. */
function problemOf({ decision, template, askedExpiry }: Explanation, policy: SenderExpiryPolicy): ProblemError | null {
  if (decision.rejection) return rejectedBy(decision.rejection);
  const externalMailExpiryInDays = expiryInDays(template.externalMailExpiryInDays, decision.expiry);
  const expiry = expiryAtAcceptance({ externalMailExpiryInDays }, askedExpiry, policy, new Date());
  return expiry.outcome === 'refused' ? expiryRefusals[expiry.refusal] : null;
}

/** The same bytes, put into a hash as they pass. */
async function* hashing(mail: AsyncIterable<Uint8Array>, hash: Hash): AsyncGenerator<Uint8Array> {
  for await (const piece of mail) {
    hash.update(piece);
    yield piece;
  }
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
      unwrapped: recipient.unwrapped,
    })),
  };
}
