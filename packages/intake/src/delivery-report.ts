import { firstValue, headerBlockEnd, headerFields } from './header-block.ts';
import type { ParserPool } from './parser-pool.ts';

/** What a mail system reports of a mail to one recipient. */
export interface DeliveryReport {
  /** `failed`: it was given up. `delayed`: it is still being tried. `passed`: anything else, such as delivered, relayed or expanded. */
  readonly action: 'failed' | 'delayed' | 'passed';
  /** The remote server's answer in its own words where the report has them, else the status code. */
  readonly response: string;
}

/** Bytes of a delivery status that are read: a few fields for each recipient. */
const STATUS_BYTES = 64 * 1024;

const statusTypes = new Set(['message/delivery-status', 'message/global-delivery-status']);

/** In order of weight: a report about several addresses says of its one recipient what is worst. */
const actions = ['failed', 'delayed', 'passed'] as const;

/**
 * Reads a delivery status notification (RFC 3464), as a bounce is.
 * @param raw the whole mail; its size is the caller's to limit.
 * @returns null for a mail that is none, such as an absence notice.
 */
export async function readDeliveryReport(parser: ParserPool, raw: Buffer): Promise<DeliveryReport | null> {
  const end = headerBlockEnd(raw);
  if (end === -1) return null;
  const found: Buffer[] = [];
  await parser.parse({
    header: raw.subarray(0, end),
    body: onePiece(raw.subarray(end)),
    onPart: async ({ contentType }, content) => {
      if (statusTypes.has(contentType)) found.push(await firstBytes(content));
    },
  });
  const reports = found.flatMap((status) => reportsOf(status));
  return reports.toSorted((a, b) => actions.indexOf(a.action) - actions.indexOf(b.action))[0] ?? null;
}

/** A delivery status is a group of fields about the mail, then one for each recipient, with empty lines between them. */
function reportsOf(status: Buffer): DeliveryReport[] {
  const groups: Buffer[] = [];
  for (let rest = status; rest.length > 0;) {
    const end = headerBlockEnd(rest);
    groups.push(end === -1 ? rest : rest.subarray(0, end));
    rest = end === -1 ? Buffer.alloc(0) : rest.subarray(end);
  }
  return groups.flatMap((group) => {
    const fields = headerFields(group);
    const action = firstValue(fields, 'action')?.trim().toLowerCase();
    if (action === undefined) return [];
    const diagnostic = firstValue(fields, 'diagnostic-code')?.replace(/^\s*[\w-]+\s*;\s*/, '');
    const response = (diagnostic ?? firstValue(fields, 'status') ?? '').replaceAll(/\s+/g, ' ').trim();
    return [{ action: action === 'failed' || action === 'delayed' ? action : 'passed', response }];
  });
}

async function* onePiece(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  if (bytes.length > 0) yield bytes;
}

/** The content's beginning, as a copy: each piece is good only until the next. */
async function firstBytes(content: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of content) {
    if (size < STATUS_BYTES) pieces.push(Buffer.from(piece.subarray(0, STATUS_BYTES - size)));
    size += piece.length;
  }
  return Buffer.concat(pieces);
}
