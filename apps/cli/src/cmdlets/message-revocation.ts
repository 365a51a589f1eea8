import { messageRoutes } from '@signet/api-contract/messages';
import { write, writeJson } from '../output.ts';
import { printable } from '../printable.ts';
import { defineCmdlet } from './cmdlet.ts';
import { formatList } from './power-shell-format.ts';

const messageId = { type: 'String', mandatory: true, positional: true } as const;

export const getOmeMessageStatus = defineCmdlet({
  name: 'Get-OMEMessageStatus',
  summary: 'whether a message can be revoked, and is',
  changes: false,
  parameters: { MessageId: messageId },
  refused: {},
  async run({ MessageId: message }, { client, json }) {
    const found = await client.call(messageRoutes.getMessage, { params: { message } });
    if (json) return writeJson(found);
    return write(
      formatList([
        [
          ['Subject', found.subject],
          ['IsRevocable', found.isRevocable],
          ['Revoked', found.revoked],
        ],
      ]),
    );
  },
});

export const setOmeMessageRevocation = defineCmdlet({
  name: 'Set-OMEMessageRevocation',
  summary: 'revoke a message, or take its revocation back',
  changes: true,
  parameters: { MessageId: messageId, Revoke: { type: 'Boolean', mandatory: true } },
  refused: {},
  async run({ MessageId: message, Revoke: revoke }, run) {
    if (!(await run.proceed(`${revoke ? 'Revoking' : 'Restoring'} the message “${message}”`))) return;
    const route = revoke ? messageRoutes.revokeMessage : messageRoutes.restoreMessage;
    const changed = await run.client.call(route, { params: { message } });
    if (run.json) return writeJson(changed);
    for (const { subject, messageId: id } of 'items' in changed ? changed.items : [changed]) {
      const named = subject === null || subject === '' ? '' : `the subject “${subject}” and `;
      await write(`${printable(`The message with ${named}Message-ID “${id}” was ${revoke ? 'revoked' : 'restored'}.`)}\n`);
    }
  },
});
