import type { Command } from '@commander-js/extra-typings';
import { messageRoutes } from '@signet/api-contract/messages';
import type { AcceptedMessage } from '@signet/api-contract/messages';
import { collect, verb } from '../command.ts';
import { openSession } from '../connection.ts';
import { fileIn } from '../file-in.ts';
import { note, writeFields, writeJson, writeTable } from '../output.ts';
import type { Column } from '../table.ts';

const columns: readonly Column<AcceptedMessage['recipients'][number]>[] = [
  { head: 'Recipient', value: ({ address }) => address },
  { head: 'Delivery', value: ({ deliveryState }) => deliveryState },
  { head: 'Unencrypted', value: ({ unwrapped }) => unwrapped },
];

/** `message submit`: hands a mail in as a mail system would, with its envelope. */
export function addSubmitVerb(messageCommand: Command): void {
  verb(messageCommand, 'submit', 'hand a mail in: it is stored encrypted, and its recipients get the mail with the link')
    .argument('<file>', 'the mail as it is (RFC 5322), as programs save it in a file .eml; - for standard input')
    .requiredOption('--sender <address>', 'who sends it: of one of the organization’s domains')
    .requiredOption('--recipient <address>', 'who gets it, whatever its header says; may be repeated', collect)
    .option('--idempotency-key <key>', 'a name for this act: under the same one the same mail is taken once, however often it is tried')
    .action(async (file, { sender, recipient, idempotencyKey, ...options }) => {
      const session = openSession(options);
      const accepted = await session.client.call(messageRoutes.submitMessage, {
        query: { sender, recipient },
        ...(idempotencyKey === undefined ? {} : { headers: { 'idempotency-key': idempotencyKey } }),
        rawBody: fileIn(file),
      });
      if (session.json) return writeJson(accepted);
      if (accepted.duplicate) note('The same mail had been handed in before: who had not been among its recipients is now.');
      await writeFields([
        ['Message-ID', accepted.messageId],
        ['Id', accepted.id],
        ['Template', accepted.template],
        ['Accepted', accepted.acceptedAt],
        ['Size', accepted.size],
      ]);
      await writeTable(columns, accepted.recipients);
    });
}
