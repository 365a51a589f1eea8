import { randomBytes } from 'node:crypto';
import { newId } from '@signet/db/database';
import { loadSubmissionSettings } from '@signet/db/submission';
import type { EnvelopeRecipient } from '@signet/domain/delivery-report';
import type { TestWorker } from './test-worker.ts';

const received = 'Received: by signet.example with ESMTPA\r\n\tid x; Thu, 26 Nov 2026 10:00:00 +0000\r\n';
const header = 'Subject: Offer\r\nBcc: eve@example.org\r\n\r\n';
/** Lines that begin with dots, bytes of no charset, and more than one frame of the blob. */
const lines = Array.from({ length: 20_000 }, () => `.${randomBytes(36).toString('base64')}\r\n`);
const body = Buffer.from(`.\r\n..\r\n.x\r\n\u0080\u00ff\0\r\nzzz\r\n${lines.join('')}`, 'latin1');

/** What its recipients get. */
export const asItCame = Buffer.concat([Buffer.from(received + header), body]);

/** Accepts a message whose stored original has no Bcc, as the gateway stores it, and which passes to whom it says. */
export async function acceptPassing(worker: TestWorker, to: 'everybody' | 'inside', recipients: readonly (string | EnvelopeRecipient)[]) {
  const { vault, database, organization } = worker;
  const id = newId();
  const identity = { organizationId: organization.id, messageUid: id };
  const { organizationKey } = await loadSubmissionSettings(database.forOrganization(organization.id), 'alice@acme.example');
  const { messageKey, wrappedKey, keyId } = await vault.createMessageKey(organizationKey, identity);
  const blob = await vault.createBlob(identity, messageKey);
  const shownHeader = 'Subject: Offer\r\n\r\n';
  const original = await blob.writePart('original', Buffer.concat([Buffer.from(shownHeader), body]), { compression: 'zstd' });
  const transit = await blob.writePart('transit', Buffer.from(received + header));
  const { blobName, length } = await blob.commit();
  const part = { name: null, contentType: null, contentId: null, shownInBody: false };
  const partOf = (kind: 'original' | 'transit', position: number, stored: typeof original) =>
    ({ ...part, part: kind, kind, position, size: stored.size, sha256: stored.sha256, stored }) as const;
  return worker.accept(recipients, {
    id,
    decision: { passing: { to, ruleName: 'Pass' } },
    bodyOffset: shownHeader.length,
    blobName,
    blobLength: length,
    organizationKeyId: keyId,
    wrappedKey,
    parts: [partOf('original', 0, original), partOf('transit', 1, transit)],
  });
}
