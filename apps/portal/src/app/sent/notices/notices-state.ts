import type { SenderNoticeKind } from '@signet/domain/sender-notice';

/** What the form of the notices shows. */
export interface NoticesState {
  readonly wanted: Readonly<Record<SenderNoticeKind, boolean>>;
  /** How often it was sent: its boxes begin anew with each time. */
  readonly turn: number;
  /** What came of the last time. */
  readonly said?: 'saved' | 'signedOut' | 'notOffered' | 'away';
}
