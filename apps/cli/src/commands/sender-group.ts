import { senderGroupRoutes } from '@signet/api-contract/sender-groups';
import { noun, verb } from '../command.ts';
import { confirm } from '../confirm.ts';
import { openSession } from '../connection.ts';
import { UsageError } from '../failure.ts';
import { fileIn } from '../file-in.ts';
import { note, numberOf, writeFields, writeJson, writeTable } from '../output.ts';
import type { Column } from '../table.ts';

const columns: readonly Column<{ readonly name: string; readonly addressCount: number }>[] = [
  { head: 'Name', value: ({ name }) => name },
  { head: 'Addresses', value: ({ addressCount }) => addressCount },
];

export const senderGroupCommand = noun('sender-group', 'groups of senders that mail rules ask about');

verb(senderGroupCommand, 'list', 'the sender groups, with how many addresses each has').action(async (options) => {
  const session = openSession(options);
  const found = await session.client.call(senderGroupRoutes.listSenderGroups);
  await (session.json ? writeJson(found) : writeTable(columns, found.items));
});

verb(senderGroupCommand, 'show', 'the addresses of a sender group')
  .argument('<name>')
  .action(async (name, options) => {
    const session = openSession(options);
    const found = await session.client.call(senderGroupRoutes.getSenderGroup, { params: { name } });
    if (session.json) return writeJson(found);
    await writeFields([['Name', found.name], ...found.addresses.map((address): [string, unknown] => ['Address', address])]);
  });

verb(senderGroupCommand, 'set', 'make a sender group, or give it other addresses in place of those before')
  .argument('<name>')
  .argument('[address...]')
  .option('--csv <file>', 'a CSV file with them, in its column address, email or PrimarySmtpAddress, or the first; - for standard input')
  .action(async (name, addresses, { csv, ...options }) => {
    if ((csv === undefined) === (addresses.length === 0)) throw new UsageError('Say the addresses, or --csv and a file.');
    const session = openSession(options);
    const params = { name };
    const request = csv === undefined ? { params, body: { addresses } } : { params, rawBody: new Uint8Array(fileIn(csv)) };
    const made = await session.client.call(senderGroupRoutes.putSenderGroup, request);
    if (session.json) return writeJson(made);
    note(`The sender group ${made.name} has ${numberOf(made.addresses.length, 'address', 'addresses')} now.`);
  });

verb(senderGroupCommand, 'remove', 'remove a sender group that no rule asks about')
  .argument('<name>')
  .option('--yes', 'do not ask')
  .action(async (name, { yes, ...options }) => {
    const session = openSession(options);
    const params = { name };
    await confirm({ yes, reversible: false }, async () => {
      const found = await session.client.call(senderGroupRoutes.getSenderGroup, { params });
      return [`Remove the sender group ${found.name} and its addresses (${found.addresses.length}). This cannot be undone.`];
    });
    await session.client.call(senderGroupRoutes.removeSenderGroup, { params });
    note(`Removed the sender group ${name}.`);
  });
