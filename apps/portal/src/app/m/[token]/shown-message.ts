import type { OpenedMessage } from '@signet/api-contract/recipient';
import { sizeText } from '../../../components/size-text.ts';
import type { ShownMessage } from './step.ts';

/** What the message's page needs of an opened message, and nothing else. */
export function shownMessage(message: OpenedMessage, locale: string): ShownMessage {
  const { subject, sender, from, to, cc, date, expiresAt, originalOnly } = message;
  return {
    subject,
    from: from ?? sender,
    to,
    cc,
    date,
    expiresAt,
    originalOnly,
    attachments: message.attachments.map(({ index, name, size }) => ({ index, name, size: sizeText(size, locale) })),
  };
}
