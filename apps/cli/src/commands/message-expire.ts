import { Option } from '@commander-js/extra-typings';
import type { Command } from '@commander-js/extra-typings';
import { messageRoutes } from '@signet/api-contract/messages';
import { TIME_HELP, timeOf, verb } from '../command.ts';
import { confirm } from '../confirm.ts';
import { openSession } from '../connection.ts';
import { UsageError } from '../failure.ts';
import { writeJson } from '../output.ts';
import { writeMessage } from './message-view.ts';

/** A time that has passed, by any clock: the API takes it for now. */
const PASSED = new Date(0).toISOString();

/** `message expire`: when a message ends for its recipients. */
export function addExpireVerb(messageCommand: Command): void {
  verb(messageCommand, 'expire', 'change when a message expires: from that instant nobody gets content of it')
    .argument('<message>', 'id or Message-ID')
    .addOption(new Option('--at <time>', `${TIME_HELP}; at most 730 days after it was accepted`).argParser(timeOf))
    .addOption(new Option('--now', 'end it at once').conflicts('at'))
    .addOption(new Option('--never', 'let it be read for as long as it is stored').conflicts(['at', 'now']))
    .option('--reason <text>', 'goes into the records')
    .option('--yes', 'do not ask')
    .action(async (message, { at, now, never, reason, yes, ...options }) => {
      if (at === undefined && !now && !never) throw new UsageError('Say when it is to expire: --at <time>, --now or --never.');
      const session = openSession(options);
      const ends = now === true || (at !== undefined && Date.parse(at) <= Date.now());
      if (ends) {
        // It could be put off again, but for what the organization’s settings do with expired content.
        await confirm({ yes, reversible: false }, async () => {
          const { subject, messageId, sender, acceptedAt, recipients } = await session.client.call(messageRoutes.getMessage, {
            params: { message },
          });
          return [
            `End “${subject || messageId}” of ${sender}, accepted ${acceptedAt}, for ${recipients.length} recipients.`,
            'From now on none of them gets content of it. It can be put off again until its content is erased, as the organization’s settings say.',
          ];
        });
      }
      const expiresAt = never ? null : now ? PASSED : (at ?? null);
      const changed = await session.client.call(messageRoutes.changeMessage, { params: { message }, body: { expiresAt, reason } });
      await (session.json ? writeJson(changed) : writeMessage(changed));
    });
}
