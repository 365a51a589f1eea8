import type { Message, MessageSummary, RuleDecision } from '@signet/api-contract/messages';
import type { MessageDetail, RecipientDetail } from '@signet/db/message-detail';
import type { MailDecision } from '@signet/domain/mail-decision';
import { isReadingState } from '@signet/domain/message-state';
import { revokerOf, type Revoker } from '@signet/domain/revocation';

/** Recipients named in a list of messages. */
const NAMED_RECIPIENTS = 10;

/** What a view depends on besides its message: whether who asks may read the trail, and so know who read; and whether the organization's rules are theirs to know. */
interface Sight {
  readonly trail: boolean;
  readonly rules: boolean;
}

/** A message in full, as the contract says it. @param sight with whose rights an expiry would be changed, if at all. */
export function messageView(detail: MessageDetail, sight: Sight & { readonly expiry: Revoker | null }): Message {
  const lastRevoked = isRevoked(detail) ? latestRevoked(detail.recipients) : undefined;
  return {
    ...fieldsOf(detail),
    recipients: detail.recipients.map((recipient) => ({
      ...recipient,
      accessState: accessStateFor(recipient, sight),
      revokedAt: text(recipient.revokedAt),
      revokedBy: recipient.revokedBy?.name ?? null,
      revocationOf: recipient.revokedAt && revokerOf(recipient.revokedBy?.kind),
      sentAt: text(recipient.sentAt),
      openedAt: sight.trail ? text(recipient.openedAt) : null,
    })),
    tracking: {
      state: detail.tracking.state,
      since: text(detail.tracking.since),
      reason: detail.tracking.reason,
      gaps: gapsView(detail.tracking.gaps),
    },
    revokedAt: text(lastRevoked?.revokedAt ?? null),
    revokedBy: lastRevoked?.revokedBy?.name ?? null,
    reason: lastRevoked?.reason ?? null,
    attachments: attachmentsView(detail),
    originalOnly: detail.originalOnly,
    expiryChange: {
      ...(sight.expiry ? detail.expiryChange[sight.expiry] : { shorten: false, extend: false }),
      latest: detail.expiryChange.latest.toISOString(),
    },
    forwardingAllowed: detail.forwardingAllowed,
    decision: sight.rules && detail.decision ? decisionView(detail.decision) : null,
  };
}

export function decisionView(decision: MailDecision): RuleDecision {
  const { templateName, ruleName, matchedRules, removeHeaders, forwardingForbiddenBy, expiry, unknownTemplates, passing } = decision;
  return {
    template: { name: templateName, rule: ruleName },
    expiry: expiry && { days: expiry.days, rule: expiry.ruleName },
    forwardingForbiddenBy,
    passing: passing && { to: passing.to, rule: passing.ruleName },
    removedHeaders: [...removeHeaders],
    matchedRules: [...matchedRules],
    unknownTemplates: unknownTemplates.map((unknown) => ({ name: unknown.templateName, rule: unknown.ruleName })),
  };
}

/** What the sender attached, without its content. */
export function attachmentsView({ attachments }: MessageDetail): Message['attachments'] {
  return attachments.map(({ name, contentType, size, sha256 }) => ({
    name,
    contentType: contentType ?? 'application/octet-stream',
    size,
    sha256,
  }));
}

/** A message in a list. */
export function messageSummaryView(detail: MessageDetail, sight: Pick<Sight, 'trail'>): MessageSummary {
  return {
    ...fieldsOf(detail),
    recipients: detail.recipients.slice(0, NAMED_RECIPIENTS).map((recipient) => ({
      id: recipient.id,
      address: recipient.address,
      deliveryState: recipient.deliveryState,
      accessState: accessStateFor(recipient, sight),
    })),
    recipientCount: detail.recipients.length,
    attachmentCount: detail.attachments.length,
    tracking: { state: detail.tracking.state, reason: detail.tracking.reason },
  };
}

function accessStateFor({ accessState }: RecipientDetail, { trail }: Pick<Sight, 'trail'>): RecipientDetail['accessState'] | null {
  return trail || !isReadingState(accessState) ? accessState : null;
}

/** Spans of time as the contract writes them. */
export function gapsView(gaps: MessageDetail['tracking']['gaps']): { from: string; to: string | null }[] {
  return gaps.map(({ from, to }) => ({ from: from.toISOString(), to: text(to) }));
}

function fieldsOf(detail: MessageDetail) {
  const { id, messageId, subject, subjectRecorded, sender, template, size } = detail;
  return {
    id,
    messageId,
    subject,
    subjectRecorded,
    sender,
    template,
    size,
    acceptedAt: detail.acceptedAt.toISOString(),
    expiresAt: text(detail.expiresAt),
    isRevocable: detail.recipients.some((recipient) => recipient.isRevocable),
    revoked: isRevoked(detail),
  };
}

/** Whether everybody who could be revoked is. */
function isRevoked(detail: MessageDetail): boolean {
  const reachable = detail.recipients.filter((recipient) => recipient.isRevocable);
  return reachable.length > 0 && reachable.every((recipient) => recipient.revokedAt !== null);
}

function latestRevoked(recipients: readonly RecipientDetail[]): RecipientDetail | undefined {
  return recipients.toSorted((a, b) => (b.revokedAt?.getTime() ?? 0) - (a.revokedAt?.getTime() ?? 0))[0];
}

function text(date: Date | null): string | null {
  return date?.toISOString() ?? null;
}
