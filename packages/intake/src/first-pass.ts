import type { KeyObject } from 'node:crypto';
import { isOwnReceivedField, LOOP_HEADER_NAME, verifyLoopHeader } from '@signet/domain/loop-header';
import { Fingerprint } from './fingerprint.ts';
import type { FingerprintScope } from './fingerprint.ts';
import { HEADER_BLOCK_CAP, headerBlockEnd, headerFields } from './header-block.ts';
import type { HeaderField } from './header-block.ts';

/** With more Received fields than this a message is going in circles: a submission has a few. */
const RECEIVED_LIMIT = 30;

/**
 * A message that passed through and comes again is sent on once more: somebody inside may have it redirected to the outside. With
 * more of our own Received fields than this it is going in circles.
 */
const PASSED_LIMIT = 1;

/** Up to so many bytes a body is kept in memory for parsing; a larger one is read back from the encrypted blob. */
const KEPT_BODY_BYTES = 256 * 1024;

/** Why a message is not taken in. */
export type RefusalCode = 'loop' | 'too_many_received' | 'bare_newline' | 'too_large' | 'expiry_invalid';

/** Fields that no recipient may see, whatever the rules say: the original is offered to all of them. */
const HIDDEN_FIELDS = new Set(['bcc', 'resent-bcc']);

interface FirstPassOptions {
  readonly scope: FingerprintScope;
  readonly maxBytes: number;
  /** Refuses CR without LF and LF without CR, as SMTP demands. */
  readonly refuseBareNewlines: boolean;
  readonly loopKeys: readonly KeyObject[];
  /** Called once, with all header fields, before the first byte is handed on. Answers lower-case names of fields to leave out. */
  readonly onHeader: (fields: readonly HeaderField[]) => readonly string[];
}

/**
 * Reads a message once from its source: hands on what is to be stored as the original, and gathers what only the whole stream tells.
 * The fields below are final once `read` has ended.
 */
export class FirstPass {
  /** All header fields as they came. */
  fields: readonly HeaderField[] = [];
  /** The bytes of the header as they came, its empty line included. */
  headerBlock: Buffer = Buffer.alloc(0);
  /** The fields that stay in the stored original. */
  keptFields: readonly HeaderField[] = [];
  /** Bytes of the stored original before its body. */
  storedHeaderBytes = 0;
  /** The body, where it is small enough to be kept. */
  keptBody: Uint8Array[] | null = [];
  headerTooLarge = false;
  containsNul = false;
  refusal: RefusalCode | null = null;
  /** Bytes that came in. */
  size = 0;

  readonly #options: FirstPassOptions;
  readonly #fingerprint: Fingerprint;
  #lastByte = 0x0a;
  #bodyBytes = 0;

  constructor(options: FirstPassOptions) {
    this.#options = options;
    this.#fingerprint = new Fingerprint(options.scope);
  }

  /** The fingerprint, once `read` has ended. */
  fingerprint(): string {
    return this.#fingerprint.digest();
  }

  /**
   * The bytes to store. After a refusal nothing more is handed on, but the source is read to its end, so that an SMTP dialogue stays in step.
   */
  async *read(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    let pending = Buffer.alloc(0);
    let inHeader = true;
    for await (const bytes of source) {
      const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      this.#inspect(chunk);
      if (this.refusal !== null) continue;
      if (!inHeader) {
        yield this.#body(chunk);
        continue;
      }
      const searched = pending.length;
      pending = Buffer.concat([pending, chunk]);
      const end = headerBlockEnd(pending, Math.max(0, searched - 2));
      if (end === -1 && pending.length <= HEADER_BLOCK_CAP) continue;
      inHeader = false;
      yield* this.#split(pending, end);
    }
    if (this.refusal !== null) return;
    if (inHeader) yield* this.#split(pending, pending.length);
    if (this.#options.refuseBareNewlines && this.#lastByte === 0x0d) this.refusal = 'bare_newline';
  }

  *#split(pending: Buffer, end: number): Generator<Uint8Array> {
    this.headerTooLarge = end === -1 || end > HEADER_BLOCK_CAP;
    const headerEnd = end === -1 ? pending.length : end;
    yield* this.#header(pending.subarray(0, headerEnd));
    if (this.refusal === null && headerEnd < pending.length) yield this.#body(pending.subarray(headerEnd));
  }

  *#header(block: Buffer): Generator<Uint8Array> {
    this.headerBlock = block;
    this.fields = headerFields(block);
    this.#guardAgainstLoops();
    if (this.refusal !== null) return;
    const removed = new Set([...HIDDEN_FIELDS, ...this.#options.onHeader(this.fields)]);
    this.#fingerprint.header(this.fields);
    this.keptFields = this.fields.filter(({ name }) => !removed.has(name));
    const emptyLine = block.subarray(this.fields.reduce((sum, { raw }) => sum + raw.length, 0));
    const stored = Buffer.concat([...this.keptFields.map(({ raw }) => raw), emptyLine]);
    this.storedHeaderBytes = stored.length;
    if (stored.length > 0) yield stored;
  }

  #body(chunk: Buffer): Uint8Array {
    this.#fingerprint.body(chunk);
    this.#bodyBytes += chunk.length;
    if (this.#bodyBytes > KEPT_BODY_BYTES) this.keptBody = null;
    else this.keptBody?.push(chunk);
    return chunk;
  }

  #guardAgainstLoops(): void {
    const received = this.fields.filter(({ name }) => name === 'received');
    if (received.length > RECEIVED_LIMIT) this.refusal = 'too_many_received';
    if (received.filter(({ value }) => isOwnReceivedField(this.#options.loopKeys, value)).length > PASSED_LIMIT) this.refusal = 'loop';
    const marks = this.fields.filter(({ name }) => name === LOOP_HEADER_NAME.toLowerCase());
    if (marks.some(({ value }) => verifyLoopHeader(this.#options.loopKeys, value) !== null)) this.refusal = 'loop';
  }

  #inspect(chunk: Buffer): void {
    this.size += chunk.length;
    if (this.size > this.#options.maxBytes) this.refusal ??= 'too_large';
    if (!this.containsNul) this.containsNul = chunk.includes(0);
    if (this.#options.refuseBareNewlines && this.#hasBareNewline(chunk)) this.refusal ??= 'bare_newline';
  }

  #hasBareNewline(chunk: Buffer): boolean {
    let previous = this.#lastByte;
    this.#lastByte = chunk.at(-1) ?? previous;
    // The very first byte has no predecessor that could be a bare CR.
    if (previous === 0x0d && chunk.length > 0 && chunk[0] !== 0x0a) return true;
    let carriageReturns = 0;
    for (let at = chunk.indexOf(0x0a); at !== -1; at = chunk.indexOf(0x0a, at + 1)) {
      previous = at === 0 ? previous : (chunk[at - 1] ?? 0);
      if (previous !== 0x0d) return true;
      if (at > 0) carriageReturns += 1;
    }
    if (this.#lastByte === 0x0d) carriageReturns += 1;
    for (let at = chunk.indexOf(0x0d); at !== -1; at = chunk.indexOf(0x0d, at + 1)) carriageReturns -= 1;
    return carriageReturns !== 0;
  }
}
