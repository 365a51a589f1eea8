import type { AskedExpiryRefusal } from '@signet/domain/message-expiry';
import type { RefusalCode } from '@signet/intake/first-pass';

/** What a client is told: reply code (RFC 5321), enhanced code (RFC 3463) and a text that never holds content. */
export interface SmtpAnswer {
  readonly code: number;
  readonly enhanced: string;
  readonly text: string;
}

/** Every answer that the gateway itself gives besides 250. The protocol's own ones (syntax, order of commands) come from smtp-server. */
export const smtpAnswers = {
  signInRequired: { code: 530, enhanced: '5.7.0', text: 'Authentication required, or a trusted network or certificate' },
  encryptionRequired: { code: 530, enhanced: '5.7.0', text: 'Must issue a STARTTLS command first' },
  wrongCredentials: { code: 535, enhanced: '5.7.8', text: 'Authentication credentials invalid' },
  signInUnavailable: { code: 454, enhanced: '4.7.0', text: 'Temporary authentication failure' },
  tooManyFailures: { code: 421, enhanced: '4.7.0', text: 'Too many failed sign-ins from your network, try again later' },
  notSignedIn: { code: 421, enhanced: '4.7.0', text: 'Sign in sooner, try again later' },
  tooManyStrangers: { code: 421, enhanced: '4.7.0', text: 'Too many connections from your network that have not signed in' },
  tooManyRefusals: { code: 421, enhanced: '4.7.0', text: 'Too many refused commands without a sign-in' },
  unknownParameter: { code: 555, enhanced: '5.5.4', text: 'A parameter is not supported' },
  badParameter: { code: 501, enhanced: '5.5.4', text: 'A parameter is not well-formed, or too long' },
  unknownBounce: { code: 550, enhanced: '5.7.1', text: 'Only mail that could not be delivered comes back here' },
  oneBounce: { code: 452, enhanced: '4.5.3', text: 'One recipient at a time' },
  requiredHeader: {
    code: 550,
    enhanced: '5.7.1',
    text: 'A header field that your organization asks of this mail system is missing or wrong',
  },
  foreignSender: { code: 550, enhanced: '5.7.1', text: 'The sender does not belong to your organization' },
  internationalAddress: { code: 553, enhanced: '5.6.7', text: 'The address needs SMTPUTF8' },
  badSender: { code: 553, enhanced: '5.1.7', text: 'The sender is not one mail address' },
  badRecipient: { code: 553, enhanced: '5.1.3', text: 'The recipient is not one mail address' },
  recipientWithoutDomain: { code: 553, enhanced: '5.1.3', text: 'The recipient needs a domain' },
  loop: { code: 554, enhanced: '5.4.6', text: 'Mail loop: Signet sent this message itself' },
  tooManyReceived: { code: 554, enhanced: '5.4.6', text: 'Mail loop: too many Received fields' },
  bareNewline: { code: 550, enhanced: '5.6.0', text: 'Lines must end in CRLF: a bare CR or LF is not accepted' },
  tooManyRecipients: { code: 452, enhanced: '4.5.3', text: 'Too many recipients; send the message again to the others' },
  tooLarge: { code: 552, enhanced: '5.3.4', text: 'The message is larger than the limit' },
  expiryInvalid: {
    code: 550,
    enhanced: '5.6.0',
    text: 'X-Signet-Expires must be 1 to 730 days, or a time to come (RFC 3339) within 730 days, and stand once',
  },
  expiryNotForSenders: { code: 550, enhanced: '5.7.1', text: 'X-Signet-Expires: your organization does not let senders set the expiry' },
  expiryNotLater: {
    code: 550,
    enhanced: '5.7.1',
    text: 'X-Signet-Expires is later than your organization lets this message expire; ask for less, or leave it out',
  },
  messageClosed: { code: 550, enhanced: '5.7.1', text: 'The message was revoked or has expired, no recipient can be added' },
  unavailable: { code: 451, enhanced: '4.3.0', text: 'Not available for now, try again later' },
  storageFull: { code: 452, enhanced: '4.3.1', text: 'Storage is full, try again later' },
  tooSlow: { code: 421, enhanced: '4.4.2', text: 'The message took too long to arrive' },
  shutdown: { code: 421, enhanced: '4.3.2', text: 'Shutting down, try again later' },
} as const satisfies Record<string, SmtpAnswer>;

/** What intake's refusals are called in SMTP. */
export const refusalAnswers = {
  loop: smtpAnswers.loop,
  too_many_received: smtpAnswers.tooManyReceived,
  bare_newline: smtpAnswers.bareNewline,
  too_large: smtpAnswers.tooLarge,
  expiry_invalid: smtpAnswers.expiryInvalid,
} as const satisfies Record<RefusalCode, SmtpAnswer>;

/** Why a sender's wish for an expiry was not granted, in SMTP. */
export const expiryAnswers = {
  invalid: smtpAnswers.expiryInvalid,
  not_for_senders: smtpAnswers.expiryNotForSenders,
  not_later: smtpAnswers.expiryNotLater,
} as const satisfies Record<AskedExpiryRefusal, SmtpAnswer>;

/** What the sender of a message reads that a mail rule rejects. @param text one line of ASCII, as rules have it. */
export function rejectionAnswer(text: string): SmtpAnswer {
  return { code: 550, enhanced: '5.7.1', text };
}

/** A reply line has 512 octets at most (RFC 5321, 4.5.3.1.5), and the text around the Message-ID takes some. */
const MESSAGE_ID_OCTETS = 480;

/** The text of the reply 250 to a message that is stored and committed; a Message-ID that no reply line can hold is left away. */
export function acceptedText(messageId: string): string {
  return Buffer.byteLength(messageId) <= MESSAGE_ID_OCTETS ? `2.0.0 Accepted ${messageId}` : '2.0.0 Accepted';
}

/** The one text of an answer, with its enhanced code in front. */
export function answerText({ enhanced, text }: SmtpAnswer): string {
  return `${enhanced} ${text}`;
}

/** An answer as smtp-server's callbacks take it. */
export class SmtpRefusal extends Error {
  override readonly name = 'SmtpRefusal';
  readonly answer: SmtpAnswer;
  readonly responseCode: number;

  constructor(answer: SmtpAnswer) {
    super(answerText(answer));
    this.answer = answer;
    this.responseCode = answer.code;
  }
}
