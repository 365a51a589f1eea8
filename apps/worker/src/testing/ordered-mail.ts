import { createHash, randomBytes } from 'node:crypto';
import { newId } from '@signet/db/database';
import { putMemberLink } from '@signet/db/member-link';
import { addMemberMail } from '@signet/db/member-mail';
import { findActiveKey } from '@signet/db/organization-key';
import { addToOutbox } from '@signet/db/outbox';
import type { TestWorker } from './test-worker.ts';

export const visitor = { clientIp: '203.0.113.7', userAgent: 'Firefox on\r\nLinux' };

/** Asks for a passcode as the api does. @returns its request's id. */
export async function askForPasscode(worker: TestWorker, recipientId: string, code: string, expiresIn = '10 minutes'): Promise<string> {
  const id = newId();
  const organizationId = worker.organization.id;
  const key = await findActiveKey(worker.database.forOrganization(organizationId));
  const sealed = await worker.vault.sealSecret(key, { organizationId, purpose: 'passcode', id }, Buffer.from(code));
  await worker.database.forOrganization(organizationId).transaction(async (tx) => {
    await tx.query(
      `insert into passcode_request (organization_id, id, recipient_id, browser_hash, code_hmac, reference, created_at, expires_at)
       values ($1, $2, $3, '', '', 'K7QP-3M', clock_timestamp(), clock_timestamp() + $4::interval)`,
      [organizationId, id, recipientId, expiresIn],
    );
    const payload = { passcodeRequestId: id, sealedCode: Buffer.from(sealed).toString('base64') };
    await addToOutbox(tx, [{ kind: 'send-passcode-mail', payload }]);
  });
  return id;
}

/** Books a mail with a link as the api does. @returns the link's token. */
export async function mailLink(
  worker: TestWorker,
  memberId: string,
  purpose: 'invitation' | 'password-reset' = 'invitation',
): Promise<string> {
  const organizationId = worker.organization.id;
  const key = await findActiveKey(worker.database.forOrganization(organizationId));
  const id = newId();
  const token = randomBytes(32).toString('base64url');
  const sealed = await worker.vault.sealSecret(key, { organizationId, purpose: 'member-link', id }, Buffer.from(token));
  await worker.database.forOrganization(organizationId).transaction(async (tx) => {
    const tokenHash = createHash('sha256').update(token).digest();
    await putMemberLink(tx, { id, memberId, purpose, tokenHash, seconds: 3600 });
    const link = { id, sealedToken: Buffer.from(sealed).toString('base64') };
    await addMemberMail(tx, { memberId, mail: purpose, link, ...visitor });
  });
  return token;
}
