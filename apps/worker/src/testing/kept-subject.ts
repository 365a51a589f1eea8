import { randomBytes } from 'node:crypto';
import { newId } from '@signet/db/database';
import { findActiveKey } from '@signet/db/organization-key';
import { keepRecordingKey } from '@signet/db/recording';
import { loadSubmissionSettings } from '@signet/db/submission';
import type { RecordedForm } from '@signet/domain/privacy-policy';
import type { TestWorker } from './test-worker.ts';

/** Sets how much of subjects is kept beside the content, as the api does. */
export async function recordSubjectsAs({ vault, database, organization }: TestWorker, form: RecordedForm): Promise<void> {
  const scope = database.forOrganization(organization.id);
  const organizationKey = await findActiveKey(scope);
  const id = newId();
  const context = { organizationId: organization.id, purpose: 'recording-key', id } as const;
  const sealedKey = await vault.sealSecret(organizationKey, context, randomBytes(32));
  await scope.transaction((tx) => keepRecordingKey(tx, { id, organizationKeyId: organizationKey.keyId, sealedKey }));
  await scope.query('update organization set recorded_subject = $2 where id = $1', [organization.id, form]);
}

/** Accepts a message whose content has its headers, as intake stores them. */
export async function acceptWithHeaders(worker: TestWorker, subject: string) {
  const { vault, database, organization } = worker;
  const id = newId();
  const identity = { organizationId: organization.id, messageUid: id };
  const { organizationKey } = await loadSubmissionSettings(database.forOrganization(organization.id), 'alice@acme.example');
  const { messageKey, wrappedKey, keyId } = await vault.createMessageKey(organizationKey, identity);
  const blob = await vault.createBlob(identity, messageKey);
  const stored = await blob.writePart('headers', Buffer.from(JSON.stringify({ version: 1, subject })));
  const { blobName, length } = await blob.commit();
  const part = {
    part: 'headers',
    kind: 'headers',
    position: 0,
    name: null,
    contentType: null,
    contentId: null,
    shownInBody: false,
  } as const;
  return worker.accept(['bob@example.net'], {
    id,
    subject,
    blobName,
    blobLength: length,
    organizationKeyId: keyId,
    wrappedKey,
    parts: [{ ...part, size: stored.size, sha256: stored.sha256, stored }],
  });
}
