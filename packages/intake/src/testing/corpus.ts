import { readFile } from 'node:fs/promises';
import { z } from 'zod';

const CORPUS = new URL('../../test-data/mail-corpus/', import.meta.url);

const attachment = z.strictObject({ name: z.string().nullable(), size: z.int(), sha256: z.string() });

const expectedSchema = z.record(
  z.string(),
  z.object({
    subject: z.string().nullable(),
    parts: z.array(z.object({ name: z.string().nullable(), size: z.int(), sha256: z.string() })),
  }),
);

/** Where we read a message otherwise than the expectation, what exactly we see, and why that is no worse. */
const differencesSchema = z.record(
  z.string(),
  z.strictObject({ subject: z.string().nullable().optional(), attachments: z.array(attachment).optional(), why: z.string().min(20) }),
);

export type SeenAttachment = z.infer<typeof attachment>;

export async function readExpected(): Promise<z.infer<typeof expectedSchema>> {
  return expectedSchema.parse(JSON.parse(await readFile(new URL('expected.json', CORPUS), 'utf8')));
}

export async function readDifferences(): Promise<z.infer<typeof differencesSchema>> {
  return differencesSchema.parse(JSON.parse(await readFile(new URL('../corpus-differences.json', CORPUS), 'utf8')));
}

/** The message as an SMTP client sends it: every line end, also a lone CR or LF, is CRLF, and the last line has one. */
export async function readAsSent(name: string): Promise<Buffer> {
  const text = (await readFile(new URL(name, CORPUS))).toString('latin1').replace(/\r\n|\r|\n/g, '\r\n');
  return Buffer.from(text.endsWith('\r\n') ? text : `${text}\r\n`, 'latin1');
}
