import { createTransport } from 'nodemailer';
import type Mail from 'nodemailer/lib/mailer/index.js';
import type { Account } from './signet.ts';

/** Sends a message to the gateway as a mail program would. @returns the gateway's answer. */
export async function sendMail({ smtp }: Account, message: Mail.Options): Promise<string> {
  const transport = createTransport({
    host: smtp.host,
    port: smtp.port,
    ignoreTLS: true,
    auth: { user: smtp.username, pass: smtp.password },
  });
  try {
    const { response } = await transport.sendMail(message);
    return response;
  } finally {
    transport.close();
  }
}
