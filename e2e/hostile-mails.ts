import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';

const folder = resolve(import.meta.dirname, '../packages/intake/test-data/hostile-html');

type Pieces = string | readonly (string | { readonly times: number; readonly of: Pieces })[];
const pieces: z.ZodType<Pieces> = z.lazy(() =>
  z.union([z.string(), z.array(z.union([z.string(), z.strictObject({ times: z.int(), of: pieces })]))]),
);
const named = { name: z.string(), tries: z.string() };
const file = z.array(
  z.union([
    z.strictObject({ ...named, html: pieces, charset: z.string().optional() }),
    z.strictObject({ ...named, mail: pieces, charset: z.undefined().optional() }),
  ]),
);

/** A mail of intake's collection, as it is sent. */
export interface HostileMail {
  /** `technique/name`. */
  readonly name: string;
  /** Null where the mail is hostile as a whole. */
  readonly html: string | null;
  /** Each from a sender of its own, by which its wrapper mail is told from the others. */
  readonly sender: string;
  /** Header, empty line and body, with CRLF. */
  readonly raw: Buffer;
}

/**
 * Reads the collection.
 * @param trapPort port of the loopback address that some of them ask for.
 */
export function readHostileMails(domain: string, trapPort: number): HostileMail[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return files.flatMap((name) =>
    file.parse(JSON.parse(readFileSync(join(folder, name), 'utf8'))).map((mail, index) => {
      const technique = name.replace('.json', '');
      const sender = `${technique}-${index}@${domain}`;
      const text = put('html' in mail ? mail.html : mail.mail)
        .replaceAll('{{PORT}}', String(trapPort))
        .replaceAll('{{SENDER}}', sender);
      const html = 'html' in mail ? text : null;
      const message = html === null ? text.replaceAll('\n', '\r\n') : htmlMessage(html, mail.charset);
      const more = /^From:/im.test(message) ? '' : `From: ${sender}\r\n`;
      return { name: `${technique}/${mail.name}`, html, sender, raw: Buffer.from(`${more}${message}\r\n`) };
    }),
  );
}

function put(together: Pieces): string {
  if (typeof together === 'string') return together;
  return together.map((piece) => (typeof piece === 'string' ? piece : put(piece.of).repeat(piece.times))).join('');
}

/** In base64, so that control characters arrive as they are. With a character set, each character stands for a byte. */
function htmlMessage(html: string, charset: string | undefined): string {
  const content = Buffer.from(html, charset === undefined ? 'utf8' : 'latin1');
  const lines = content.toString('base64').match(/.{1,76}/g) ?? [];
  return [`Content-Type: text/html; charset=${charset ?? 'utf-8'}`, 'Content-Transfer-Encoding: base64', '', ...lines].join('\r\n');
}
