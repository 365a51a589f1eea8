import type { NextHopAnswer } from '@signet/domain/delivery';
import type { DeliveryRequest } from '@signet/domain/delivery-report';

/** What signs a mail (DKIM). */
export interface DkimSigner {
  readonly domain: string;
  readonly selector: string;
  /** PEM. */
  readonly privateKey: string;
}

/** What machines read of a mail that is a report. */
export interface MailReport {
  /** The delivery status (RFC 3464). */
  readonly status: string;
  /** What is shown of the header of the message that it is about; never any of its body. */
  readonly about: Readonly<Record<string, string>>;
}

/** A mail to one recipient, ready for the next hop. */
export interface OutgoingMail {
  /** In whose name it goes. */
  readonly organizationId: string;
  /** A text of the mail that no record may hold, whatever the next hop answers. */
  readonly unrecorded?: string | null;
  /** With angle brackets; the same on every attempt. */
  readonly messageId: string;
  /** Header `From`, and envelope sender unless that is named. */
  readonly from: string;
  /** Where it comes back to when it cannot be delivered; null: empty, so that nothing comes back. */
  readonly envelopeSender?: string | null;
  readonly to: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
  /** A picture that the HTML part shows, by its Content-ID. */
  readonly logo?: { readonly cid: string; readonly png: Buffer };
  /** Texts that arrive to the byte. */
  readonly attachments?: readonly { readonly filename: string; readonly text: string }[];
  /** Null, or none: it is not signed. */
  readonly dkim?: DkimSigner | null;
  /** It is a report, and has no logo. */
  readonly report?: MailReport;
  /** What the sender asks to be told, for a next hop that reports to the sender itself (RFC 3461). */
  readonly request?: DeliveryRequest | null;
}

/** A message that goes on as it came. */
export interface PassedMessage {
  readonly organizationId: string;
  readonly unrecorded?: string | null;
  /** Envelope sender and recipient. */
  readonly from: string;
  readonly to: string;
  /** All of its bytes, in the order and form in which they go; read once. */
  readonly bytes: AsyncIterable<Uint8Array>;
  /** How many those are: what MAIL declares (RFC 1870). */
  readonly size: number;
  readonly request?: DeliveryRequest | null;
}

export interface HopAnswer extends NextHopAnswer {
  /** Nobody was there who could have taken any mail: it was not reached, fell silent, or let nobody in. */
  readonly isAway?: boolean;
}

/** Port to the mail server that Signet hands its mails to. */
export interface NextHop {
  /** Hands a mail over and tells what was answered; whatever goes wrong on the way is an answer too (deferred). Never throws. */
  send(mail: OutgoingMail): Promise<HopAnswer>;
  /** The same for a message that goes on byte for byte. One whose bytes cannot be had to their end is not handed over. */
  pass(message: PassedMessage): Promise<HopAnswer>;
  close(): void;
}
