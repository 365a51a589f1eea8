import type { KeyObject } from 'node:crypto';
import { evaluateMailRules, removedHeaders } from '@signet/domain/mail-decision';
import type { KnownTemplates, MailDecision } from '@signet/domain/mail-decision';
import type { EnvelopeFacts, MailFacts } from '@signet/domain/mail-facts';
import type { MailRule } from '@signet/domain/mail-rule';
import { askedExpiryOf, EXPIRY_HEADER, type AskedExpiry } from '@signet/domain/message-expiry';
import type { BlobWriter } from '@signet/vault/blob-writer';
import type { StoredPart } from '@signet/vault/stored-part';
import { FirstPass } from './first-pass.ts';
import type { RefusalCode } from './first-pass.ts';
import { withoutRepetitions, type HeaderField } from './header-block.ts';
import { envelopeFacts, mailFacts, readHeaderFacts } from './message-facts.ts';
import type { HeaderFacts } from './message-facts.ts';
import { foundMessageId, madeMessageId } from './message-id.ts';
import type { OriginalOnlyReason } from './parse-limits.ts';
import type { ParsedMessage, PartMeta, PartSummary, ShownAddress } from './parsed-message.ts';
import type { ParseOutcome, ParserPool } from './parser-pool.ts';
import { htmlFromText, SANITISER_VERSION } from './sanitise-html.ts';

/** What `takeIn` needs. */
export interface TakeInOptions {
  /** The message as it came, in any pieces; read to its end even when it is refused. */
  readonly source: AsyncIterable<Uint8Array>;
  readonly organizationId: string;
  /** Envelope sender and recipients. */
  readonly sender: string;
  readonly recipients: readonly string[];
  /** Names of the sender groups that the sender is in. */
  readonly senderGroups: readonly string[];
  /** The organization's own domains. */
  readonly ownDomains: readonly string[];
  readonly rules: readonly MailRule[];
  readonly templates: KnownTemplates;
  /** A fresh blob. `takeIn` neither commits nor aborts it: the caller does, by the outcome, and aborts when `takeIn` throws. */
  readonly blob: Pick<BlobWriter, 'writePart' | 'readBack'>;
  readonly parser: ParserPool;
  /** Keys that may have signed `X-Signet-Loop`. */
  readonly loopKeys: readonly KeyObject[];
  /** Bytes; a larger message is refused. */
  readonly maxBytes: number;
  /** True where the message came by SMTP. */
  readonly refuseBareNewlines: boolean;
  /** Signet's Received field (RFC 5321, 4.4), whole and with its line end: what passes through begins with it. */
  readonly receivedField: string;
  /** Sees the header before anything is stored, and names fields to leave out of what is stored. What it throws ends the intake. */
  readonly admit?: ((fields: readonly HeaderField[]) => readonly string[]) | undefined;
}

/** One stored part: the id in `stored.part` is `original`, `transit`, `headers`, `text`, `html`, `attachment-<n>` or `inline-<n>` (n from 1). */
export type TakenPart = {
  readonly stored: StoredPart;
} & (
  | { readonly kind: 'original' | 'transit' | 'headers' | 'text' }
  | { readonly kind: 'html'; readonly sanitiserVersion: number; readonly blockedImages: number }
  | {
      readonly kind: 'attachment' | 'inline';
      readonly name: string | null;
      readonly contentType: string;
      readonly disposition: string | null;
      readonly contentId: string | null;
      /** Bytes after transfer decoding. */
      readonly size: number;
      /** Hexadecimal. */
      readonly sha256: string;
      /** The HTML shows it as an image (`cid:`), so a list of attachments may leave it out. */
      readonly shownInBody: boolean;
    }
);

/** A message that is stored, as far as the blob goes. */
export interface TakenMessage {
  readonly outcome: 'accepted';
  /** In angle brackets: as found, or made from the fingerprint. */
  readonly messageId: string;
  readonly messageIdMade: boolean;
  readonly fingerprint: string;
  /** Bytes that came in. */
  readonly size: number;
  readonly subject: string | null;
  readonly date: string | null;
  readonly inReplyTo: readonly string[];
  readonly references: readonly string[];
  readonly autoSubmitted: string | null;
  /** What the rules looked at. */
  readonly facts: MailFacts;
  readonly decision: MailDecision;
  /** The expiry that the sender asks for in the header. */
  readonly askedExpiry: AskedExpiry | null;
  readonly parts: readonly TakenPart[];
  /**
   * Bytes of the stored original before its body, where the message passes through, to some or all: what leaves then is the part
   * `transit`, and of the original what comes after these bytes. Null where nothing passes.
   */
  readonly bodyOffset: number | null;
  /** Why only the original is offered; null where the message was parsed. */
  readonly originalOnly: OriginalOnlyReason | null;
}

export interface RefusedMessage {
  readonly outcome: 'refused';
  readonly code: RefusalCode;
}

/** A message that a rule rejects. */
export interface RejectedMessage extends Pick<TakenMessage, 'facts' | 'decision' | 'originalOnly'> {
  readonly outcome: 'rejected';
  readonly rejection: NonNullable<MailDecision['rejection']>;
}

/** Content of the part `headers` (JSON, UTF-8): what the portal shows above the message. */
export interface StoredHeaders {
  readonly version: 1;
  readonly subject: string | null;
  readonly date: string | null;
  readonly from: readonly ShownAddress[];
  readonly sender: readonly ShownAddress[];
  readonly replyTo: readonly ShownAddress[];
  readonly to: readonly ShownAddress[];
  readonly cc: readonly ShownAddress[];
  /** Every field that the stored original has, decoded, in its order. */
  readonly fields: readonly { readonly name: string; readonly value: string }[];
}

const NO_ADDRESSES = { from: [], sender: [], replyTo: [], to: [], cc: [] };

async function* bodyOf(first: FirstPass, original: StoredPart, blob: TakeInOptions['blob']): AsyncGenerator<Uint8Array> {
  if (first.keptBody !== null) {
    yield* first.keptBody;
    return;
  }
  let toSkip = first.storedHeaderBytes;
  for await (const chunk of blob.readBack(original)) {
    const skipped = Math.min(toSkip, chunk.length);
    toSkip -= skipped;
    if (skipped < chunk.length) yield chunk.subarray(skipped);
  }
}

interface PartInBlob {
  readonly meta: PartMeta;
  readonly stored: StoredPart;
}

function unparsed(reason: OriginalOnlyReason): [ParseOutcome, PartInBlob[]] {
  return [{ kind: 'originalOnly', reason }, []];
}

async function parseIntoBlob(first: FirstPass, original: StoredPart, options: TakeInOptions): Promise<[ParseOutcome, PartInBlob[]]> {
  if (first.containsNul) return unparsed('nul');
  if (first.headerTooLarge) return unparsed('header_too_large');
  if (first.fields.length > options.parser.limits.headerFields) return unparsed('header_fields');
  const written: PartInBlob[] = [];
  const counts = { attachment: 0, inline: 0 };
  const outcome = await options.parser.parse({
    header: Buffer.concat([...withoutRepetitions(first.keptFields).map(({ raw }) => raw), Buffer.from('\r\n')]),
    body: bodyOf(first, original, options.blob),
    onPart: async (meta, content) => {
      counts[meta.kind] += 1;
      written.push({ meta, stored: await options.blob.writePart(`${meta.kind}-${counts[meta.kind]}`, content) });
    },
  });
  return [outcome, written];
}

function withContent({ meta, stored }: PartInBlob, summary: PartSummary | undefined, shown: ReadonlySet<string>): TakenPart {
  if (summary === undefined || summary.sha256 !== stored.sha256 || summary.size !== stored.size) {
    throw new Error(`The stored part ${stored.part} is not what the parser sent.`);
  }
  return { ...meta, stored, size: stored.size, sha256: stored.sha256, shownInBody: meta.contentId !== null && shown.has(meta.contentId) };
}

async function writeText(message: ParsedMessage, blob: TakeInOptions['blob']): Promise<TakenPart[]> {
  const parts: TakenPart[] = [];
  if (message.text !== null) parts.push({ kind: 'text', stored: await blob.writePart('text', Buffer.from(message.text)) });
  const html = message.html?.html ?? (message.text === null ? null : htmlFromText(message.text));
  if (html !== null) {
    const stored = await blob.writePart('html', Buffer.from(html));
    parts.push({ kind: 'html', stored, sanitiserVersion: SANITISER_VERSION, blockedImages: message.html?.blockedImages ?? 0 });
  }
  return parts;
}

function storedHeaders(facts: HeaderFacts, message: ParsedMessage | null): Uint8Array {
  const { from, sender, replyTo, to, cc } = message ?? NO_ADDRESSES;
  const headers: StoredHeaders = {
    version: 1,
    subject: facts.subject,
    date: facts.date,
    from,
    sender,
    replyTo,
    to,
    cc,
    fields: facts.headers,
  };
  return Buffer.from(JSON.stringify(headers));
}

/**
 * Takes in one message: the one way for gateway and api. The first pass stores the original (without Bcc, without the field that sets the
 * expiry and without the fields that a rule removes, so what recipients download shows neither) while it hashes the fingerprint and guards
 * against loops. The second pass parses it and stores its attachments and inline parts as they come; then all is known that rules ask
 * about, and they decide; then `transit` (the header as it came, for a message that passes), `headers`, `text`, `html` follow. Plaintext is in memory
 * only, a megabyte or so of it however large the message is (its text and HTML excepted). Parts of a message that went over a limit
 * half-way stay in the blob, encrypted and named by nobody.
 *
 * The order of the steps matters: nothing here commits, so a crash at any point leaves an uncommitted blob and no message.
 * @throws what the source, the blob or `admit` throws: nothing was accepted.
 */
export async function takeIn(options: TakeInOptions): Promise<TakenMessage | RejectedMessage | RefusedMessage> {
  const { rules, templates } = options;
  const seen: EnvelopeFacts[] = [];
  const first = new FirstPass({
    scope: { organizationId: options.organizationId, sender: options.sender },
    maxBytes: options.maxBytes,
    refuseBareNewlines: options.refuseBareNewlines,
    loopKeys: options.loopKeys,
    onHeader: (fields) => {
      const unwanted = options.admit?.(fields) ?? [];
      const early = envelopeFacts(readHeaderFacts(fields), options);
      seen.push(early);
      return [...removedHeaders(rules, early, templates), EXPIRY_HEADER.toLowerCase(), ...unwanted];
    },
  });
  const original = await options.blob.writePart('original', first.read(options.source), { compression: 'zstd' });
  if (first.refusal !== null) return { outcome: 'refused', code: first.refusal };
  const [early] = seen;
  if (early === undefined) throw new Error('The header was not read.');
  const askedExpiry = askedExpiryOf(early.headers);
  if (askedExpiry === 'invalid') return { outcome: 'refused', code: 'expiry_invalid' };
  const shownFacts = readHeaderFacts(first.keptFields);
  const [outcome, inBlob] = await parseIntoBlob(first, original, options);
  const message = outcome.kind === 'parsed' ? outcome.message : null;
  const originalOnly = outcome.kind === 'originalOnly' ? outcome.reason : null;
  const facts = mailFacts(early, first.size, message);
  const decision = evaluateMailRules(rules, facts, templates);
  if (decision.rejection !== null) return { outcome: 'rejected', rejection: decision.rejection, facts, decision, originalOnly };
  const parts: TakenPart[] = [{ kind: 'original', stored: original }];
  if (decision.passing !== null) {
    const header = Buffer.concat([Buffer.from(options.receivedField), first.headerBlock]);
    parts.push({ kind: 'transit', stored: await options.blob.writePart('transit', header) });
  }
  parts.push({ kind: 'headers', stored: await options.blob.writePart('headers', storedHeaders(shownFacts, message)) });
  if (message !== null) {
    const shown = new Set(message.html?.usedContentIds ?? []);
    parts.push(...(await writeText(message, options.blob)));
    parts.push(...inBlob.map((part, index) => withContent(part, message.parts[index], shown)));
  }
  const fingerprint = first.fingerprint();
  const messageId = foundMessageId(first.fields);
  const { subject, date, inReplyTo, references, autoSubmitted } = shownFacts;
  return {
    outcome: 'accepted',
    messageId: messageId ?? madeMessageId(fingerprint, options.sender),
    messageIdMade: messageId === null,
    fingerprint,
    size: first.size,
    subject,
    date,
    inReplyTo,
    references,
    autoSubmitted,
    facts,
    decision,
    askedExpiry,
    parts,
    bodyOffset: decision.passing === null ? null : first.storedHeaderBytes,
    originalOnly,
  };
}
