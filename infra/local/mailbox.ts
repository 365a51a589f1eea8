/**
 * The demo's mailbox, a process of its own: catches all mail that Signet sends, in memory, and shows it on a page.
 *
 * Arguments: the SMTP port and the web port, both on 127.0.0.1.
 */
import { MailDev } from 'maildev';

const [smtp, web] = process.argv.slice(2).map(Number);
if (smtp === undefined || web === undefined) throw new Error('Usage: mailbox.ts <SMTP port> <web port>');

// Silent: its log would name every passcode's subject.
const mailbox = new MailDev({ smtp, ip: '127.0.0.1', web, webIp: '127.0.0.1', maxEmails: 10_000, silent: true });
const { api } = await mailbox.start();
// maildev's third version moved its REST API under /api; programs that read mail know it as `GET /email`.
api?.server.server.prependListener('request', (request) => {
  if (request.url !== undefined && /^\/email(?=[/?]|$)/.test(request.url)) request.url = `/api${request.url}`;
});

const stop = () => void mailbox.stop().then(() => process.exit(0));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
