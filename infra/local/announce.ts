import { join } from 'node:path';
import { writePrivate } from './home.ts';
import type { System } from './system.ts';

/** Writes local.json (mode 0600), then says that everything is there, and how to send a first message. */
export function announce(system: System, home: string, say: (line: string) => void): void {
  const { portalUrl, apiUrl, mailboxUrl, acme, globex } = system;
  const file = join(home, 'local.json');
  writePrivate(file, { portalUrl, apiUrl, mailboxUrl, ...acme, other: globex });

  const sender = `alice@${acme.organizationDomain}`;
  for (const line of [
    '',
    'Signet is ready',
    '',
    `  Portal    ${portalUrl}/admin   (${acme.admin.email}, ${acme.admin.password})`,
    `  API       ${apiUrl}/docs`,
    ...(mailboxUrl === undefined ? [] : [`  Mailbox   ${mailboxUrl}   (all mail that Signet sends; a sample is there)`]),
    `  Gateway   smtp://${acme.smtp.host}:${acme.smtp.port}`,
    `  All credentials: ${file}`,
    '',
    'Send a first message:',
    '',
    `  printf 'From: ${sender}\\nTo: bob@example.net\\nSubject: Hello\\n\\nFor your eyes only.\\n' | curl --crlf -T - \\`,
    `    --url smtp://${acme.smtp.host}:${acme.smtp.port} --user '${acme.smtp.username}:${acme.smtp.password}' \\`,
    `    --mail-from ${sender} --mail-rcpt bob@example.net`,
    '',
    'Ctrl-C stops all of it.',
  ]) {
    say(line);
  }
}
