import { smtpCredentialRoutes } from '@signet/api-contract/smtp-credentials';
import type { SmtpCredential } from '@signet/api-contract/smtp-credentials';
import { noun, verb } from '../command.ts';
import { confirm } from '../confirm.ts';
import { openSession } from '../connection.ts';
import { note, writeFields, writeJson, writeTable } from '../output.ts';
import type { Column } from '../table.ts';

const columns: readonly Column<SmtpCredential>[] = [
  { head: 'Name', value: (credential) => credential.name },
  { head: 'Username', value: (credential) => credential.username },
  { head: 'Created', value: (credential) => credential.createdAt },
  { head: 'By', value: (credential) => credential.createdBy },
  { head: 'Last used', value: (credential) => credential.lastUsedAt },
  { head: 'Revoked', value: (credential) => credential.revokedAt },
  { head: 'Id', value: (credential) => credential.id },
];

export const credentialCommand = noun('credential', 'SMTP credentials: what mail programs hand mail in with');

verb(credentialCommand, 'list', 'the SMTP credentials, without their passwords').action(async (options) => {
  const session = openSession(options);
  const found = await session.client.call(smtpCredentialRoutes.listSmtpCredentials);
  await (session.json ? writeJson(found) : writeTable(columns, found.items));
});

verb(credentialCommand, 'create', 'make an SMTP credential; its password is written this once, on stdout')
  .argument('<name>')
  .action(async (name, options) => {
    const session = openSession(options);
    const made = await session.client.call(smtpCredentialRoutes.createSmtpCredential, { body: { name } });
    if (session.json) return writeJson(made);
    note(`Made the SMTP credential ${made.name} (${made.id}). Its password is shown this once:`);
    await writeFields([
      ['Username', made.username],
      ['Password', made.password],
    ]);
  });

verb(credentialCommand, 'revoke', 'end an SMTP credential: the gateway takes no more mail with it')
  .argument('<id>')
  .option('--yes', 'do not ask')
  .action(async (id, { yes, ...options }) => {
    const session = openSession(options);
    await confirm({ yes, reversible: false }, async () => {
      const { items } = await session.client.call(smtpCredentialRoutes.listSmtpCredentials);
      const name = items.find((one) => one.id === id)?.name ?? id;
      return [`Revoke the SMTP credential ${name}. What hands mail in with it is refused at once. This cannot be undone.`];
    });
    await session.client.call(smtpCredentialRoutes.revokeSmtpCredential, { params: { id } });
    note(`Revoked the SMTP credential ${id}.`);
  });
