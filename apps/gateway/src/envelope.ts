import { domainToASCII, domainToUnicode } from 'node:url';
import type { Database } from '@signet/db/database';
import { findSubmitter, ownsDomain } from '@signet/db/submission';
import { findSubmissionTrusts, isTrustedPeer, type SubmissionPeer } from '@signet/db/submission-trust';
import { deliveryRequest, type DeliveryRequest, type EnvelopeRecipient } from '@signet/domain/delivery-report';
import { isMailAddress } from '@signet/domain/mail-address';
import type { SMTPServerAddress, SMTPServerEnvelope } from 'smtp-server';
import type { SignedIn } from './sign-in.ts';
import { SmtpRefusal, smtpAnswers } from './smtp-answer.ts';
import { trustedSubmitter } from './submitter.ts';
import type { Submitter } from './submitter.ts';

/** Parameters of MAIL and of RCPT that are understood. AUTH (RFC 4954, 5) is taken and, as that allows, not believed. */
const MAIL_PARAMETERS = new Set(['SIZE', 'BODY', 'SMTPUTF8', 'AUTH', 'RET', 'ENVID']);
const RCPT_PARAMETERS = new Set(['NOTIFY', 'ORCPT']);

const ASCII = /^\p{ASCII}*$/u;

function localPartOf(address: string): string {
  return address.slice(0, address.lastIndexOf('@'));
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}

/** The one spelling of a domain, as people read it; address literals stay as they are. '' where it is no domain name. */
function storedDomain(domain: string): string {
  return domain.startsWith('[') ? domain : domainToUnicode(domainToASCII(domain));
}

/** An address as it is stored: the domain in its one spelling, the part before it as written. */
export function storedAddress(address: string): string {
  return `${localPartOf(address)}@${storedDomain(domainOf(address))}`;
}

/** Whether every system takes it for the same one address. Judged as it will be stored. */
function isUsable(address: string): boolean {
  return storedDomain(domainOf(address)) !== '' && isMailAddress(storedAddress(address));
}

/**
 * Whether who signed in may send as this envelope sender: one of the organization's domains, looked up in its ASCII form.
 * The credential is looked up again, so that revoking it ends what open sessions can do.
 * @throws {SmtpRefusal} 550, 553 or 555; whatever the database throws.
 */
export async function checkSender(
  database: Database,
  signedIn: SignedIn,
  sender: SMTPServerAddress,
  envelope: SMTPServerEnvelope,
): Promise<void> {
  const domain = senderDomain(sender, envelope);
  const [submitter, owned] = await Promise.all([
    findSubmitter(database.system, signedIn.username),
    ownsDomain(database.forOrganization(signedIn.organizationId), domain),
  ]);
  if (submitter?.credentialId !== signedIn.credentialId) throw new SmtpRefusal(smtpAnswers.signInRequired);
  if (!owned) throw new SmtpRefusal(smtpAnswers.foreignSender);
}

/**
 * Who vouches for a peer that has not signed in: the trusts that hold for it, of the one organization that the envelope sender's domain
 * belongs to. Looked up at each message, so that revoking a trust ends what open sessions can do.
 * @throws {SmtpRefusal} 530 for a peer that nobody trusts; 550, 553 or 555; whatever the database throws.
 */
export async function trustedSubmitters(
  { system }: Database,
  peer: SubmissionPeer,
  sender: SMTPServerAddress,
  envelope: SMTPServerEnvelope,
): Promise<Submitter[]> {
  const domain = senderDomain(sender, envelope);
  const trusts = await findSubmissionTrusts(system, peer, domain);
  if (trusts.length > 0) return trusts.map(trustedSubmitter);
  throw new SmtpRefusal((await isTrustedPeer(system, peer)) ? smtpAnswers.foreignSender : smtpAnswers.signInRequired);
}

/**
 * The domain, in ASCII, of an envelope sender that mail can be sent from.
 * @throws {SmtpRefusal} 553 or 555 for any other.
 */
function senderDomain({ address, args }: SMTPServerAddress, envelope: SMTPServerEnvelope): string {
  // A parameter that is ignored would be a promise that nobody keeps.
  if (args && Object.keys(args).some((name) => !MAIL_PARAMETERS.has(name))) throw new SmtpRefusal(smtpAnswers.unknownParameter);
  readRequest(ofMail({ args }));
  if (!ASCII.test(localPartOf(address)) && envelope.smtpUtf8 !== true) throw new SmtpRefusal(smtpAnswers.internationalAddress);
  if (!isUsable(address)) throw new SmtpRefusal(smtpAnswers.badSender);
  return domainToASCII(domainOf(address));
}

/** @throws {SmtpRefusal} 501, 553 or 555 for a recipient that no mail can be sent to as it is asked. */
export function checkRecipient({ address, args, dsn }: SMTPServerAddress, envelope: SMTPServerEnvelope): void {
  if (args && Object.keys(args).some((name) => !RCPT_PARAMETERS.has(name))) throw new SmtpRefusal(smtpAnswers.unknownParameter);
  readRequest(dsn ?? {});
  if (!address.includes('@')) throw new SmtpRefusal(smtpAnswers.recipientWithoutDomain);
  if (!isUsable(address)) throw new SmtpRefusal(smtpAnswers.badRecipient);
  if (!ASCII.test(localPartOf(address)) && envelope.smtpUtf8 !== true) throw new SmtpRefusal(smtpAnswers.internationalAddress);
}

/** A recipient as it is stored, with what the envelope asks to be told of the delivery (RFC 3461). */
export function envelopeRecipient({ address, dsn }: SMTPServerAddress, mailFrom: SMTPServerAddress): EnvelopeRecipient {
  const request = readRequest({ ...dsn, ...ofMail(mailFrom) });
  return { address: storedAddress(address), dsn: Object.keys(request).length === 0 ? null : request };
}

/** From the command itself: the library's envelope has what a MAIL said that was refused, too. */
function ofMail({ args }: Pick<SMTPServerAddress, 'args'>): GivenRequest {
  const { RET: ret, ENVID: envid } = args || {};
  return { ret: typeof ret === 'string' ? ret.toUpperCase() : ret, envid };
}

type GivenRequest = { readonly [name in keyof DeliveryRequest]: unknown };

/** @throws {SmtpRefusal} 501 where smtp-server let something pass that no report could name. */
function readRequest(given: GivenRequest): DeliveryRequest {
  const said = Object.entries(given).filter(([, value]) => value !== null && value !== undefined);
  const { data } = deliveryRequest.safeParse(Object.fromEntries(said));
  if (!data) throw new SmtpRefusal(smtpAnswers.badParameter);
  return data;
}
