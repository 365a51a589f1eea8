import { findContent } from '@signet/db/content';
import type { Database } from '@signet/db/database';
import type { DeliveryOrder } from '@signet/db/delivery';
import { storedPart } from '@signet/vault/stored-part';
import type { Vault } from '@signet/vault/vault';
import { z } from 'zod';

interface SubjectContext {
  readonly database: Database;
  readonly vault: Vault;
}

const headersPart = z.object({ subject: z.string().nullable() });

/** The subject as the sender wrote it: from the content where the privacy policy keeps less of it beside it. */
export async function wholeSubjectOf({ message, row }: DeliveryOrder, { database, vault }: SubjectContext): Promise<string | null> {
  if (message.subjectRecorded === 'full') return message.subject;
  const { messageUid } = message;
  const content = await findContent(database.forOrganization(row.organizationId), messageUid);
  const headers = content?.parts.find(({ kind }) => kind === 'headers');
  if (!content || !headers) throw new Error('The message has no content any more');
  const location = { organizationId: row.organizationId, messageUid, ...content };
  const chunks: Uint8Array[] = [];
  // Copies: each chunk is good only until the next.
  for await (const chunk of vault.readPart(location, storedPart.parse(headers.stored))) chunks.push(Buffer.from(chunk));
  return headersPart.parse(JSON.parse(Buffer.concat(chunks).toString('utf8'))).subject;
}
