import MimeNode from 'nodemailer/lib/mime-node';
import type { MailReport, OutgoingMail } from './next-hop.ts';

/** The bytes of a mail that is a report (RFC 6522): its text and HTML, the delivery status, and the header of what it is about. */
export function reportMime(mail: OutgoingMail, { status, about }: MailReport): Promise<Buffer> {
  const root = new MimeNode('multipart/report; report-type=delivery-status', { disableFileAccess: true, disableUrlAccess: true });
  root.addHeader({ ...mail.headers });
  root.setHeader('From', { name: '', address: mail.from });
  root.setHeader('To', { name: '', address: mail.to });
  root.setHeader('Subject', mail.subject);
  root.setHeader('Message-ID', mail.messageId);
  const words = root.createChild('multipart/alternative');
  words.createChild('text/plain; charset=utf-8').setContent(mail.text);
  words.createChild('text/html; charset=utf-8').setContent(mail.html);
  root.createChild('message/delivery-status').setContent(status);
  // Of a node that is no root the library writes the fields that it was given, and no others.
  const header = new MimeNode(false, { rootNode: root });
  header.addHeader({ ...about });
  root.createChild('text/rfc822-headers').setContent(`${header.buildHeaders()}\r\n`);
  return root.build();
}
