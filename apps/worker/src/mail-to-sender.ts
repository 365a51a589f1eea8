import type { KeyObject } from 'node:crypto';
import type { OutboxRow } from '@signet/db/outbox';
import { LOOP_HEADER_NAME, makeLoopHeader } from '@signet/domain/loop-header';
import { passcodeSender } from './mail-identity.ts';
import type { OutgoingMail } from './next-hop.ts';

/** A machine's mail to a message's sender: nobody answers it, and nobody is told where it cannot be delivered (RFC 3834, 3.3). */
export function mailToSender(
  { row, messageUid, sender }: { readonly row: OutboxRow; readonly messageUid: string; readonly sender: string },
  messageId: string,
  rendered: Pick<OutgoingMail, 'subject' | 'html' | 'text'>,
  loopKey: KeyObject,
): OutgoingMail {
  return {
    ...rendered,
    organizationId: row.organizationId,
    messageId,
    from: passcodeSender(sender),
    envelopeSender: null,
    to: sender,
    headers: {
      'Auto-Submitted': 'auto-generated',
      // It went to no recipient: the message stands for both.
      [LOOP_HEADER_NAME]: makeLoopHeader(loopKey, { messageUid, recipientId: messageUid }),
    },
  };
}
