import type { AuditEntry } from './audit/entry.ts';
import { isInNetworks, isOnInternet } from './open-network.ts';

/** So many syslog destinations an organization may have. */
export const SYSLOG_LIMIT = 5;

/** So many of them are spoken to at once, by all workers together: a fifth of what one worker speaks to. */
export const SYSLOG_LANES = 2;

/** Entries in one connection, and bytes of their messages after which no further one is added. */
export const SYSLOG_ENTRIES = 1_000;
export const SYSLOG_BYTES = 1024 * 1024;

/** Octets of a message: what receivers must take (RFC 5425, 4.3.1), what they should take, and what some can be told to take. */
export const SYSLOG_MESSAGE = { least: 2_048, preset: 8_192, most: 262_144 } as const;

/** Log audit (RFC 5424, 6.2.1). */
const FACILITY = 13;
const WARNING = 4;
const INFORMATIONAL = 6;

/** Signet has no enterprise number of its own: 32473 is IANA's for documentation (RFC 5612), and so nobody else's. */
const SD_ID = 'signet@32473';

/** Which of Signet's messages a receiver has before it. */
type SyslogKind = 'entry' | 'checkpoint' | 'test';

interface SyslogHead {
  readonly severity: number;
  /** RFC 3339 in UTC. */
  readonly at: string;
  readonly host: string;
  /** At most 32 printable characters of ASCII. */
  readonly messageId: string;
  readonly kind: SyslogKind;
  /** Of structured data; values of ASCII without quote, backslash or bracket. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** Everything before the message's text (RFC 5424, 6). No PROCID: the same entry makes the same message, whichever process sends it. */
function headOf({ severity, at, host, messageId, kind, parameters }: SyslogHead): string {
  const data = Object.entries({ kind, ...parameters }).map(([name, value]) => ` ${name}="${value}"`);
  return `<${FACILITY * 8 + severity}>1 ${at} ${host} signet - ${messageId} [${SD_ID}${data.join('')}] `;
}

/**
 * JSON in ASCII alone. RFC 5424 wants a byte order mark before a text in UTF-8, at which many readers of JSON stumble; a text in ASCII has
 * none, and says the same.
 */
function asciiJson(value: object): string {
  return JSON.stringify(value).replaceAll(/[\u0080-\uffff]/g, (unit) => String.raw`\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/**
 * An audit entry as a syslog message (RFC 5424), in ASCII. One that would be too large keeps what fits, and says `"shortened":true`: all of
 * it is in the log.
 * @param host who sends: a host name or an address.
 * @param maxBytes at least `SYSLOG_MESSAGE.least`.
 */
export function syslogOfEntry(entry: AuditEntry, { host, maxBytes }: { readonly host: string; readonly maxBytes: number }): string {
  const isFailure = entry.operationStatus === 'Failure' || entry.authenticationStatus === 'Failure';
  const head = headOf({
    severity: isFailure ? WARNING : INFORMATIONAL,
    at: entry.creationTime,
    host,
    messageId: entry.operation,
    kind: 'entry',
    parameters: { organizationId: entry.organizationId, id: entry.id, logIndex: String(entry.logIndex) },
  });
  const whole = head + asciiJson(entry);
  return whole.length <= maxBytes ? whole : head + shortened(entry, maxBytes - head.length);
}

/** Fields without a small limit, the most telling first. */
const spacious = [
  'messageId',
  'sender',
  'actor',
  'clientIp',
  'attachmentName',
  'userAgent',
  'operationProperties',
  'recipients',
] as const satisfies readonly (keyof AuditEntry)[];

function shortened(entry: AuditEntry, room: number): string {
  const { id, version, operation, creationTime, recordedAt, organizationId, messageUid, source, logIndex } = entry;
  const { operationStatus, authenticationStatus, authenticationMethod } = entry;
  const core = { id, version, logIndex, operation, creationTime, recordedAt, organizationId, messageUid, source };
  let text = asciiJson({ ...core, operationStatus, authenticationStatus, authenticationMethod, shortened: true });
  for (const name of spacious) {
    const more = `${text.slice(0, -1)},${asciiJson({ [name]: entry[name] }).slice(1)}`;
    if (more.length <= room) text = more;
  }
  return text;
}

/** A message that says nothing but that messages arrive. */
export function syslogOfTest({ id, organizationId, at, host }: Record<'id' | 'organizationId' | 'at' | 'host', string>): string {
  const facts = { organizationId, id };
  const head = headOf({ severity: INFORMATIONAL, at, host, messageId: 'SyslogTest', kind: 'test', parameters: facts });
  return head + asciiJson({ type: 'syslog.test', timestamp: at, ...facts });
}

/** A checkpoint of a log (C2SP tlog-checkpoint) as a message. It is never shortened: a signature is over all of it. */
export function syslogOfCheckpoint({
  host,
  at,
  sendingId,
  organizationId,
  stream,
  size,
  note,
}: Record<'host' | 'at' | 'sendingId' | 'organizationId' | 'stream' | 'note', string> & { readonly size: number }): string {
  const facts = { organizationId, id: sendingId, stream, size: String(size) };
  const head = headOf({ severity: INFORMATIONAL, at, host, messageId: 'LogCheckpoint', kind: 'checkpoint', parameters: facts });
  return head + asciiJson({ type: 'log.checkpoint', timestamp: at, organizationId, stream, size, note });
}

/** A message as it goes over TLS: after its length in octets (RFC 5425, 4.3). @param message in ASCII. */
export function syslogFrame(message: string): string {
  return `${message.length} ${message}`;
}

/** Whether a receiver of syslog may be at an address: on the internet, or in a network that whoever runs Signet named. It is TLS everywhere. */
export function mayBeSyslog(address: string, networks: readonly string[]): boolean {
  return isInNetworks(address, networks) || isOnInternet(address);
}

/** Why nobody connects to a receiver of syslog. */
export function closedSyslog(host: string, address: string | undefined): string {
  const what = address === undefined || address === host ? host : `${host} is ${address}, which`;
  return `${what} is in no network where a receiver of syslog may be: on the internet, else where whoever runs Signet says in SYSLOG_NETWORKS`;
}
