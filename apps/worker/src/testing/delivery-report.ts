import { simpleParser } from 'mailparser';

/** A delivery report, taken apart: its type, what machines read, what it shows of the message's header, and the mail as a whole. */
export async function deliveryReport(raw: string) {
  const mail = await simpleParser(raw);
  const boundary = /boundary="([^"]+)"/.exec(raw)?.[1] ?? '';
  const partOf = (type: string) => {
    const part = raw.split(`--${boundary}`).find((each) => each.includes(`Content-Type: ${type}`)) ?? '';
    return part.slice(part.indexOf('\r\n\r\n') + 4);
  };
  const [type = ''] = /^Content-Type: multipart\/report;[^\n]*\n?[^\n]*/m.exec(raw) ?? [];
  return {
    mail,
    type: type
      .replace('Content-Type: ', '')
      .replaceAll(/\s+/g, ' ')
      .replace(/; boundary=.*/, ''),
    status: partOf('message/delivery-status').replaceAll('\r\n', '\n'),
    about: partOf('text/rfc822-headers').trimEnd().concat('\r\n'),
  };
}
