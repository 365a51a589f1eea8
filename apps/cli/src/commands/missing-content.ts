import { outboxRoutes } from '@signet/api-contract/outbox';
import { listing, noun, verb } from '../command.ts';
import { openSession } from '../connection.ts';
import { note, writeJson } from '../output.ts';
import { writePages } from '../pages.ts';

export const missingContentCommand = noun('missing-content', 'messages whose stored content is not where it was stored');

listing(missingContentCommand, 'list', 'the messages whose content is missing, the latest message first').action(
  async ({ json, config, limit, cursor, all }) => {
    const session = openSession({ json, config });
    const columns = [
      { head: 'Missing since', value: ({ missingSince }: Missing) => missingSince },
      { head: 'Subject', value: ({ message }: Missing) => message.subject },
      { head: 'Sender', value: ({ message }: Missing) => message.sender },
      { head: 'Message-ID', value: ({ message }: Missing) => message.messageId },
      { head: 'Id', value: ({ message }: Missing) => message.id },
    ];
    await writePages(session, { limit, cursor, all, largestPage: 500 }, columns, (page) =>
      session.client.call(outboxRoutes.listMissingContent, { query: page }),
    );
  },
);

verb(missingContentCommand, 'check', 'look now for content that was missing: what is there again, and whole, is no longer listed')
  .option('--cursor <cursor>', 'where a look ended, to go on from there')
  .action(async ({ cursor, ...options }) => {
    const session = openSession(options);
    const found = await session.client.call(outboxRoutes.checkMissingContent, { query: { cursor } });
    if (session.json) return writeJson(found);
    note(`${found.found} are there again; ${found.missing} are missing.`);
    if (found.nextCursor !== null) note(`There is more to look for: --cursor ${found.nextCursor}`);
  });

interface Missing {
  readonly missingSince: string;
  readonly message: { readonly id: string; readonly messageId: string; readonly subject: string | null; readonly sender: string };
}
