import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';

const testData = resolve(import.meta.dirname, '../packages/intake/test-data');
const seen = z.object({ name: z.string().nullable(), size: z.number(), sha256: z.string() });

/** What other programs see in each message of the corpus. */
export const expected = z
  .record(z.string(), z.object({ subject: z.string().nullable(), parts: z.array(seen) }))
  .parse(JSON.parse(readFileSync(`${testData}/mail-corpus/expected.json`, 'utf8')));

/** Where Signet reads a message otherwise, and why that is no worse. */
export const differences = z
  .record(z.string(), z.object({ subject: z.string().nullable().optional(), attachments: z.array(seen).optional(), why: z.string() }))
  .parse(JSON.parse(readFileSync(`${testData}/corpus-differences.json`, 'utf8')));

/** A message of the corpus as any SMTP client sends a file: every line ends in CRLF. */
export function readAsSent(name: string): Buffer {
  const raw = readFileSync(`${testData}/mail-corpus/${name}`, 'latin1').replace(/\r\n|\r|\n/g, '\r\n');
  return Buffer.from(raw.endsWith('\r\n') ? raw : `${raw}\r\n`, 'latin1');
}
