import { readFileSync } from 'node:fs';
import { createTransport } from 'nodemailer';
import { fieldOf, textOf } from './home.ts';

/** How to act for one demo organization. */
export interface DemoOrganization {
  readonly smtp: { readonly host: string; readonly port: number; readonly username: string; readonly password: string };
  readonly apiKey: string;
  readonly admin: { readonly email: string; readonly password: string };
  readonly organizationDomain: string;
}

/**
 * Reads what the seed command wrote.
 * @throws Error when the file is not there or not whole
 */
export function readSeed(file: string, gatewayPort: number): { acme: DemoOrganization; globex: DemoOrganization } {
  try {
    const seed: unknown = JSON.parse(readFileSync(file, 'utf8'));
    const organization = (name: string): DemoOrganization => {
      const found = fieldOf(seed, name);
      const smtp = fieldOf(found, 'smtp');
      const admin = fieldOf(found, 'admin');
      return {
        smtp: { host: '127.0.0.1', port: gatewayPort, username: textOf(smtp, 'username'), password: textOf(smtp, 'password') },
        apiKey: textOf(found, 'apiKey'),
        admin: { email: textOf(admin, 'email'), password: textOf(admin, 'password') },
        organizationDomain: textOf(found, 'organizationDomain'),
      };
    };
    return { acme: organization('acme'), globex: organization('globex') };
  } catch (error) {
    throw new Error(`The demo's credentials in ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

/** Sends the first message of a new installation through the gateway, as a mail program would. */
export async function sendSampleMessage({ smtp, organizationDomain }: DemoOrganization): Promise<void> {
  const transport = createTransport({
    host: smtp.host,
    port: smtp.port,
    ignoreTLS: true,
    socketTimeout: 20_000,
    auth: { user: smtp.username, pass: smtp.password },
  });
  await transport.sendMail({
    from: `Alice Archer <alice@${organizationDomain}>`,
    to: 'Bob Baker <bob@example.net>',
    subject: 'Offer for the new office',
    text: 'Dear Bob,\n\nhere is our offer. It is meant for you alone, and I see when you open it.\n\nAlice\n',
    html: '<p>Dear Bob,</p><p>here is our offer. It is meant <strong>for you alone</strong>, and I see when you open it.</p><p>Alice</p>',
    attachments: [{ filename: 'offer.txt', content: 'Twelve desks, twelve chairs, one plant.\n' }],
  });
  transport.close();
}
