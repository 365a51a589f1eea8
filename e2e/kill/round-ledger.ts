import { createHash } from 'node:crypto';
import type { Chance } from './chance.ts';

/** A message of the round: the same bytes every time they are sent. */
export interface SentMessage {
  readonly messageId: string;
  readonly subject: string;
  readonly recipients: readonly string[];
  readonly raw: string;
  /** Stands in the body and nowhere else. */
  readonly words: string;
  readonly attachment: Buffer | null;
  /** How often it was sent until it got 250, and that answer. */
  times: number;
  answer: string | null;
}

/** What the readers of one recipient's link asked for and got. */
export interface Reading {
  /** Requests to open it that left, answered or not. */
  opened: number;
  /** Ids of the openings whose content came. */
  readonly accessIds: string[];
  /** The same of its attachment. */
  downloads: number;
  /** When the whole of it came first. */
  downloadedAt: number | null;
}

/** What the people of a round did and saw: what the system must answer for afterwards. */
export class RoundLedger {
  readonly messages: readonly SentMessage[];
  readonly bySubject: ReadonlyMap<string, SentMessage>;
  /** When an api process was killed: how many bytes it had sent in its last moments it could tell nobody. */
  apiKilledAt: number | null = null;
  readonly readings = new Map<string, Reading>();
  /** Openings that are to come: one for each recipient. */
  readonly expected: number;

  constructor(round: number, count: number, chance: Chance) {
    const readers = ['ann', 'ben', 'cleo'].map((name) => `${name}-${round}@example.net`);
    this.messages = Array.from({ length: count }, (_, index) => {
      const recipients = index % 4 === 0 ? readers : [readers[index % readers.length] ?? ''];
      return makeMessage(`${round}-${index}`, recipients, index % 10 === 0 ? 50_000 + chance.below(200_000) : 0);
    });
    this.bySubject = new Map(this.messages.map((message) => [message.subject, message]));
    this.expected = this.messages.reduce((sum, { recipients }) => sum + recipients.length, 0);
  }

  reading(token: string): Reading {
    const known = this.readings.get(token) ?? { opened: 0, accessIds: [], downloads: 0, downloadedAt: null };
    this.readings.set(token, known);
    return known;
  }

  get accepted(): number {
    return this.messages.filter(({ answer }) => answer !== null).length;
  }
}

function makeMessage(name: string, recipients: readonly string[], attachmentBytes: number): SentMessage {
  const messageId = `<kill-${name}@acme.example>`;
  const subject = `Kill test ${name}`;
  const words = `Only for your eyes: ${createHash('sha256').update(name).digest('hex')}`;
  const attachment = attachmentBytes === 0 ? null : Buffer.alloc(attachmentBytes, `${name}|`);
  const head = [
    'From: Alice <alice@acme.example>',
    `To: ${recipients.join(', ')}`,
    `Subject: ${subject}`,
    `Message-ID: ${messageId}`,
    'Date: Tue, 24 Nov 2026 12:00:00 +0000',
    'MIME-Version: 1.0',
  ];
  const text = ['Content-Type: text/plain', '', words];
  const file = attachment && [
    'Content-Type: application/octet-stream',
    'Content-Disposition: attachment; filename="file.bin"',
    'Content-Transfer-Encoding: base64',
    '',
    attachment.toString('base64').replaceAll(/.{76}/g, '$&\r\n'),
  ];
  const lines = file
    ? [...head, 'Content-Type: multipart/mixed; boundary=b', '', '--b', ...text, '--b', ...file, '--b--', '']
    : [...head, ...text, ''];
  return { messageId, subject, recipients, raw: lines.join('\r\n'), words, attachment, times: 0, answer: null };
}
