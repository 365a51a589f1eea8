import { readdir, readFile } from 'node:fs/promises';
import { z } from 'zod';

const FOLDER = new URL('../../test-data/hostile-html/', import.meta.url);

type Pieces = string | readonly (string | { readonly times: number; readonly of: Pieces })[];
const pieces: z.ZodType<Pieces> = z.lazy(() =>
  z.union([z.string(), z.array(z.union([z.string(), z.strictObject({ times: z.int(), of: pieces })]))]),
);
const named = { name: z.string(), tries: z.string() };
const schema = z.array(
  z.union([
    z.strictObject({ ...named, html: pieces }),
    // What is written here stands for bytes, one each.
    z.strictObject({ ...named, charset: z.string(), html: pieces }),
    // From its header on; the sender adds who sends to whom where it says nothing.
    z.strictObject({ ...named, mail: pieces }),
  ]),
);

/** A mail of the collection. */
export interface HostileMail {
  /** `technique/name`. */
  readonly name: string;
  /** The HTML; null where it is in a character set of its own, or the mail is hostile as a whole. */
  readonly html: string | null;
  /** The whole message, with CRLF. */
  readonly message: Buffer;
}

function put(together: Pieces): string {
  if (typeof together === 'string') return together;
  return together.map((piece) => (typeof piece === 'string' ? piece : put(piece.of).repeat(piece.times))).join('');
}

function messageOf(mail: z.infer<typeof schema>[number]): Buffer {
  if ('mail' in mail) return Buffer.from(put(mail.mail).replaceAll('\n', '\r\n'));
  const charset = 'charset' in mail ? mail.charset : 'utf-8';
  const content = Buffer.from(put(mail.html), 'charset' in mail ? 'latin1' : 'utf8');
  const lines = content.toString('base64').match(/.{1,76}/g) ?? [];
  return Buffer.from([`Content-Type: text/html; charset=${charset}`, 'Content-Transfer-Encoding: base64', '', ...lines, ''].join('\r\n'));
}

/** The whole collection, technique by technique. */
export async function readHostileMails(): Promise<HostileMail[]> {
  const files = (await readdir(FOLDER)).filter((file) => file.endsWith('.json')).toSorted();
  const groups = await Promise.all(
    files.map(async (file) => {
      const mails = schema.parse(JSON.parse(await readFile(new URL(file, FOLDER), 'utf8')));
      return mails.map((mail) => ({
        name: `${file.replace('.json', '')}/${mail.name}`,
        html: 'html' in mail && !('charset' in mail) ? put(mail.html) : null,
        message: messageOf(mail),
      }));
    }),
  );
  return groups.flat();
}
