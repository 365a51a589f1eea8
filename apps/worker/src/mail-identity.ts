import { domainToASCII } from 'node:url';

/** The domain of an address in ASCII, as it stands in Message-IDs. */
function domainOf(address: string): string {
  const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase();
  return domainToASCII(domain) || 'invalid';
}

/**
 * The Message-ID of a recipient's wrapper mail: the same on every attempt of one sending, a crash between them included, so that mail
 * systems know it again; and another one where somebody has it sent again, since what they know already many of them drop unseen.
 * @param resend the id of that sending, null for the first one.
 */
export function wrapperMessageId(recipientId: string, sender: string, resend: string | null): string {
  return `<w-${recipientId}${resend === null ? '' : `-${resend}`}@${domainOf(sender)}>`;
}

/** The Message-ID of a passcode mail: the same on every attempt. */
export function passcodeMessageId(passcodeRequestId: string, sender: string): string {
  return `<p-${passcodeRequestId}@${domainOf(sender)}>`;
}

/** The Message-ID of the notice to a message's sender: the same on every attempt. */
export function noticeMessageId(messageUid: string, sender: string): string {
  return `<n-${messageUid}@${domainOf(sender)}>`;
}

/** The Message-ID of a mail of what became of a message: the same on every attempt. */
export function senderFactsMessageId(mailId: string, sender: string): string {
  return `<f-${mailId}@${domainOf(sender)}>`;
}

/** The Message-ID of a delivery report: the same on every attempt. */
export function deliveryReportId(mailId: string, sender: string): string {
  return `<d-${mailId}@${domainOf(sender)}>`;
}

/** The Message-ID of a mail to a member about their account: the same on every attempt. */
export function memberMailId(outboxId: string, memberId: string, domain: string): string {
  return `<a-${outboxId}-${memberId}@${domainOf(`@${domain}`)}>`;
}

/** The Message-ID of a template's sample: the same on every attempt. */
export function templateTestId(outboxId: string, memberId: string, domain: string): string {
  return `<t-${outboxId}-${memberId}@${domainOf(`@${domain}`)}>`;
}

/** The Message-ID of a mail with checkpoints: the same on every attempt. */
export function checkpointMailId(mailId: string, domain: string): string {
  return `<c-${mailId}@${domainOf(`@${domain}`)}>`;
}

/**
 * Whom passcode mails and notices come from: an address of the sender's domain that nobody reads, since an answer to the
 * sender would carry the code back, and a sender's own to themselves looks like a forgery.
 */
export function passcodeSender(sender: string): string {
  return `no-reply@${sender.slice(sender.lastIndexOf('@') + 1)}`;
}
