import { Option } from '@commander-js/extra-typings';
import { apiKeyRoutes } from '@signet/api-contract/api-keys';
import type { ApiKey } from '@signet/api-contract/api-keys';
import { permissions } from '@signet/domain/role';
import { noun, verb } from '../command.ts';
import { confirm } from '../confirm.ts';
import { openSession } from '../connection.ts';
import { note, write, writeJson, writeTable } from '../output.ts';
import type { Column } from '../table.ts';

const columns: readonly Column<ApiKey>[] = [
  { head: 'Name', value: (key) => key.name },
  { head: 'Hint', value: (key) => key.hint },
  { head: 'Scopes', value: (key) => key.scopes },
  { head: 'Created', value: (key) => key.createdAt },
  { head: 'By', value: (key) => key.createdBy },
  { head: 'Last used', value: (key) => key.lastUsedAt },
  { head: 'Revoked', value: (key) => key.revokedAt },
  { head: 'Id', value: (key) => key.id },
];

export const keyCommand = noun('key', 'API keys');

verb(keyCommand, 'list', 'the API keys, without their secrets').action(async (options) => {
  const session = openSession(options);
  const found = await session.client.call(apiKeyRoutes.listApiKeys);
  await (session.json ? writeJson(found) : writeTable(columns, found.items));
});

verb(keyCommand, 'create', 'make an API key; its secret is written this once, alone on stdout')
  .argument('<name>')
  .addOption(new Option('--scope <scope...>', 'what it may do').choices(permissions).makeOptionMandatory())
  .action(async (name, { scope: scopes, ...options }) => {
    const session = openSession(options);
    const { secret, ...key } = await session.client.call(apiKeyRoutes.createApiKey, { body: { name, scopes } });
    if (session.json) return writeJson({ ...key, secret });
    note(`Made the API key ${key.name} (${key.id}). Its secret is shown this once:`);
    await write(`${secret}\n`);
  });

verb(keyCommand, 'revoke', 'end an API key: the next request with it is refused')
  .argument('<id>')
  .option('--yes', 'do not ask')
  .action(async (id, { yes, ...options }) => {
    const session = openSession(options);
    await confirm({ yes, reversible: false }, async () => {
      const { items } = await session.client.call(apiKeyRoutes.listApiKeys);
      const key = items.find((one) => one.id === id);
      return [
        `Revoke the API key ${key === undefined ? id : `${key.name} (${key.hint})`}. What uses it stops at once. This cannot be undone.`,
      ];
    });
    await session.client.call(apiKeyRoutes.revokeApiKey, { params: { id } });
    note(`Revoked the API key ${id}.`);
  });
