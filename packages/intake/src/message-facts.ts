import libmime from 'libmime';
import type { EnvelopeFacts, MailFacts } from '@signet/domain/mail-facts';
import { bodyText } from './body-text.ts';
import { firstValue } from './header-block.ts';
import type { HeaderField } from './header-block.ts';
import type { ParsedMessage } from './parsed-message.ts';

/** What the header block alone tells, decoded. */
export interface HeaderFacts {
  /** Decoded subject as written; null where there is no Subject field. */
  readonly subject: string | null;
  /** Moment of the Date field, RFC 3339 in UTC; null where there is none or an unreadable one. */
  readonly date: string | null;
  /** Message-IDs with angle brackets. */
  readonly inReplyTo: readonly string[];
  readonly references: readonly string[];
  /** Value of Auto-Submitted (RFC 3834), lower-case; null where there is none. */
  readonly autoSubmitted: string | null;
  /** All fields in their order, names as written, values decoded (RFC 2047). */
  readonly headers: readonly { readonly name: string; readonly value: string }[];
}

function decoded(value: string): string {
  if (!value.includes('=?')) return value;
  try {
    return libmime.decodeWords(value);
  } catch {
    // An unknown charset: the encoded form is still better than nothing.
    return value;
  }
}

function messageIds(value: string | null): string[] {
  return value?.match(/<[^<>\s]{1,996}>/g) ?? [];
}

function momentOf(value: string | null): string | null {
  const time = value === null ? Number.NaN : Date.parse(value.replace(/\([^()]*\)/g, ' ').trim());
  const date = new Date(time);
  return Number.isNaN(time) || date.getUTCFullYear() > 9999 || date.getUTCFullYear() < 0 ? null : date.toISOString();
}

/** Reads the facts of a header block, given its fields in their order. Of fields that may occur once, the first counts. */
export function readHeaderFacts(fields: readonly HeaderField[]): HeaderFacts {
  const subject = firstValue(fields, 'subject');
  return {
    subject: subject === null ? null : decoded(subject),
    date: momentOf(firstValue(fields, 'date')),
    inReplyTo: messageIds(firstValue(fields, 'in-reply-to')),
    references: messageIds(firstValue(fields, 'references')),
    autoSubmitted: firstValue(fields, 'auto-submitted')?.trim().toLowerCase() ?? null,
    headers: fields.filter(({ name }) => name !== '').map(({ writtenName, value }) => ({ name: writtenName, value: decoded(value) })),
  };
}

/** The envelope, and what is known of its sender. */
export type Envelope = Pick<EnvelopeFacts, 'sender' | 'senderGroups' | 'ownDomains' | 'recipients'>;

/** What mail rules look at while the message arrives. */
export function envelopeFacts(
  { subject, headers }: HeaderFacts,
  { sender, senderGroups, ownDomains, recipients }: Envelope,
): EnvelopeFacts {
  return { sender, senderGroups, ownDomains, recipients, subject, headers };
}

/** What mail rules look at once all of the message is here. @param message null where it could not be parsed. */
export function mailFacts(early: EnvelopeFacts, size: number, message: ParsedMessage | null): MailFacts {
  return {
    ...early,
    size,
    bodyText: message && bodyText(message),
    attachmentNames: message && message.parts.flatMap(({ name }) => name ?? []),
  };
}
