import { domainToASCII } from 'node:url';
import { reportAction, reportStatus, type DeliveryReportKind } from '@signet/domain/delivery-report';
import { cut } from './plain-text.ts';

/** Characters of what the next hop said: a line carries 998 octets, and the field's name takes some. */
const DIAGNOSTIC_LIMIT = 900;

/** What a delivery status says of one recipient. */
export interface RecipientStatus {
  readonly address: string;
  /** As the sender's system had it (ORCPT), `type;address`; null where it did not say. */
  readonly originalRecipient: string | null;
  readonly kind: DeliveryReportKind;
  /** What the next hop said, from outside. */
  readonly response: string;
  readonly at: Date;
}

/** What a delivery status is made of. */
export interface DeliveryStatusData {
  /** How the system that reports calls itself. */
  readonly reportingHost: string;
  /** As the sender's system had it (ENVID); null where it did not say. */
  readonly envelopeId: string | null;
  readonly acceptedAt: Date;
  readonly recipients: readonly RecipientStatus[];
}

/** The part of a delivery report that machines read (RFC 3464, 2), of ASCII alone; lines end in CRLF. */
export function deliveryStatus({ reportingHost, envelopeId, acceptedAt, recipients }: DeliveryStatusData): string {
  const groups = [
    {
      'Reporting-MTA': `dns;${reportingHost}`,
      'Original-Envelope-Id': envelopeId,
      'Arrival-Date': dateTime(acceptedAt),
    },
    ...recipients.map(({ address, originalRecipient, kind, response, at }) => ({
      'Original-Recipient': originalRecipient === null ? null : typedOriginal(originalRecipient),
      'Final-Recipient': typedAddress(address),
      Action: reportAction[kind],
      Status: reportStatus(kind, response),
      'Diagnostic-Code': /^[245]\d\d[ -]/.test(response) ? `smtp;${cut(response, DIAGNOSTIC_LIMIT)}` : null,
      'Last-Attempt-Date': dateTime(at),
    })),
  ];
  return groups.map((fields) => `${linesOf(fields)}\r\n`).join('');
}

function linesOf(fields: Readonly<Record<string, string | null>>): string {
  return Object.entries(fields)
    .flatMap(([name, value]) => (value === null ? [] : [`${name}: ${asciiLine(value)}\r\n`]))
    .join('');
}

/** Text from outside begins no line of its own, and is of ASCII. */
function asciiLine(text: string): string {
  return text.replaceAll(/[\r\n\t]+/g, ' ').replaceAll(/[^\u0020-\u007e]/gu, '?');
}

/** Type and address; one with other letters than ASCII's in the form that 7 bits carry (RFC 6533, 3). */
function typedAddress(address: string): string {
  const at = address.lastIndexOf('@');
  const domain = address.slice(at + 1);
  const ascii = `${address.slice(0, at)}@${domainToASCII(domain) || domain}`;
  return isAscii(ascii) ? `rfc822;${ascii}` : `utf-8;${escaped(address)}`;
}

function typedOriginal(typed: string): string {
  return isAscii(typed) ? typed : escaped(typed);
}

function escaped(text: string): string {
  return text.replaceAll(/[^\u0020-\u007e]/gu, (letter) => `\\x{${(letter.codePointAt(0) ?? 0).toString(16).toUpperCase()}}`);
}

function isAscii(text: string): boolean {
  return /^[\u0020-\u007e]*$/.test(text);
}

function dateTime(date: Date): string {
  return date.toUTCString().replace('GMT', '+0000');
}
