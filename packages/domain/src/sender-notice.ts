import { z } from 'zod';

/**
 * What a sender is told of by mail. `accepted`: a message of theirs is on its way. The others are facts of one recipient:
 * opened for the first time, not opened after so many days, mail given up, expired without having been opened, tried to
 * open after it was taken back.
 */
export const senderNoticeKind = z.enum(['accepted', 'firstOpening', 'unread', 'bounced', 'expiredUnread', 'refusedAfterRevocation']);
export type SenderNoticeKind = z.infer<typeof senderNoticeKind>;

export const senderFactKind = senderNoticeKind.exclude(['accepted']);
export type SenderFactKind = z.infer<typeof senderFactKind>;

/** The organization's setting of each kind; `unread` is a number of days, null for never. */
export const noticeSettings = {
  accepted: 'notifySenders',
  firstOpening: 'notifyFirstOpening',
  unread: 'notifyUnreadAfterDays',
  bounced: 'notifyBounced',
  expiredUnread: 'notifyExpiredUnread',
  refusedAfterRevocation: 'notifyRefusedAfterRevocation',
} as const satisfies Record<SenderNoticeKind, string>;

/** Days after which a sender can be told that a message was not opened. */
export const unreadDays = { min: 1, max: 90 } as const;
