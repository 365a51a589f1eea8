import { domainToASCII } from 'node:url';
import type { Database } from '@signet/db/database';
import { findSubmitter, ownsDomain } from '@signet/db/submission';
import type { SMTPServerAddress, SMTPServerEnvelope } from 'smtp-server';
import type { SignedIn } from './sign-in.ts';
import { SmtpRefusal, smtpAnswers } from './smtp-answer.ts';

/** Parameters of MAIL that are understood. AUTH (RFC 4954, 5) is taken and, as that allows, not believed. */
const MAIL_PARAMETERS = new Set(['SIZE', 'BODY', 'SMTPUTF8', 'AUTH']);

const ASCII = /^\p{ASCII}*$/u;

function localPartOf(address: string): string {
  return address.slice(0, address.lastIndexOf('@'));
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}

/** An address as it is stored: the domain in lower case, the part before it as written. */
export function storedAddress(address: string): string {
  return `${localPartOf(address)}@${domainOf(address).toLowerCase()}`;
}

/**
 * Whether who signed in may send as this envelope sender: one of the organization's domains, looked up in its ASCII form.
 * The credential is looked up again, so that revoking it ends what open sessions can do.
 * @throws {SmtpRefusal} 550, 553 or 555; whatever the database throws.
 */
export async function checkSender(
  database: Database,
  signedIn: SignedIn,
  { address, args }: SMTPServerAddress,
  envelope: SMTPServerEnvelope,
): Promise<void> {
  // A parameter that is ignored would be a promise that nobody keeps.
  if (args && Object.keys(args).some((name) => !MAIL_PARAMETERS.has(name))) throw new SmtpRefusal(smtpAnswers.unknownParameter);
  if (address === '') throw new SmtpRefusal(smtpAnswers.noBounces);
  if (!ASCII.test(localPartOf(address)) && envelope.smtpUtf8 !== true) throw new SmtpRefusal(smtpAnswers.internationalAddress);
  const domain = domainToASCII(domainOf(address));
  if (domain === '') throw new SmtpRefusal(smtpAnswers.foreignSender);
  const [submitter, owned] = await Promise.all([
    findSubmitter(database.system, signedIn.username),
    ownsDomain(database.forOrganization(signedIn.organizationId), domain),
  ]);
  if (submitter?.credentialId !== signedIn.credentialId) throw new SmtpRefusal(smtpAnswers.signInRequired);
  if (!owned) throw new SmtpRefusal(smtpAnswers.foreignSender);
}

/** @throws {SmtpRefusal} 553 or 555 for a recipient that no mail can be sent to. */
export function checkRecipient({ address, args }: SMTPServerAddress, envelope: SMTPServerEnvelope): void {
  if (args && Object.keys(args).length > 0) throw new SmtpRefusal(smtpAnswers.unknownParameter);
  if (!address.includes('@')) throw new SmtpRefusal(smtpAnswers.recipientWithoutDomain);
  if (!ASCII.test(localPartOf(address)) && envelope.smtpUtf8 !== true) throw new SmtpRefusal(smtpAnswers.internationalAddress);
}
