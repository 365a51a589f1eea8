import type { OpenedMessage } from '@signet/api-contract/recipient';
import type { ContentPart, MessageContent } from '@signet/db/content';
import type { Link } from '@signet/db/link';
import type { StoredHeaders } from '@signet/intake/take-in';
import { storedPart } from '@signet/vault/stored-part';
import type { ContentLocation, Vault } from '@signet/vault/vault';
import type { ByteRange } from './byte-range.ts';

/** Decrypts a part, or a range of it. The first `next()` gives authenticated bytes. */
export function readPart(
  vault: Vault,
  link: Link,
  content: MessageContent,
  part: ContentPart,
  range?: ByteRange,
): AsyncGenerator<Uint8Array> {
  const location: ContentLocation = { organizationId: link.organizationId, messageUid: link.message.messageUid, ...content };
  return vault.readPart(location, storedPart.parse(part.stored), range);
}

/** A part that is held in memory as a whole: headers and the body. */
export async function readWhole(source: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  // Copies: each chunk is good only until the next.
  for await (const chunk of source) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

/** Endings for files that came without a name. */
const endings: Readonly<Record<string, string>> = {
  'message/rfc822': 'eml',
  'text/plain': 'txt',
  'text/calendar': 'ics',
  'application/pdf': 'pdf',
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/gif': 'gif',
};

/** The name under which a part is offered: its own, or one made of its place and type. */
export function nameOf(part: ContentPart): string {
  return part.name ?? `attachment-${part.position}.${endings[part.contentType ?? ''] ?? 'bin'}`;
}

/** Reads the part `headers`, which intake wrote, and which is authentic. */
export function parseHeaders(text: string): StoredHeaders {
  const headers: StoredHeaders = JSON.parse(text);
  return headers;
}

/** What a recipient may download as a file: what was attached, and other parts that no Content-ID places in the body. */
export function isOffered(part: ContentPart): boolean {
  return part.kind === 'attachment' || (part.kind === 'inline' && !part.shownInBody);
}

function shown({ name, address }: StoredHeaders['to'][number]): string {
  if (name === '') return address;
  return address === '' ? name : `${name} <${address}>`;
}

/** What the message page shows, of the decrypted headers. Parts are named by their position in the message. */
export function openedMessageOf(link: Link, content: MessageContent, headers: StoredHeaders): OpenedMessage {
  const fieldOf = (wanted: string) => headers.fields.find(({ name }) => name.toLowerCase() === wanted)?.value;
  const originalOnly = content.originalOnly !== null;
  return {
    subject: headers.subject,
    sender: link.message.sender,
    from: headers.from.length > 0 ? headers.from.map(shown).join(', ') : (fieldOf('from') ?? null),
    to: headers.to.map(shown),
    cc: headers.cc.map(shown),
    date: headers.date,
    expiresAt: link.expiresAt?.toISOString() ?? null,
    forwardingAllowed: link.forwardingAllowed,
    attachments: content.parts.filter(isOffered).map((part) => ({
      index: part.position,
      name: nameOf(part),
      contentType: part.contentType ?? 'application/octet-stream',
      size: part.size,
    })),
    hasHtml: content.parts.some(({ kind }) => kind === 'html'),
    originalOnly,
  };
}
