import { configurationRoutes } from '@signet/api-contract/configuration';
import { noun, verb } from '../command.ts';
import { openSession } from '../connection.ts';
import { writeJson, writeTable } from '../output.ts';

export const storageCommand = noun('storage', 'the content that is stored, and until when');

verb(storageCommand, 'forecast', 'how much content is stored, when it expires, and what will be freed')
  .option('--erase-after-days <days>', 'what is erased at once if content is erased so many days after its expiry', Number)
  .action(async ({ eraseAfterDays, ...options }) => {
    const session = openSession(options);
    const found = await session.client.call(configurationRoutes.getStorageForecast, { query: { eraseAfterDays } });
    if (session.json) return writeJson(found);
    const rows = [
      { what: 'stored', ...found.stored },
      { what: 'never expires', ...found.withoutExpiry },
      { what: 'can be erased', ...found.erasable },
      ...found.expiring.map(({ month, ...stored }) => ({ what: `expires in ${month}`, ...stored })),
      ...found.freed.map(({ month, ...stored }) => ({ what: `freed in ${month}`, ...stored })),
    ];
    const columns = [
      { head: 'Content', value: ({ what }: Row) => what },
      { head: 'Messages', value: ({ messages }: Row) => messages },
      { head: 'Bytes', value: ({ bytes }: Row) => bytes },
    ];
    await writeTable(columns, rows);
  });

interface Row {
  readonly what: string;
  readonly messages: number;
  readonly bytes: number;
}
