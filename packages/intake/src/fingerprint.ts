import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { freeAtOnce } from '@signet/vault/free-at-once';
import type { HeaderField } from './header-block.ts';

/**
 * Fields that servers add or change on the way, so that copies of one message differ in them. `Delivered-To` is among them: a delivery
 * agent adds it for one recipient, and copies that a mail system split off would never meet again. `X-Signet-Template` is not: it is the
 * sender's choice, and the same text under another template is another message.
 */
const TRACE_FIELDS = new Set(['received', 'return-path', 'authentication-results', 'bcc', 'delivered-to']);
const TRACE_PREFIXES = ['arc-', 'x-ms-'];

function isTraceField(name: string): boolean {
  return TRACE_FIELDS.has(name) || TRACE_PREFIXES.some((prefix) => name.startsWith(prefix));
}

/** Whose message it is: the same bytes from another organization or sender are another message. */
export interface FingerprintScope {
  readonly organizationId: string;
  /** Envelope sender; compared without regard to case. */
  readonly sender: string;
}

/**
 * Fingerprint of a message: SHA-256 over a version line, organization, sender and the message without trace fields (each removed with its
 * folded lines). CRLF and LF count alike, so a message keeps its fingerprint on every way in. Final form:
 *
 *     "signet-fingerprint-v1" LF organizationId LF lower-case sender LF  header fields  LF  body
 *
 * where every CR before an LF is left out. Feed the header once, then the body in any pieces.
 */
export class Fingerprint {
  readonly #hash: Hash = createHash('sha256');
  #heldCarriageReturn = false;

  constructor(scope: FingerprintScope) {
    this.#hash.update(`signet-fingerprint-v1\n${scope.organizationId}\n${scope.sender.toLowerCase()}\n`);
  }

  /** Takes the header fields and the empty line that ends them. */
  header(fields: readonly HeaderField[]): void {
    for (const field of fields) if (!isTraceField(field.name)) this.#update(field.raw);
    this.#update(Buffer.from('\n'));
  }

  /** Takes the next piece of the body. */
  body(chunk: Uint8Array): void {
    this.#update(chunk);
  }

  /** The fingerprint: 64 hexadecimal digits. Nothing can be fed afterwards. */
  digest(): string {
    if (this.#heldCarriageReturn) this.#hash.update('\r');
    return this.#hash.digest('hex');
  }

  /** Hashes the chunk without the CRs that stand before an LF; one at the end of the chunk waits for the next. */
  #update(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    if (this.#heldCarriageReturn && chunk[0] !== 0x0a) this.#hash.update('\r');
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    const kept = Buffer.allocUnsafe(bytes.length);
    let length = 0;
    let from = 0;
    for (let at = bytes.indexOf(0x0d); at !== -1; at = bytes.indexOf(0x0d, at + 1)) {
      if (at + 1 < bytes.length && bytes[at + 1] !== 0x0a) continue;
      length += bytes.copy(kept, length, from, at);
      from = at + 1;
    }
    this.#heldCarriageReturn = bytes.at(-1) === 0x0d;
    length += bytes.copy(kept, length, from);
    this.#hash.update(kept.subarray(0, length));
    freeAtOnce(kept);
  }
}
