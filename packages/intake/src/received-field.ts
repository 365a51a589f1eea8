/** Where a message came from, and how. */
export interface Arrival {
  /** The program that handed it over: what it called itself (EHLO), where it did, and its address. Null over HTTP: whose browser it was concerns nobody. */
  readonly client: { readonly name: string | null; readonly ip: string } | null;
  /** How this server calls itself. */
  readonly serverName: string;
  /** Of the registry "Mail Transmission Types" (RFC 3848); HTTP as mail systems write it. */
  readonly protocol: 'ESMTP' | 'ESMTPS' | 'ESMTPA' | 'ESMTPSA' | 'HTTP';
}

/** Host names and address literals; whatever else a client calls itself stays out of the header. */
const CLIENT_NAME = /^[A-Za-z0-9.:[\]_-]{1,255}$/;

/**
 * The trace field that Signet puts before a message that passes through (RFC 5321, 4.4), with its line ends. Lines stay below 400
 * characters.
 * @param transitId as `makeTransitId` makes it.
 */
export function receivedField({ client, serverName, protocol }: Arrival, transitId: string, at: Date): string {
  const lines = [`by ${serverName} with ${protocol}`, `id ${transitId};`, dateTime(at)];
  if (client !== null)
    lines.unshift(`from ${client.name !== null && CLIENT_NAME.test(client.name) ? client.name : 'unknown'} ([${literal(client.ip)}])`);
  return `Received: ${lines.join('\r\n\t')}\r\n`;
}

/** An address as RFC 5321, 4.1.3, writes it within brackets. */
function literal(ip: string): string {
  return ip.includes(':') ? `IPv6:${ip}` : ip;
}

/** An instant as RFC 5322, 3.3, writes it, in UTC. */
function dateTime(at: Date): string {
  return at.toUTCString().replace('GMT', '+0000');
}
