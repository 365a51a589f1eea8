import type { KeyObject } from 'node:crypto';
import { isAutomaticMail } from '@signet/domain/automatic-mail';
import type { BrandingTemplate } from '@signet/domain/branding-template';
import { makeTransitId } from '@signet/domain/loop-header';
import { explainMailRules, type MailDecision, type RuleTrace } from '@signet/domain/mail-decision';
import type { AskedExpiry } from '@signet/domain/message-expiry';
import type { MailRule } from '@signet/domain/mail-rule';
import { bytesAllowed, type SubmissionLimits } from '@signet/domain/submission-limits';
import type { OrganizationKey, Vault } from '@signet/vault/vault';
import type { RefusalCode } from './first-pass.ts';
import type { ParserPool } from './parser-pool.ts';
import { receivedField, type Arrival } from './received-field.ts';
import { SANITISER_VERSION } from './sanitise-html.ts';
import { takeIn } from './take-in.ts';
import type { RefusedMessage, RejectedMessage, TakeInOptions, TakenMessage, TakenPart } from './take-in.ts';

/** What must be known of an organization to take a message in. */
export interface SubmissionSettings extends Pick<SubmissionLimits, 'maxMessageBytes'> {
  readonly rules: readonly MailRule[];
  /** Names of the sender groups that the sender is in. */
  readonly senderGroups: readonly string[];
  /** Domains that the organization sends for. */
  readonly ownDomains: readonly string[];
  readonly templates: readonly { readonly revisionId: string; readonly content: BrandingTemplate }[];
  readonly organizationKey: OrganizationKey;
}

/** A message whose blob is committed, as it is handed to the database. */
export interface StorableMessage {
  readonly id: string;
  readonly messageId: string;
  readonly fingerprint: Uint8Array;
  readonly sender: string;
  readonly subject: string | null;
  /** Written by a machine or for a crowd. */
  readonly automatic: boolean;
  readonly template: SubmissionSettings['templates'][number];
  readonly ruleName: string | null;
  readonly decision: MailDecision;
  /** The expiry that the sender asks for. */
  readonly askedExpiry: AskedExpiry | null;
  readonly size: number;
  readonly originalOnly: string | null;
  /** Bytes of the stored original before its body; null where nothing passes through. */
  readonly bodyOffset: number | null;
  readonly sanitiserVersion: number;
  readonly blobName: string;
  readonly blobLength: number;
  readonly organizationKeyId: string;
  readonly wrappedKey: Uint8Array;
  readonly parts: readonly StorablePart[];
}

export interface StorablePart {
  readonly part: string;
  readonly kind: TakenPart['kind'];
  readonly position: number;
  readonly name: string | null;
  readonly contentType: string | null;
  readonly contentId: string | null;
  readonly shownInBody: boolean;
  readonly size: number;
  readonly sha256: string;
  readonly stored: object;
}

export interface SubmittedMessage {
  readonly outcome: 'accepted' | 'duplicate';
  readonly id: string;
  readonly messageId: string;
}

/** Where messages go once they are encrypted: the database, as gateway and api reach it. */
export interface MessageStore {
  loadSettings(): Promise<SubmissionSettings>;
  /** Adds recipients to the message that this one repeats; null when it repeats none. */
  acceptCopy(copy: { sender: string; fingerprint: Uint8Array; decision: MailDecision }): Promise<SubmittedMessage | null>;
  accept(message: StorableMessage): Promise<SubmittedMessage>;
}

export interface Submission {
  readonly vault: Vault;
  readonly parser: ParserPool;
  readonly store: MessageStore;
  readonly source: AsyncIterable<Uint8Array>;
  readonly organizationId: string;
  /** Id that the message gets if it is a new one. */
  readonly messageUid: string;
  readonly sender: string;
  readonly recipients: readonly string[];
  readonly arrival: Arrival;
  /** The first signs what passes through. */
  readonly loopKeys: readonly KeyObject[];
  /** Bytes that the installation takes; the organization may allow fewer. */
  readonly maxBytes: number;
  readonly refuseBareNewlines: boolean;
  readonly admit?: TakeInOptions['admit'];
}

export interface RefusedSubmission {
  readonly outcome: 'refused';
  readonly code: RefusalCode;
}

/** A mail rule rejects the message: its text is for the sender. */
export interface RejectedSubmission {
  readonly outcome: 'rejected';
  readonly ruleName: string;
  readonly text: string;
}

/**
 * Takes a message in and stores it: the one order of steps for gateway and api. The blob is on the disk before the
 * transaction that names it, so a crash between the two leaves a blob without a message (the sweep takes it away) and
 * never a message without its blob. Once this resolves with `accepted` or `duplicate`, both are safe.
 * @throws what the vault, the store or `admit` throws: then nothing was accepted.
 */
export async function submitMessage(submission: Submission): Promise<SubmittedMessage | RejectedSubmission | RefusedSubmission> {
  const { store, sender, messageUid } = submission;
  const settings = await store.loadSettings();
  return intoBlob(submission, settings, async (taken, commit) => {
    if (taken.outcome === 'refused') return { outcome: 'refused', code: taken.code };
    if (taken.outcome === 'rejected') return { outcome: 'rejected', ...taken.rejection };
    const fingerprint = Buffer.from(taken.fingerprint, 'hex');
    const copy = await store.acceptCopy({ sender, fingerprint, decision: taken.decision });
    if (copy) return copy;
    return store.accept({ ...storable(taken, settings), id: messageUid, sender, fingerprint, ...(await commit()) });
  });
}

/** What would become of a message, and why. */
export interface Explanation {
  readonly outcome: 'accepted' | 'rejected';
  readonly decision: MailDecision;
  /** The template that the decision names. */
  readonly template: BrandingTemplate;
  /** Of each rule, in their order. */
  readonly traces: readonly RuleTrace[];
  /** The expiry that the sender asks for; null where the message is rejected. */
  readonly askedExpiry: AskedExpiry | null;
  readonly originalOnly: string | null;
}

/**
 * Takes a message in as `submitMessage` does, to the point where the rules have decided, and stores nothing: so its answer is the one that
 * a submission of the same message gets.
 * @throws what the vault or the store throws: a submission, too, would then be put off.
 */
export async function explainMessage(
  submission: Omit<Submission, 'store'>,
  settings: SubmissionSettings,
): Promise<Explanation | RefusedSubmission> {
  return intoBlob(submission, settings, async (taken) => {
    if (taken.outcome === 'refused') return { outcome: 'refused', code: taken.code };
    const { outcome, originalOnly } = taken;
    const { decision, traces } = explainMailRules(settings.rules, taken.facts, knownTemplates(settings));
    const askedExpiry = taken.outcome === 'accepted' ? taken.askedExpiry : null;
    return { outcome, decision, traces, template: templateOf(decision, settings).content, askedExpiry, originalOnly };
  });
}

type CommittedBlob = Pick<StorableMessage, 'blobName' | 'blobLength' | 'organizationKeyId' | 'wrappedKey'>;

/** Takes a message into a fresh blob; unless `work` commits it, nothing of it stays. */
async function intoBlob<T>(
  submission: Omit<Submission, 'store'>,
  settings: SubmissionSettings,
  work: (taken: TakenMessage | RejectedMessage | RefusedMessage, commit: () => Promise<CommittedBlob>) => Promise<T>,
): Promise<T> {
  const { vault, organizationId, messageUid } = submission;
  const identity = { organizationId, messageUid };
  const { messageKey, wrappedKey, keyId } = await vault.createMessageKey(settings.organizationKey, identity);
  const blob = await vault.createBlob(identity, messageKey);
  let committed = false;
  try {
    const { rules, senderGroups, ownDomains } = settings;
    const received = receivedFieldOf(submission);
    const maxBytes = bytesAllowed(settings, submission.maxBytes);
    const templates = knownTemplates(settings);
    const taken = await takeIn({ ...submission, maxBytes, receivedField: received, rules, senderGroups, ownDomains, templates, blob });
    return await work(taken, async () => {
      const { blobName, length } = await blob.commit();
      committed = true;
      return { blobName, blobLength: length, organizationKeyId: keyId, wrappedKey };
    });
  } finally {
    if (!committed) await blob.abort();
  }
}

function receivedFieldOf({ arrival, loopKeys: [key], messageUid }: Omit<Submission, 'store'>): string {
  return receivedField(arrival, key ? makeTransitId(key, messageUid) : messageUid, new Date());
}

function templateOf({ templateName }: MailDecision, settings: SubmissionSettings): SubmissionSettings['templates'][number] {
  const template = settings.templates.find(({ content }) => content.name === templateName);
  if (!template) throw new Error('The rules decided for a template that is not there');
  return template;
}

function knownTemplates(settings: SubmissionSettings) {
  const names = settings.templates.map(({ content }) => content.name);
  const defaultName = settings.templates.find(({ content }) => content.isDefault)?.content.name;
  if (defaultName === undefined) throw new Error('The organization has no default template');
  return { names, defaultName };
}

function storable(taken: TakenMessage, settings: SubmissionSettings) {
  return {
    messageId: taken.messageId,
    subject: taken.subject,
    automatic: isAutomaticMail(taken.facts.headers),
    template: templateOf(taken.decision, settings),
    ruleName: taken.decision.passing?.to === 'everybody' ? taken.decision.passing.ruleName : taken.decision.ruleName,
    decision: taken.decision,
    askedExpiry: taken.askedExpiry,
    size: taken.size,
    originalOnly: taken.originalOnly,
    bodyOffset: taken.bodyOffset,
    sanitiserVersion: SANITISER_VERSION,
    parts: taken.parts.map(storablePart),
  };
}

function storablePart(part: TakenPart, position: number): StorablePart {
  const named = part.kind === 'attachment' || part.kind === 'inline';
  return {
    part: part.stored.part,
    kind: part.kind,
    position,
    name: named ? part.name : null,
    contentType: named ? part.contentType : null,
    contentId: named ? part.contentId : null,
    shownInBody: named && part.shownInBody,
    size: part.stored.size,
    sha256: part.stored.sha256,
    stored: part.stored,
  };
}
