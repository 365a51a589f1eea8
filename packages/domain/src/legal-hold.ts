/** What a legal hold keeps. `message`: one message. `address`: all of a sender's or recipient's. `organization`: everything, in a span of time. */
export const holdKinds = ['message', 'address', 'organization'] as const;
export type HoldKind = (typeof holdKinds)[number];

/** Holds of an organization that may hold at a time: each is asked of every entry that is to be removed. */
export const HOLD_LIMIT = 200;
