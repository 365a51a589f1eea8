import { createHash } from 'node:crypto';
import type { HeldTrust } from '@signet/db/submission-trust';
import { SmtpRefusal, smtpAnswers } from './smtp-answer.ts';

/** On whose word a message is taken: an SMTP credential, or a trust of the organization's. */
export interface Submitter {
  readonly organizationId: string;
  /** Named in the trail as what the sender came with. */
  readonly credentialId: string;
  /** Null: it signed in. */
  readonly trust: HeldTrust | null;
}

export function trustedSubmitter(trust: HeldTrust): Submitter {
  return { organizationId: trust.organizationId, credentialId: trust.id, trust };
}

/**
 * The first one whose condition on the header is met. A field that stands twice with different values meets none: the second one may be
 * what somebody else's mail system was made to let through.
 * @throws {SmtpRefusal} 550 where none is.
 */
export function submitterByHeader(submitters: readonly Submitter[], fields: readonly { name: string; value: string }[]): Submitter {
  const found = submitters.find(({ trust }) => {
    const required = trust?.requiredHeader;
    if (!required) return true;
    const given = fields.filter(({ name }) => name === required.name);
    return given.length > 0 && given.every(({ value }) => hashOf(value).equals(required.valueHash));
  });
  if (!found) throw new SmtpRefusal(smtpAnswers.requiredHeader);
  return found;
}

function hashOf(value: string): Buffer {
  return createHash('sha256').update(value.trim()).digest();
}
