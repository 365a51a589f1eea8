import { randomBytes } from 'node:crypto';
import { endOfData } from './smtp-session.ts';

const words = 'the ring presses a brand into warm wax so that whoever holds the letter knows who has sealed it and when'.split(' ');

/** Lines of plain words, about as many bytes as asked, never more. */
function prose(bytes: number, begin: string, end: string): string {
  let text = '';
  for (let index = 0; ; index += 1) {
    const line = `${begin}${Array.from({ length: 12 }, (_, word) => words[(index * 7 + word * 5) % words.length]).join(' ')}${end}\r\n`;
    if (text.length + line.length > bytes) return text;
    text += line;
  }
}

/** Bytes in base64, in lines of 76 characters. */
function base64Lines(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll(/.{76}/g, '$&\r\n');
}

/** A message that differs from every other: its name stands in Message-ID and subject. */
export function mailHeader(name: string, to: string): string {
  return [
    'From: Alice Archer <alice@acme.example>',
    `To: <${to}>`,
    `Subject: Report ${name}`,
    `Message-ID: <${name}@acme.example>`,
    'Date: Mon, 02 Nov 2026 09:00:00 +0000',
    'MIME-Version: 1.0',
    '',
  ].join('\r\n');
}

function textPart(type: string, content: string): string {
  return `--=a\r\nContent-Type: ${type}; charset=utf-8\r\n\r\n${content}\r\n`;
}

/** The rest of a message with an HTML body of about 20 kB and a text beside it. */
export function htmlMailRest(): string {
  const html = `<html><body>\r\n${prose(19_950, '<p>', '</p>')}</body></html>`;
  const parts = textPart('text/plain', prose(2_000, '', '')) + textPart('text/html', html);
  return `Content-Type: multipart/alternative; boundary="=a"\r\n\r\n${parts}--=a--${endOfData}`;
}

/** The rest of a message of 100,000 bytes: text, HTML, and one attachment that does not compress. */
export function mixedMailRest(): string {
  const attachment = base64Lines(randomBytes(61_690));
  const rest = [
    'Content-Type: multipart/mixed; boundary="=m"',
    '',
    '--=m',
    'Content-Type: multipart/alternative; boundary="=a"',
    '',
    '--=a',
    'Content-Type: text/plain; charset=utf-8',
    '',
    prose(3_000, '', ''),
    '--=a',
    'Content-Type: text/html; charset=utf-8',
    '',
    `<html><body>\r\n${prose(12_000, '<p>', '</p>')}</body></html>`,
    '--=a--',
    '--=m',
    'Content-Type: application/octet-stream',
    'Content-Transfer-Encoding: base64',
    'Content-Disposition: attachment; filename="figures.bin"',
    '',
    attachment,
    '--=m--',
  ].join('\r\n');
  return rest + endOfData;
}

/** The rest of a message with one attachment of random bytes. */
export function attachmentMailRest(bytes: Buffer): Buffer {
  const head = [
    'Content-Type: multipart/mixed; boundary="=m"',
    '',
    '--=m',
    'Content-Type: text/plain; charset=utf-8',
    '',
    'The file is attached.',
    '--=m',
    'Content-Type: application/octet-stream',
    'Content-Transfer-Encoding: base64',
    'Content-Disposition: attachment; filename="large.bin"',
    '',
    '',
  ].join('\r\n');
  return Buffer.concat([Buffer.from(head), Buffer.from(base64Lines(bytes), 'latin1'), Buffer.from(`\r\n--=m--${endOfData}`)]);
}
