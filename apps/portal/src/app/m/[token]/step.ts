import type { OpenedMessage } from '@signet/api-contract/recipient';

/** An attachment as listed; `size` in words. */
export interface ListedAttachment {
  readonly index: number;
  readonly name: string;
  readonly size: string;
}

/** A message as its page shows it. */
export type ShownMessage = Pick<OpenedMessage, 'subject' | 'to' | 'cc' | 'date' | 'expiresAt' | 'originalOnly'> & {
  readonly from: string;
  readonly attachments: readonly ListedAttachment[];
};

/** Where a recipient stands on the way to the message. All texts are ready to be shown. */
export type Step =
  /** Nothing asked for yet. */
  | { readonly at: 'start'; readonly error?: string; readonly notice?: string; readonly wait?: number }
  /** A passcode is on its way. `wait`: seconds until another may be asked for; `error` belongs to the box. */
  | {
      readonly at: 'passcode';
      readonly reference: string;
      readonly expiresAt: string;
      readonly wait: number;
      readonly error?: string;
      /** What was typed, where it opened nothing: it stays in the box, to be mended. */
      readonly typed?: string;
      /** What stands against another passcode. */
      readonly resendError?: string;
      readonly notice?: string;
      /** Whether this passcode can still open anything. */
      readonly over?: boolean;
    }
  /** Signed in, and not opened by this page yet. */
  | { readonly at: 'closed'; readonly error?: string }
  | { readonly at: 'open'; readonly accessId: string; readonly message: ShownMessage }
  /** The link gives nothing any more: its page, loaded again, says why. */
  | { readonly at: 'refused' };

/** What a form asks for; the value of its field `intent`. */
export const intents = ['requestPasscode', 'signIn', 'open', 'signOut'] as const;
